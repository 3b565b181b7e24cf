// The options of the commands: one table that parsing, the environment and the help share.
//
// A flag on the command line beats the variable BRAID_<NAME>, which is not even read then; that
// beats the default. Abbreviated names are refused: a typo is never guessed.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/settings.hpp"

namespace braid::cli {

enum class command : std::uint16_t {
  list = 1,
  explore = 2,
  run = 4,
  replay = 8,
  merge = 16,
  shrink = 32,
  diff = 64,
  show = 512,
  step = 1024,
  check = 2048,
  completion = 4096,
};

struct option {
  std::string_view section;  // of the help
  std::uint16_t commands;    // those that have it, as bits
  std::string_view name;     // without the dashes
  char letter;               // 0: none
  std::string_view value;    // what its value is called; empty: a flag
  std::string_view help;
  void (*apply)(settings& to, std::string_view value);  // throws bad_value
  bool is_repeatable = false;

  bool belongs_to(command c) const { return (commands & static_cast<std::uint16_t>(c)) != 0; }
};

std::span<const option> options();

// `max-steps` as BRAID_MAX_STEPS.
std::string variable_of(const option& o);

// Reads the environment, then the arguments. Throws refusal.
settings parse(command c, std::string_view name, const std::vector<std::string>& arguments);

}  // namespace braid::cli
