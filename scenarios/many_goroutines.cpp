// Very many goroutines at once: all wait, each on its own stack, before any of them may end.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

BRAID_SCENARIO("many-goroutines", "N goroutines wait for one signal, then count themselves",
               {.size = 1000, .expected = {"1000 goroutines\n"}, .exhaustible = false}) {
  auto start = braid::make_chan<int>();
  braid::wait_group started;
  braid::wait_group all;
  braid::atomic<int> counted = 0;
  for (int i = 0; i < size; ++i) {
    started.add(1);
    all.add(1);
    braid::go([&, start]() mutable {
      started.done();
      start.recv();
      counted.fetch_add(1);
      all.done();
    });
  }
  started.wait();
  start.close();
  all.wait();
  braid::println(counted.load(), "goroutines");
}
