// braid replay: follows a schedule and shows its lanes.
#include <braid/regression.hpp>
#include <fstream>
#include <iterator>
#include <sstream>

#include "cli/commands.hpp"
#include "cli/findings.hpp"
#include "cli/misfits.hpp"
#include "cli/places.hpp"
#include "cli/refusal.hpp"
#include "cli/replay_line.hpp"
#include "cli/terminal.hpp"
#include "report/json.hpp"
#include "report/outcome_text.hpp"
#include "report/story.hpp"
#include "trace/run_token.hpp"

namespace braid::cli {
namespace {

std::string trimmed(std::string text) {
  constexpr std::string_view blanks = " \t\r";
  text.erase(text.find_last_not_of(blanks) + 1);
  const std::size_t first = text.find_first_not_of(blanks);
  return first == std::string::npos ? "" : text.substr(first);
}

// A schedule by its steps, or by names.
struct wanted {
  std::string token = {};
  std::optional<regression> by_names = {};
};

// The first line that is neither empty nor a comment.
std::string first_line_in(const std::string& text) {
  std::istringstream in(text);
  std::string line;
  while (std::getline(in, line)) {
    line = trimmed(line);
    if (!line.empty() && line[0] != '#') return line;
  }
  return "";
}

wanted in_file(const std::string& path) {
  std::ifstream in(path);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  try {
    if (is_regression(text)) return {.by_names = parse_regression(text)};
  } catch (const unusable_file& why) {
    throw refusal(exit_code::bad_file, "'" + path + "': " + why.what());
  }
  std::string token = first_line_in(text);
  if (!token.empty()) return {.token = std::move(token)};
  throw refusal(exit_code::bad_file, "no token can be read from '" + path +
                                         "': it must be a file with a token on a line, or a "
                                         "regression");
}

std::string token_of_run(const settings& asked) {
  if (!asked.strategy || *asked.strategy == "auto") {
    refuse_usage("--run needs the --strategy of that run, such as --strategy random");
  }
  return text_of(run_token{.strategy = *asked.strategy,
                           .seed = asked.search.seed,
                           .run = *asked.run_number,
                           .timers = asked.search.timers,
                           .steps_max = asked.search.steps_max,
                           .preemptions_max = asked.search.preemptions_max,
                           .delays_max = asked.search.delays_max});
}

wanted asked_for(const settings& asked) {
  if (asked.words.empty()) refuse_usage("replay needs a PROGRAM and a TOKEN ('list' shows them)");
  if (asked.words.size() > 2) refuse_usage("replay takes one PROGRAM and one TOKEN");
  if (asked.words.size() == 2 && asked.run_number) {
    refuse_usage("replay takes a TOKEN or --run, not both");
  }
  if (asked.run_number) return {.token = token_of_run(asked)};
  if (asked.words.size() == 1) {
    refuse_usage("replay needs a TOKEN, as 'explore' prints it; or --strategy, --seed and --run");
  }
  const std::string& word = asked.words[1];
  if (word.starts_with('@')) return in_file(word.substr(1));
  if (!is_regression_word(word)) return {.token = word};
  return {.by_names = refusing_misfits([&] { return parse_word(word, asked.words[0]); })};
}

// What does not fit is left out, and said.
replay_result follow_names(const program& p, const regression& by, const explore_options& options) {
  if (by.program != p.name) {
    throw refusal(exit_code::unfit,
                  "the regression is of the program '" + by.program + "', not of '" + p.name + "'");
  }
  if (!by.input.empty()) {
    throw refusal(exit_code::unfit, "the regression is of a property: only its test has the input");
  }
  followed_regression came = braid::follow(p, by, options);
  if (came.is_lost()) {
    throw refusal(exit_code::unfit, "nothing of the regression fits: " + came.left_out[0]);
  }
  if (!came.left_out.empty()) {
    const std::size_t more = came.left_out.size() - 1;
    complain("left out: " + came.left_out[0] +
             (more == 0 ? "" : " (and " + std::to_string(more) + " more)"));
  }
  return std::move(came.result);
}

// A token of a run may name one that does not exist.
void check_run(const std::string& token, const replay_result& result) {
  const std::optional<run_token> asked = parse_run_token(token);
  if (!asked) return;
  const std::uint64_t run = result.outcome.outcomes.at(0).run;
  if (run == asked->run) return;
  throw refusal(exit_code::unfit, "there is no run " + std::to_string(asked->run) +
                                      "; the last of --strategy " + asked->strategy + " is " +
                                      std::to_string(run));
}

void check(const std::string& token, const replay_result& result, const settings& asked) {
  check_run(token, result);
  if (!result.unfit.empty() && !asked.lenient) {
    throw refusal(exit_code::unfit, result.unfit + " (--lenient leaves it out)");
  }
  if (!result.unfit.empty()) {
    complain("left out: " + result.unfit);
  } else if (!result.same_trace) {
    complain("all deviations were applied, but the trace is not the one of this token");
  }
}

void print_text(const replay_result& result, const settings& asked) {
  const report& r = result.outcome;
  const reported_outcome& o = r.outcomes.at(0);
  page p(style_of(asked));
  if (!asked.quiet) {
    p.put(r.program, ink::strong).put("  " + place_of(find_scenario(r.program))).end_line();
    p.end_line().to(2).put(is_bad(o) ? mark::bad : mark::good, is_bad(o) ? ink::bad : ink::good);
    p.put(" ").put_folded(outcome_in_words(r, o, p.look()), ink::strong).end_line();
    for (const finding& f : r.findings) write_finding(p, f, &result.told);
    p.end_line();
    write_warnings(p, r, true);
    write_story(p, o, result.told,
                {.show_all = asked.verbose, .replay_command = replay_command(r.program, asked)});
  } else {
    p.put_folded(outcome_in_words(r, o, p.look())).end_line();
  }
  write_out(p.take());
}

}  // namespace

int replay(const settings& asked) {
  const wanted schedule = asked_for(asked);
  const program followed = program_called(asked.words[0]);
  explore_options options = asked.search;
  options.supervise = true;
  const replay_result result =
      schedule.by_names
          ? follow_names(followed, *schedule.by_names, options)
          : refusing_misfits([&] { return braid::replay(followed, schedule.token, options); });
  if (!schedule.by_names) check(schedule.token, result, asked);
  if (asked.json) {
    histories told;
    if (asked.trace) told[result.outcome.outcomes.at(0).token] = result.told;
    write_out(text_of(to_json(result.outcome, told)) + "\n");
  } else {
    print_text(result, asked);
  }
  return result.outcome.exit_code();
}

}  // namespace braid::cli
