// The command that shows an execution again; see replay_line.hpp.
#include "cli/replay_line.hpp"

#include "report/text.hpp"

namespace braid::cli {
namespace {

std::string& name() {
  static std::string called = "braid";
  return called;
}

}  // namespace

void set_own_name(const char* argv0) {
  const std::string path = argv0 == nullptr ? "" : argv0;
  const std::string file = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
  if (!file.empty()) name() = file;
}

const std::string& own_name() { return name(); }

std::string replay_command(const std::string& program, const settings& asked) {
  const explore_options defaults;
  std::string line = shell_word(own_name()) + " replay";
  if (!asked.search.check_leaks) line += " --no-leak";
  if (!asked.search.check_deadlocks) line += " --no-deadlock";
  if (asked.search.spurious_try_locks) line += " --spurious-try-lock";
  if (asked.search.spurious_wake_ups) line += " --spurious-wakeups";
  if (!asked.search.check_races) line += " --no-race";
  if (asked.search.warn_foreign_unlocks) line += " --warn-foreign-unlock";
  if (asked.search.steps_max != defaults.steps_max) {
    line += " --max-steps " + std::to_string(asked.search.steps_max);
  }
  return line + " " + shell_word(program);
}

}  // namespace braid::cli
