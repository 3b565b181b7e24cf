// braid merge: adds up the results of shards.
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/findings.hpp"
#include "cli/input_file.hpp"
#include "cli/refusal.hpp"
#include "cli/replay_line.hpp"
#include "cli/result_file.hpp"
#include "cli/terminal.hpp"
#include "names.hpp"
#include "report/json.hpp"
#include "report/table.hpp"

namespace braid::cli {
namespace {

// The reports in a file, one a line.
std::vector<report> read_result(const std::string& path) {
  std::vector<report> all;
  for (saved_result& r : read_results_in(path, "explore --shard I/N --json PROGRAM > FILE")) {
    all.push_back(std::move(r.about));
  }
  return all;
}

// The shards of each program, of which there are some in one file.
std::vector<std::vector<report>> by_program(const std::vector<report>& results) {
  std::vector<std::vector<report>> programs;
  for (const report& r : results) {
    const auto same = std::find_if(programs.begin(), programs.end(), [&](const auto& known) {
      return known.front().program == r.program;
    });
    same == programs.end() ? programs.push_back({r}) : same->push_back(r);
  }
  return programs;
}

// The shards of each program, in the order of the first file.
std::vector<std::vector<report>> read_results(const std::vector<std::string>& paths) {
  if (paths.size() == 1) return by_program(read_result(paths.front()));
  std::vector<std::vector<report>> programs;
  for (const std::string& path : paths) {
    const std::vector<report> results = read_result(path);
    if (&path == &paths.front()) programs.resize(results.size());
    if (results.size() != programs.size()) {
      throw refusal(exit_code::bad_file,
                    "'" + path + "' has results of " + std::to_string(results.size()) +
                        " programs, '" + paths.front() + "' of " + std::to_string(programs.size()));
    }
    for (std::size_t i = 0; i < results.size(); ++i) programs[i].push_back(results[i]);
  }
  return programs;
}

void print_text(const report& r, std::size_t shards, bool is_one_of_many, const settings& asked) {
  page p(style_of(asked));
  if (!asked.quiet) {
    const std::string timers = "timers " + std::string(name_of(r.timers));
    p.put(r.program, ink::strong).to(p.column() + 4);
    p.put(r.strategy + ", " + timers + ", " + counted(shards, "shard"), ink::faint);
    p.end_line().end_line();
    write_table(p, r, {.show_all = asked.verbose});
    p.end_line();
    write_findings(p, r, asked.verbose,
                   {.replay_command = replay_command(r.program, with_options_of(r, asked))});
    write_warnings(p, r, asked.verbose);
  }
  asked.quiet ? write_quiet_summary(p, r, is_one_of_many) : write_summary(p, r);
  write_out(p.take());
}

}  // namespace

int merge(const settings& asked) {
  if (asked.words.empty()) refuse_usage("merge needs the RESULT files of the shards");
  int code = 0;
  bool is_first = true;
  const std::vector<std::vector<report>> programs = read_results(asked.words);
  for (const std::vector<report>& shards : programs) {
    report sum;
    try {
      sum = braid::merge(shards);
    } catch (const unfit_shards& why) {
      const std::vector<std::string>& files = asked.words;
      const std::string& file = files[files.size() > 1 ? why.place() : 0];
      throw refusal(exit_code::bad_file, name_of_file(file) + ": " + why.what());
    }
    if (!std::exchange(is_first, false) && !asked.json) write_out("\n");
    asked.json ? write_out(text_of(to_json(sum)) + "\n")
               : print_text(sum, shards.size(), programs.size() > 1, asked);
    const bool is_lacking = asked.require_complete && !sum.complete && sum.exit_code() == 0;
    code = lower_finding(code, is_lacking ? exit_code::incomplete : sum.exit_code());
  }
  return code;
}

}  // namespace braid::cli
