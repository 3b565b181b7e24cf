// Schedules as the command line names them: a token, a regression in one word, or @FILE with either
// a token or a regression.
#pragma once

#include <braid/regression.hpp>
#include <optional>
#include <string>

#include "cli/settings.hpp"

namespace braid::cli {

// A schedule by its steps, or by names.
struct named_schedule {
  std::string token = {};
  std::optional<regression> by_names = {};
  std::string file = {};  // where it was read; empty: it was a word
};

// All that follows throws refusal.
named_schedule read_schedule(const std::string& word, const std::string& program);

// The options that the regression was found with, where none are given; outcomes are then judged by
// its rules.
void take_options(settings& to, const named_schedule& from);

// What does not fit is left out, and said.
replay_result follow_names(const program& p, const regression& by, const explore_options& options);

// The token of a schedule, for which a regression is followed; its options are taken.
std::string token_named(const std::string& word, const program& of, settings& asked);

}  // namespace braid::cli
