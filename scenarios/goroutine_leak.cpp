// A sender whose receiver has gone: it waits for ever.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

BRAID_SCENARIO("goroutine-leak", "a sender from whom nobody receives",
               {.expected = {{"", "leak"}}}) {
  auto results = braid::make_chan<int>();
  braid::go([results]() mutable { results.send(42); });
}
