// Follows the schedule of each outcome again, before it is reported.
#pragma once

#include <braid/explore.hpp>
#include <string>
#include <vector>

#include "trace/outcomes.hpp"

namespace braid {

enum class check_result : std::uint8_t {
  left_out,  // after an interrupt there is not time for all
  another_trace,
  reproduced,
};

struct checked_outcome {
  check_result what = check_result::left_out;
  std::uint32_t steps = 0;  // of the execution that followed the schedule
  std::string hung = {};    // as in reported_outcome
  std::vector<finding> explained = {};
  std::vector<foreign_unlock> foreign_unlocks = {};
};

// In the order of the outcomes. Where executions run in worker processes, as many as for the search
// follow many schedules each, and another one takes the place of one that crashed.
std::vector<checked_outcome> follow_again(const program& explored, const explore_options& options,
                                          const std::vector<const outcome*>& outcomes);

}  // namespace braid
