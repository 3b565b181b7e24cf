// A request times out and nobody is left to receive its result: the worker waits for ever, while
// main serves on. Tools that look for leaks when main has returned never come to it. On a machine
// that stalls the request may begin to wait so late that the result comes first.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

using namespace std::chrono_literals;

BRAID_SCENARIO("leak-while-main-runs", "a worker whose request has timed out, in a server",
               {.expected = {{"", "leak"}},
                .expected_free = {{"", "leak"}, {"", "steps"}},
                .exhaustible = false}) {
  braid::go({.name = "request"}, [] {
    const auto result = braid::named(braid::make_chan<int>(), "result");
    braid::go({.name = "worker"}, [result] {
      braid::sleep_for(2s);
      result.send(42);
    });
    braid::select{
        braid::on_recv(result, [](int) {}),
        braid::on_recv(braid::after(1s), [] {}),
    };
  });
  braid::ticker heartbeat(1s);
  for ([[maybe_unused]] const braid::time_point now : heartbeat.c) {
  }
}
