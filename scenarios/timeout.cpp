// The classic leak: a result that comes too late finds nobody to receive it.
//
// The worker is 100 ms faster than the timeout, so with ordered timers all is well. On a machine
// that stalls the timeout may win, and then the worker waits in its send for ever.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

using namespace std::chrono_literals;

BRAID_SCENARIO("timeout", "a worker of 900 ms against a timeout of 1 s",
               {.expected = {"foo\n"}, .expected_free = {"foo\n", {"timeout\n", "leak"}}}) {
  auto result = braid::make_chan<const char*>();
  braid::go([result]() mutable {
    braid::sleep_for(900ms);
    result.send("foo");
  });
  braid::select{
      braid::on_recv(result, [](const char* value) { braid::println(value); }),
      braid::on_recv(braid::after(1s), [] { braid::println("timeout"); }),
  };
}
