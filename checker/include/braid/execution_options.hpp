// What executions depend on beside their schedules, and what is wrong with them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace braid {

// The part of explore_options that whoever follows a token must have as the search had it. Reports
// and regressions keep it. Timers are not among it: a token says itself when they fire.
struct execution_options {
  std::uint32_t steps_max = 20000;
  bool check_leaks = true;
  bool check_deadlocks = true;
  bool check_races = true;
  bool spurious_try_locks = false;
  bool spurious_wake_ups = false;
  bool warn_foreign_unlocks = false;
  std::vector<std::string> forbid = {};
  std::vector<std::string> allow = {};
};

}  // namespace braid
