// braid replay: follows a schedule and shows its lanes.
#include <optional>

#include "cli/commands.hpp"
#include "cli/debugger.hpp"
#include "cli/documents.hpp"
#include "cli/findings.hpp"
#include "cli/judge.hpp"
#include "cli/misfits.hpp"
#include "cli/places.hpp"
#include "cli/refusal.hpp"
#include "cli/replay_line.hpp"
#include "cli/schedule_word.hpp"
#include "cli/terminal.hpp"
#include "explain/breakpoint.hpp"
#include "explain/replay.hpp"
#include "lockstep/options.hpp"
#include "report/json.hpp"
#include "report/outcome_text.hpp"
#include "report/story.hpp"
#include "trace/run_token.hpp"

namespace braid::cli {
namespace {

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

named_schedule asked_for(const settings& asked) {
  if (asked.words.empty()) refuse_usage("replay needs a PROGRAM and a TOKEN ('list' shows them)");
  if (asked.words.size() > 2) refuse_usage("replay takes one PROGRAM and one TOKEN");
  if (asked.words.size() == 2 && asked.run_number) {
    refuse_usage("replay takes a TOKEN or --run, not both");
  }
  if (asked.run_number) return {.token = token_of_run(asked)};
  if (asked.words.size() == 1) {
    refuse_usage("replay needs a TOKEN, as 'explore' prints it; or --strategy, --seed and --run");
  }
  return read_schedule(asked.words[1], asked.words[0]);
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

std::string in_text(const replay_result& result, const std::vector<std::string>& not_judged,
                    const settings& asked, const style& look, bool is_quiet) {
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
  for (const std::string& note : not_judged) p.put_folded(note).end_line();
  return p.take();
}

void print(const replay_result& result, const std::vector<std::string>& not_judged,
           const settings& asked) {
  if (!asked.json) {
    return write_report(in_text(result, not_judged, asked, style_of(asked), asked.quiet), asked);
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

int replay(const settings& given) {
  const named_schedule schedule = asked_for(given);
  const program followed = program_called(given.words[0]);
  expect_documents_writable(given);
  settings asked = given;
  take_options(asked, schedule);
  explore_options options = asked.search;
  options.supervise = true;
  replay_result result =
      schedule.by_names
          ? follow_names(followed, *schedule.by_names, options)
          : refusing_misfits([&] { return braid::replay(followed, schedule.token, options); });
  const std::string token =
      schedule.by_names ? result.outcome.outcomes.at(0).token : schedule.token;
  if (!schedule.by_names) check_followed(token, result, asked);
  const std::vector<std::string> not_judged = judge_expected(result.outcome, asked);
  const int code = result.outcome.exit_code();
  return with_documents(asked, [&](report_documents& to) {
    if (wants_documents(asked)) {
      const std::string text = in_text(result, not_judged, asked, document_look, false);
      to.push_back(document_of(result.outcome, code, text, asked));
      to.back().told[result.outcome.outcomes.at(0).token] = result.told;
    }
    print(result, not_judged, asked);
    if (asked.breaks) stop_debugger(followed, token, result, options, asked);
    return code;
  });
}

}  // namespace braid::cli
