// The token of an execution by its number: everything that a sampled run is a function of.
//
//   rrandom-s1-k4711-free-m20000~k4x2     strategy, seed, run, timer mode, step limit, check
//   rpct:3:90-s1-k17-ordered-m20000~k4x2  with the strategy's parameters
//   rpos-s1-k17-p2-ordered-m20000~k4x2    at most 2 preemptions (d2: 2 delays)
//
// Used where the list of deviations would be long.
#pragma once

#include <braid/explore.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace braid {

struct run_token {
  std::string strategy;
  std::uint64_t seed = 1;
  std::uint64_t run = 0;
  timer_mode timers = timer_mode::ordered;
  std::uint32_t steps_max = 0;
  std::optional<std::uint32_t> preemptions_max = {};
  std::optional<std::uint32_t> delays_max = {};
  std::string check = {};  // empty if it was left out
};

// Without the check.
std::string text_of(const run_token& t);
std::optional<run_token> parse_run_token(std::string_view text);

// True if `text` is a token of either kind.
bool is_token(std::string_view text);

// Longer tokens, with their check, are given by their run number, if their strategy is a function
// of it.
inline constexpr std::size_t token_length_max = 60;

}  // namespace braid
