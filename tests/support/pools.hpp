// Running programs on pools, also in children, and goroutines that are known to wait there.
#pragma once

#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <utility>

#include "support/child.hpp"

namespace braid::testing {

// Runs `main` with 1, 2 and 8 workers.
inline void on_pools(double time_scale, const std::function<void()>& main) {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  run(main, {.workers = workers, .time_scale = time_scale});
}

// The same in a child, for a program that ends its process.
inline child_result run_program(unsigned workers, const std::function<void()>& main) {
  return run_in_child([&] { run(main, {.workers = workers}); });
}

// Starts `act` and returns when it waits. REQUIRES: one worker, and that `act` parks at once: then
// main runs again only when it has.
inline void park(std::function<void()> act) {
  atomic<bool> begun = false;
  go([&begun, act = std::move(act)] {
    begun = true;
    act();
  });
  while (!begun) this_goroutine::yield();
}

}  // namespace braid::testing
