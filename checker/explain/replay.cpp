// Follows a token; see replay.hpp and <braid/explore.hpp>.
#include "explain/replay.hpp"

#include "explain/findings.hpp"
#include "explain/replayer.hpp"
#include "explain/reported.hpp"
#include "explain/shrink_lab.hpp"
#include "explain/unfit.hpp"
#include "process/sole_explorer.hpp"
#include "trace/option_names.hpp"
#include "trace/run_token.hpp"
#include "trace/schedule.hpp"

namespace braid {
namespace {

// Follows a token of either kind.
class token_replay {
 public:
  token_replay(const program& replayed, std::string_view text, const explore_options& options)
      : program_(replayed), text_(text), options_(options) {
    result_.options = options;
  }

  followed_token run() {
    if (const std::optional<run_token> by_run = parse_run_token(text_)) {
      rerun(*by_run);
    } else if (const std::optional<token> by_schedule = parse_token(text_)) {
      follow(*by_schedule);
    } else {
      throw malformed_token("malformed token '" + std::string(text_) +
                            "'; a token looks like 5t~k4x2, 3g2.7c1 or 0");
    }
    return std::move(result_);
  }

 private:
  void rerun(const run_token& t) {
    explore_options& options = result_.options;
    options.timers = t.timers;
    options.steps_max = t.steps_max;
    refuse_other_program(token{.follow = {}, .check = t.check});
    const strategy_options by{.name = t.strategy,
                              .seed = t.seed,
                              .preemptions_max = t.preemptions_max,
                              .delays_max = t.delays_max};
    refuse_unknown(by);
    replayer replays(program_, lockstep_of(options), options_.supervise);
    replays.tell_choices();
    const execution& done = replays.rerun(by, t.run, true);
    result_.result.outcome.seed = t.seed;
    conclude(replays, done, token{.follow = {}, .check = t.check}, text_of(t), t.timers);
  }

  void refuse_unknown(const strategy_options& by) const {
    const std::string what =
        "the token '" + std::string(text_) + "' is of the strategy '" + by.name + "', which ";
    if (!is_strategy(by.name)) throw malformed_token(what + "does not exist");
    try {
      make_strategy(by);
    } catch (const std::invalid_argument&) {
      throw malformed_token(what + "cannot keep these bounds");
    }
  }

  void follow(const token& t) {
    refuse_other_program(t);
    replayer replays(program_, lockstep_of(options_), options_.supervise);
    replays.tell_choices();
    const execution& done = replays.follow(t.follow, true);
    if (const std::optional<deviation> unfit = replays.unfit()) {
      result_.result.unfit = explain_unfit(*unfit, replays.what_happened(), options_);
    }
    conclude(replays, done, t, text_of(schedule_of(done)), options_.timers);
  }

  void refuse_other_program(const token& t) const {
    if (t.names(program_.name)) return;
    throw wrong_program("the token '" + std::string(text_) + "' is not of the program '" +
                        program_.name + "'");
  }

  void conclude(const replayer& replays, const execution& done, const token& t, std::string text,
                timer_mode timers) {
    result_.follow = schedule_of(done);
    replay_result& result = result_.result;
    result.same_trace = t.fits(program_.name, done.facts().trace_hash);
    report& r = result.outcome;
    r.program = program_.name;
    r.strategy = "replay";
    r.timers = timers;
    r.options = braid::options_of(result_.options);
    r.why_incomplete = "a replay is one execution";
    r.executions = 1;
    r.steps = done.facts().steps;
    const std::string full = with_check(std::move(text), program_, done.facts().trace_hash);
    result.told = replays.what_happened();
    if (done.verdicts().has_finding()) r.findings = explain_findings(done, result.told);
    for (finding& f : r.findings) f.token = full;
    r.outcomes.push_back(told_outcome(done, result.told, r.findings, full));
    r.warnings = explain_foreign_unlocks(result.told);
    for (foreign_unlock& u : r.warnings) name_execution(u, r.outcomes.front());
    judge(r, done);
  }

  void judge(report& r, const execution& done) const {
    reported_outcome& o = r.outcomes.front();
    std::optional<finding> wrong = find_mismatch(o, options_);
    if (!wrong) return;
    wrong->preemptions = cost_of(done).preemptions;
    r.findings.push_back(std::move(*wrong));
    put_worst_first(r.findings);
    add_verdict(o, verdict::mismatch);
  }

  const program& program_;
  const std::string_view text_;
  const explore_options& options_;
  followed_token result_;
};

}  // namespace

followed_token follow_token(const program& replayed, std::string_view token,
                            const explore_options& options) {
  const sole_explorer mine(replayed.name);
  return token_replay(replayed, token, options).run();
}

replay_result replay(const program& replayed, std::string_view token,
                     const explore_options& options) {
  return follow_token(replayed, token, options).result;
}

}  // namespace braid
