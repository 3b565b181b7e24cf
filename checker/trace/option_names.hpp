// The options of executions as command lines, results and regressions call them.
#pragma once

#include <braid/explore.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace braid {

execution_options options_of(const explore_options& all);
// Sets what is not as by default in `more`, where `to` is as by default.
void add_options(explore_options& to, const execution_options& more);

struct named_option {
  std::string_view name = {};             // max-steps, without dashes
  std::optional<std::string> value = {};  // none: it is a flag
};

// Those that are not as by default, in one order.
std::vector<named_option> changed_options(const execution_options& of);
// False if there is no such option, or if it has no such value.
bool set_option(execution_options& to, std::string_view name, const std::string& value);

}  // namespace braid
