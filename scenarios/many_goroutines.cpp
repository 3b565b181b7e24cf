// Very many goroutines at once: all are started before any of them may end.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

BRAID_SCENARIO("many-goroutines", "N goroutines wait for one signal, then count themselves",
               {.size = 1000, .expected = {"1000 goroutines\n"}, .exhaustible = false}) {
  auto start = braid::make_chan<int>();
  braid::wait_group all;
  braid::atomic<int> counted = 0;
  for (int i = 0; i < size; ++i) {
    all.add(1);
    braid::go([&, start]() mutable {
      start.recv();
      counted.fetch_add(1);
      all.done();
    });
  }
  start.close();
  all.wait();
  braid::println(counted.load(), "goroutines");
}
