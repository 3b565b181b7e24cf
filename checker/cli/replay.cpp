// braid replay: follows a schedule and shows its lanes.
#include <braid/regression.hpp>
#include <optional>

#include "cli/commands.hpp"
#include "cli/debugger.hpp"
#include "cli/documents.hpp"
#include "cli/findings.hpp"
#include "cli/input_file.hpp"
#include "cli/misfits.hpp"
#include "cli/places.hpp"
#include "cli/refusal.hpp"
#include "cli/replay_line.hpp"
#include "cli/terminal.hpp"
#include "cli/token_word.hpp"
#include "explain/breakpoint.hpp"
#include "explain/replay.hpp"
#include "lockstep/options.hpp"
#include "report/json.hpp"
#include "report/outcome_text.hpp"
#include "report/story.hpp"
#include "trace/run_token.hpp"

namespace braid::cli {
namespace {

// A schedule by its steps, or by names.
struct wanted {
  std::string token = {};
  std::optional<regression> by_names = {};
};

wanted in_file(const std::string& word) {
  const std::string path = word.substr(1);
  const std::string text = text_of_file(path);
  if (!is_regression(text)) return {.token = token_in_file(path, text)};
  try {
    return {.by_names = parse_regression(text)};
  } catch (const unusable_file& why) {
    throw refusal(exit_code::bad_file, "'" + path + "': " + why.what());
  }
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
  if (word.starts_with('@')) return in_file(word);
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

void check_followed(const std::string& token, const replay_result& result, const settings& asked) {
  check_run(token, result);
  if (!result.unfit.empty() && !asked.lenient) {
    throw refusal(exit_code::unfit, result.unfit + " (--lenient leaves it out)");
  }
  if (!result.unfit.empty()) {
    complain("left out: " + result.unfit);
  } else if (!result.same_trace) {
    complain_of_other_trace(result.outcome.program, asked);
  }
}

std::string in_text(const replay_result& result, const settings& asked, const style& look,
                    bool is_quiet) {
  const report& r = result.outcome;
  const reported_outcome& o = r.outcomes.at(0);
  page p(look);
  if (!is_quiet) {
    put_program(p, r.program);
    p.end_line().end_line();
    write_verdict(p, r);
    p.end_line();
    write_warnings(p, r, true);
    write_story(p, o, result.told,
                {.show_all = asked.verbose,
                 .replay_command = replay_command(r.program, asked),
                 .help_command = help_command()});
  } else {
    p.put_folded(outcome_in_words(o, p.look())).end_line();
  }
  return p.take();
}

void print(const replay_result& result, const settings& asked) {
  if (!asked.json) {
    return write_report(in_text(result, asked, style_of(asked), asked.quiet), asked);
  }
  histories told;
  if (asked.trace) told[result.outcome.outcomes.at(0).token] = result.told;
  write_report(text_of(to_json(result.outcome, told)) + "\n", asked);
}

// A failing --break must not fail the replay: the debugger may be forgotten, the verdict counts.
void stop_debugger(const program& followed, const std::string& token, const replay_result& result,
                   const explore_options& options, const settings& asked) {
  const happening* at = event_to_stop_at(result.told);
  if (at == nullptr) return complain("there is no step to stop before");
  const std::string command =
      replay_command(followed.name, asked) + " " + shell_word(token) + " --break";
  if (!has_debugger()) {
    return complain("no debugger is attached, so nothing stops: gdb --args " + command);
  }
  complain("stops before step " + std::to_string(at->step) + ", " + at->text +
           (at->at.empty() ? "" : "  " + at->at) + "; 'continue' goes on");
  const followed_token given = follow_token(followed, token, options);
  follow_to_break(followed, lockstep_of(given.options), given.follow, at->step);
}

}  // namespace

int replay(const settings& asked) {
  const wanted schedule = asked_for(asked);
  const program followed = program_called(asked.words[0]);
  expect_documents_writable(asked);
  explore_options options = asked.search;
  options.supervise = true;
  const replay_result result =
      schedule.by_names
          ? follow_names(followed, *schedule.by_names, options)
          : refusing_misfits([&] { return braid::replay(followed, schedule.token, options); });
  const std::string& token =
      schedule.by_names ? result.outcome.outcomes.at(0).token : schedule.token;
  if (!schedule.by_names) check_followed(token, result, asked);
  const int code = result.outcome.exit_code();
  return with_documents(asked, [&](report_documents& to) {
    if (wants_documents(asked)) {
      to.push_back(
          document_of(result.outcome, code, in_text(result, asked, document_look, false), asked));
      to.back().told[result.outcome.outcomes.at(0).token] = result.told;
    }
    print(result, asked);
    if (asked.breaks) stop_debugger(followed, token, result, options, asked);
    return code;
  });
}

}  // namespace braid::cli
