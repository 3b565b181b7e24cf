// The frontier of the strategies that draw at random: runs by number, cut into ranges.
//
// Each run is a function of the seed and its number alone, so a range needs no state, and the first
// `until` runs are the same ones however they are cut.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "frontier.hpp"

namespace braid {

// Runs first, first + stride, ... below `until`. It is the job of such a strategy.
struct run_range {
  std::uint64_t first = 0;
  std::uint64_t until = ~std::uint64_t{0};
  std::uint64_t stride = 1;

  bool is_empty() const { return first >= until; }
  std::uint64_t size() const { return is_empty() ? 0 : (until - first - 1) / stride + 1; }
};

nlohmann::json to_value(const run_range& range);
run_range run_range_from_value(const nlohmann::json& value);

// All runs of `whole`, the lowest numbers first.
std::unique_ptr<frontier> make_run_ranges(const run_range& whole);

}  // namespace braid
