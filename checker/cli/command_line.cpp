// The entry of the command line: finds the command, and turns refusals into exit codes.
#include <array>
#include <braid/main.hpp>
#include <braid/scenario.hpp>
#include <new>
#include <system_error>

#include "cli/commands.hpp"
#include "cli/nearest.hpp"
#include "cli/options.hpp"
#include "cli/refusal.hpp"
#include "cli/replay_line.hpp"
#include "cli/terminal.hpp"
#include "version.hpp"

namespace braid {
namespace {

using namespace cli;

struct entry {
  std::string_view name;
  command which;
  int (*run)(const settings& asked);
};

constexpr std::array entries = {
    entry{"list", command::list, list},
    entry{"explore", command::explore, explore},
    entry{"run", command::run, run},
    entry{"replay", command::replay, replay},
    entry{"shrink", command::shrink, shrink},
    entry{"diff", command::diff, diff},
    entry{"step", command::step, step},
    entry{"show", command::show, show},
    entry{"check", command::check, check},
    entry{"merge", command::merge, merge},
    entry{"completion", command::completion, completion},
};

[[noreturn]] void refuse_command(const std::string& given) {
  std::vector<std::string> names = {"help"};
  for (const entry& e : entries) names.emplace_back(e.name);
  const std::string near = nearest(given, names);
  refuse_usage("unknown command '" + given + "'" +
               (near.empty() ? "" : "; did you mean '" + near + "'?") + " ('help' shows all)");
}

int dispatch(const std::string& name, const std::vector<std::string>& arguments) {
  if (name == "--version") {
    write_out("braid " + std::string(version_of_braid) + "\n");
    return 0;
  }
  if (name == "help" || name == "--help" || name == "-h") {
    return help(arguments.empty() ? "" : arguments[0], {});
  }
  for (const entry& e : entries) {
    if (e.name != name) continue;
    scenarios();  // those that cannot be told apart are refused first
    const settings asked = parse(e.which, name, arguments);
    return asked.help ? help(name, asked) : e.run(asked);
  }
  refuse_command(name);
}

}  // namespace

int command_line(int argc, char** argv) {
  set_own_name(argc > 0 ? argv[0] : nullptr);
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  try {
    if (words.empty()) refuse_usage("no command; 'help' shows them");
    return dispatch(words[0], {words.begin() + 1, words.end()});
  } catch (const refusal& why) {
    if (*why.what() != '\0') complain(why.what());
    return why.code();
  } catch (const unfit_scenario& why) {
    complain(why.what());
    return exit_code::usage;
  } catch (const std::bad_alloc&) {
    complain("out of memory");
  } catch (const std::system_error& why) {
    complain(std::string("the system refuses: ") + why.what());
  } catch (const std::runtime_error& why) {  // worker processes die
    complain(why.what());
  }
  return exit_code::bad_file;
}

}  // namespace braid
