// One goroutine sends while main closes the channel: a panic if main is faster, and a race on the
// channel in any case.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

BRAID_SCENARIO("send-on-closed", "main closes the channel on which a goroutine sends",
               {.expected = {{"", "race"}, {"", "panic"}}}) {
  auto numbers = braid::make_chan<int>(1);
  braid::go([numbers]() mutable { numbers.send(1); });
  numbers.close();
}
