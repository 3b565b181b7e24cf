// The command that shows an execution again; see replay_line.hpp.
#include "cli/replay_line.hpp"

#include <algorithm>

#include "cli/options.hpp"
#include "report/text.hpp"
#include "trace/option_names.hpp"

namespace braid::cli {
namespace {

std::string file_name = "braid";
std::string called_as = "braid";

bool has_option(command c, std::string_view name) {
  return std::any_of(options().begin(), options().end(),
                     [&](const option& o) { return o.belongs_to(c) && o.name == name; });
}

// What executions depend on, as far as the command has it.
std::string options_for(command c, const explore_options& o) {
  std::string line;
  for (const named_option& n : changed_options(options_of(o))) {
    if (!has_option(c, n.name)) continue;
    line += " --" + std::string(n.name);
    if (n.value) line += " " + shell_word(*n.value);
  }
  return line;
}

}  // namespace

void set_own_name(const char* argv0) {
  const std::string path = argv0 == nullptr ? "" : argv0;
  const std::string file = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
  if (file.empty()) return;
  file_name = file;
  called_as = path.front() == '/' ? file : path;
}

const std::string& own_name() { return file_name; }

std::string help_command() { return shell_word(called_as) + " help"; }

std::string replay_command(const std::string& program, const settings& asked) {
  const std::string options = options_for(command::replay, asked.search);
  return shell_word(called_as) + " replay" + options + " " + shell_word(program);
}

std::string check_command(const std::string& program, const settings& asked) {
  std::string line = shell_word(called_as) + " check" + options_for(command::check, asked.search);
  if (asked.search.timers == timer_mode::free) line += " --timers free";
  return line + " " + shell_word(program);
}

}  // namespace braid::cli
