// What the checker's scheduler is told for all executions of a search.
#pragma once

#include <braid/explore.hpp>
#include <braid/scheduler.hpp>
#include <chrono>
#include <cstdint>

namespace braid {

struct lockstep_options {
  timer_mode timers = timer_mode::ordered;
  std::uint32_t steps_max = 20000;        // per execution
  std::uint32_t run_on_steps_max = 1000;  // after the program ended
  bool check_leaks = true;                // without it a leak is no finding
  bool check_deadlocks = true;            // without it a deadlock is no finding
  bool check_races = true;                // without it data races are not looked for
  bool warn_foreign_unlocks = false;
  spurious_behaviour spurious = {};
  // For who watches it from another process: one that does no step for so long is ended.
  std::chrono::nanoseconds hang_after = std::chrono::seconds(5);
};

// Those of a search that was asked for so.
lockstep_options lockstep_of(const explore_options& options);

}  // namespace braid
