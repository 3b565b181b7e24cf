// Waiting as it should be done: three workers, one wait group.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

BRAID_SCENARIO("wait-group", "three workers print their number, main waits for all",
               {.expected = {"1\n2\n3\ndone\n", "1\n3\n2\ndone\n", "2\n1\n3\ndone\n",
                             "2\n3\n1\ndone\n", "3\n1\n2\ndone\n", "3\n2\n1\ndone\n"}}) {
  braid::wait_group workers;
  for (int i = 1; i <= 3; ++i) {
    workers.add(1);
    braid::go([&workers, i] {
      braid::println(i);
      workers.done();
    });
  }
  workers.wait();
  braid::println("done");
}
