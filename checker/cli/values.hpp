// Values of options: numbers, times, outcomes.
//
// Each throws bad_value, whose text says what the value must be.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "cli/settings.hpp"

namespace braid::cli {

class bad_value : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

struct bounds {
  std::uint64_t least = 0;
  std::uint64_t most = ~std::uint64_t{0};
};

// Decimal digits only: no sign, no exponent.
std::uint64_t to_number(std::string_view text, bounds within);
// A decimal number from 0 to `most`.
double to_factor(std::string_view text, double most);
// 500ms, 10s, 1.5m, 2h: more than zero, a year at most.
std::chrono::nanoseconds to_time(std::string_view text);
// The names of the verdicts, with commas.
std::string all_verdicts();
// stdout with C escapes, or @VERDICT; \@ at the start is an @. Its text is one line.
outcome_pattern to_outcome(std::string_view text);
// I/N, as 0/8.
search_shard to_shard(std::string_view text);
// The name of a file: not empty.
std::string to_path(std::string_view text);
// What --as of show takes: one of show_forms.
std::string to_form(std::string_view text);
inline constexpr std::array<std::string_view, 5> show_forms = {"lanes", "html", "perfetto", "dot",
                                                               "json"};
// The same, and not - for stdout.
std::string to_page_path(std::string_view text);
// Of a flag in the environment: 1 or true, 0 or false.
bool to_flag(std::string_view text);
timer_mode to_timer_mode(std::string_view text);
when to_when(std::string_view text);

}  // namespace braid::cli
