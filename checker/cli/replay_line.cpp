// The command that shows an execution again; see replay_line.hpp.
#include "cli/replay_line.hpp"

#include "report/text.hpp"

namespace braid::cli {
namespace {

std::string file_name = "braid";
std::string called_as = "braid";

std::string options_of_executions(const explore_options& o) {
  std::string line;
  if (!o.check_leaks) line += " --no-leak";
  if (!o.check_deadlocks) line += " --no-deadlock";
  if (o.spurious_try_locks) line += " --spurious-try-lock";
  if (o.spurious_wake_ups) line += " --spurious-wakeups";
  if (!o.check_races) line += " --no-race";
  if (o.steps_max != explore_options().steps_max) {
    line += " --max-steps " + std::to_string(o.steps_max);
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
  std::string line = shell_word(called_as) + " replay" + options_of_executions(asked.search);
  if (asked.search.warn_foreign_unlocks) line += " --warn-foreign-unlock";
  return line + " " + shell_word(program);
}

std::string check_command(const std::string& program, const settings& asked) {
  std::string line = shell_word(called_as) + " check" + options_of_executions(asked.search);
  if (asked.search.timers == timer_mode::free) line += " --timers free";
  return line + " " + shell_word(program);
}

}  // namespace braid::cli
