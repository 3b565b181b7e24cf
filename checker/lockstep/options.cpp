// What the scheduler is told; see options.hpp.
#include "lockstep/options.hpp"

namespace braid {

lockstep_options lockstep_of(const explore_options& options) {
  return {
      .timers = options.timers,
      .steps_max = options.steps_max,
      .check_leaks = options.check_leaks,
      .check_deadlocks = options.check_deadlocks,
      .check_races = options.check_races,
      .warn_foreign_unlocks = options.warn_foreign_unlocks,
      .spurious = {.try_locks = options.spurious_try_locks, .wake_ups = options.spurious_wake_ups},
      .hang_after = options.hang_after};
}

}  // namespace braid
