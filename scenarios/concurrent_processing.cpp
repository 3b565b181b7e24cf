// Ten goroutines add to one total under a mutex. The order varies, the total does not.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

BRAID_SCENARIO("concurrent-processing", "ten goroutines add under a mutex",
               {.expected = {"total 45\n"}, .exhaustible = false}) {
  braid::mutex guard;
  braid::wait_group workers;
  int total = 0;
  for (int i = 0; i < 10; ++i) {
    workers.add(1);
    braid::go([&, i] {
      {
        const braid::lock_guard held(guard);
        total += i;
      }
      workers.done();
    });
  }
  workers.wait();
  braid::println("total", total);
}
