// The histories of many executions of one program, told in one process where that can be.
#pragma once

#include <braid/explore.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace braid {

struct wanted_history {
  std::string token = {};  // as a report has it
  bool is_alone = false;   // it crashes or may not come back, so it has a process of its own
  std::optional<std::uint32_t> hangs_at = {};  // it was seen to hang after so many steps
};

// Follows each token and gives its history to `told`, in their order. Asks `options.interrupted`
// now and then: when that is true, the rest is not told.
void tell_many(const program& followed, const std::vector<wanted_history>& all,
               const explore_options& options,
               const std::function<void(const std::string& token, history happened)>& told);

}  // namespace braid
