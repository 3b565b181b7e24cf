// Waiting with a channel: the worker says when it is done.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

BRAID_SCENARIO("channel-sync", "a worker reports over a channel that it is done",
               {.expected = {"working...done\n"}}) {
  auto done = braid::make_chan<bool>(1);
  braid::go(
      [](braid::chan<bool> reports) {
        braid::print("working...");
        braid::println("done");
        reports.send(true);
      },
      done);
  done.recv();
}
