// Files that --json printed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/settings.hpp"
#include "report/json.hpp"

namespace braid::cli {

struct saved_result {
  report about = {};
  histories told = {};  // of the outcomes and findings that have events
};

// One for each line; from stdin if `path` is -. Throws refusal: 128 if it cannot be read, has none
// or is something else; `command` is what writes such a file.
std::vector<saved_result> read_results_in(const std::string& path, std::string_view command);

// What was asked for, with the options of a result where none are given.
settings with_options_of(const report& result, const settings& asked);

}  // namespace braid::cli
