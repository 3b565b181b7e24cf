// Goroutines are run by several threads at once: `braid run threads -v` says by how many.
//
// Each goroutine waits until all have started computing; with more than one thread they overlap.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

static int collatz_steps(long n) {
  int steps = 0;
  for (; n != 1; n = n % 2 == 0 ? n / 2 : 3 * n + 1) ++steps;
  return steps;
}

BRAID_SCENARIO("threads", "N goroutines compute, on as many threads as there are",
               {.size = 200, .expected = {"longest: 350 steps\n"}, .exhaustible = false}) {
  auto longest = braid::make_chan<int>(size);
  for (int part = 0; part < size; ++part) {
    braid::go([=]() mutable {
      int most = 0;
      for (long n = part * 500L + 1; n <= (part + 1) * 500L; ++n) {
        most = std::max(most, collatz_steps(n));
      }
      longest.send(most);
    });
  }
  int most = 0;
  for (int part = 0; part < size; ++part) most = std::max(most, longest.recv().value);
  braid::println("longest:", most, "steps");
}
