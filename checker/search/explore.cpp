// explore() and replay(): plans the searches, adds up what they found, and checks every schedule
// before it is reported; see <braid/explore.hpp>.
#include <algorithm>
#include <braid/explore.hpp>
#include <stdexcept>

#include "explain/findings.hpp"
#include "explain/replayer.hpp"
#include "explain/unfit.hpp"
#include "search/stopwatch.hpp"
#include "search/worker.hpp"
#include "strategy/catalogue.hpp"
#include "trace/run_token.hpp"
#include "trace/schedule.hpp"

namespace braid {
namespace {

// Without --runs and --time. Counted in steps, so that the same command gives the same result.
constexpr std::uint64_t default_steps = 20'000'000;

// How long schedules are still followed again after an interrupt.
constexpr double checking_seconds_max = 1;

lockstep_options lockstep_of(const explore_options& options) {
  return {.timers = options.timers,
          .steps_max = options.steps_max,
          .check_leaks = options.check_leaks,
          .check_deadlocks = options.check_deadlocks};
}

strategy_options strategy_of(const std::string& name, const explore_options& options) {
  return {.name = name,
          .seed = options.seed,
          .preemptions_max = options.preemptions_max,
          .delays_max = options.delays_max};
}

std::string token_text(const outcome& o, const std::string& asked, const strategy& by,
                       const explore_options& options) {
  const std::string text = text_of(o.follow);
  if (text.size() <= token_length_max || by.is_exhaustive()) return text;
  const run_name name = by.name_of(asked, o.run);
  return text_of(run_token{.strategy = name.strategy,
                           .seed = options.seed,
                           .run = name.run,
                           .timers = options.timers,
                           .steps_max = options.steps_max,
                           .preemptions_max = options.preemptions_max,
                           .delays_max = options.delays_max});
}

std::string bound_in_words(const explore_options& options) {
  if (!options.preemptions_max && !options.delays_max) return {};
  const std::uint32_t bound = options.preemptions_max.value_or(options.delays_max.value_or(0));
  return "at most " + std::to_string(bound) + (options.preemptions_max ? " preemption" : " delay") +
         (bound == 1 ? "" : "s");
}

std::string with_check(std::string text, const program& of, std::uint64_t trace_hash) {
  return text + "~" + check_of(of.name, trace_hash);
}

// An outcome with the token of the strategy that found it.
struct found_outcome {
  outcome what;
  std::string token;
  std::uint64_t sampled = 0;  // executions of strategies that draw at random
};

// One exploration from its plan to its report.
class exploration {
 public:
  exploration(const program& explored, const explore_options& options)
      : program_(explored),
        options_(options),
        replayer_(explored, lockstep_of(options), options.supervise || options.isolate) {
    report_.program = explored.name;
    report_.seed = options.seed;
    report_.timers = options.timers;
  }

  report run() {
    if (options_.strategy == "auto") {
      search_automatically();
    } else {
      search(options_.strategy, 1);
    }
    conclude();
    return std::move(report_);
  }

 private:
  // An exhaustive search on half of the budget; if that does not end, samples on the other half.
  void search_automatically() {
    search("dfs", 2);
    const bool is_used_up = options_.runs_max && report_.executions >= *options_.runs_max;
    if (state_ == search_state::spent && !is_used_up) search("random", 2);
  }

  void search(const std::string& strategy, std::uint64_t share) {
    search_plan plan{.strategy = strategy_of(strategy, options_),
                     .options = lockstep_of(options_),
                     .limits = {.fail_fast = options_.fail_fast},
                     .isolate = options_.isolate,
                     .supervise = options_.supervise};
    is_exhaustive_ = make_strategy(plan.strategy)->is_exhaustive();
    if (options_.runs_max) {
      const std::uint64_t left = *options_.runs_max - report_.executions;
      // A small budget is better spent on finishing a small program than on a few samples.
      constexpr std::uint64_t few = 1000;
      const std::uint64_t part = std::max((left + share - 1) / share, std::min(left, few));
      plan.limits.runs_max = is_exhaustive_ ? part : left;
    }
    const bool is_bounded = options_.runs_max || options_.time_max;
    if (!is_bounded && (share > 1 || !is_exhaustive_)) {
      plan.limits.steps_max = default_steps / share;
    }
    if (options_.time_max && share > 1 && is_exhaustive_) time_share_ = 1.0 / share;
    report_.strategy = strategy;
    report_.classes.reset();
    const search_result result =
        run_search(program_, plan, [this](const tally& so_far) { return must_stop(so_far); });
    time_share_ = 1;
    const bool was_cut_short = was_out_of_time_ && result.state == search_state::more;
    state_ = was_cut_short && share > 1 && is_exhaustive_ ? search_state::spent : result.state;
    add(result.found, strategy);
  }

  bool must_stop(const tally& so_far) {
    if (options_.progress) show_progress(so_far);
    if (options_.interrupted && options_.interrupted()) report_.was_interrupted = true;
    was_out_of_time_ = options_.time_max && watch_.seconds() > time_share_ * limit_seconds();
    return report_.was_interrupted || was_out_of_time_;
  }

  double limit_seconds() const { return std::chrono::duration<double>(*options_.time_max).count(); }

  void show_progress(const tally& so_far) {
    report now = report_;
    now.executions += so_far.executions;
    now.steps += so_far.steps;
    now.seconds = watch_.seconds();
    now.outcomes.resize(now.outcomes.size() + so_far.outcomes.all().size());
    now.findings.resize(static_cast<std::size_t>(
        std::count_if(so_far.outcomes.all().begin(), so_far.outcomes.all().end(),
                      [](const outcome& o) { return o.verdicts.has_finding(); })));
    options_.progress(now);
  }

  void add(const tally& found, const std::string& strategy) {
    const std::unique_ptr<braid::strategy> by = replayer_.learned(strategy_of(strategy, options_));
    for (const outcome& o : found.outcomes.all()) merge(o, token_text(o, strategy, *by, options_));
    if (found.executions > by->learning_runs()) report_.guarantee = by->guarantee();
    report_.executions += found.executions;
    if (strategy == "dpor") report_.classes = found.executions;
    report_.blocked += found.blocked;
    if (!is_exhaustive_) report_.sampled += found.executions;
    report_.steps += found.steps;
    report_.run_ons_cut += found.run_ons_cut;
    report_.dropped_stacks += found.dropped_stacks;
    cut_ += found.cut;
  }

  // Outcomes of a second search join those of the first, whose tokens come from nearer schedules.
  void merge(const outcome& o, std::string token) {
    const std::uint64_t sampled = is_exhaustive_ ? 0 : o.count;
    for (found_outcome& known : found_) {
      if (!known.what.is_same(o)) continue;
      known.what.count += o.count;
      known.sampled += sampled;
      return;
    }
    found_.push_back({o, std::move(token), sampled});
  }

  void conclude() {
    std::stable_sort(found_.begin(), found_.end(),
                     [](const auto& a, const auto& b) { return a.what.count > b.what.count; });
    checking_ = {};
    for (const found_outcome& f : found_) check_and_report(f);
    judge_completeness();
    report_.seconds = watch_.seconds();
  }

  void check_and_report(const found_outcome& f);
  bool is_reproduced(const outcome& o) const;
  void report_nondeterminism(const outcome& o, const std::string& token);
  void judge_completeness();

  const program& program_;
  const explore_options& options_;
  replayer replayer_;
  stopwatch watch_;
  stopwatch checking_;
  report report_;
  std::vector<found_outcome> found_;
  search_state state_ = search_state::more;
  bool is_exhaustive_ = false;
  bool was_out_of_time_ = false;
  double time_share_ = 1;
  std::uint64_t cut_ = 0;
  std::uint64_t unchecked_ = 0;  // outcomes whose schedule was not followed again
};

reported_outcome reported(const outcome& o, std::string token) {
  return {.output = o.output,
          .errors = o.errors,
          .lowest = o.verdicts.lowest(),
          .verdicts = o.verdicts.all(),
          .exit_code = o.exit_code,
          .count = o.count,
          .token = std::move(token),
          .run = o.run,
          .steps = o.steps};
}

// No schedule is shown that was not followed again first.
void exploration::check_and_report(const found_outcome& f) {
  const outcome& o = f.what;
  const std::string token = with_check(f.token, program_, o.trace_hash);
  report_.outcomes.push_back(reported(o, token));
  report_.outcomes.back().sampled = f.sampled;
  if (options_.interrupted && options_.interrupted()) {
    report_.was_interrupted = true;
    if (checking_.seconds() > checking_seconds_max) {
      ++unchecked_;
      return;
    }
  }
  replayer_.follow(o.follow, o.verdicts.has_finding());
  if (!is_reproduced(o)) return report_nondeterminism(o, token);
  if (!o.verdicts.has_finding()) return;
  finding found = explain_finding(replayer_.last(), replayer_.what_happened());
  found.token = token;
  report_.findings.push_back(std::move(found));
}

bool exploration::is_reproduced(const outcome& o) const {
  const execution& again = replayer_.last();
  return again.facts().trace_hash == o.trace_hash && again.verdicts() == o.verdicts &&
         again.facts().exit_code == o.exit_code && again.output() == o.output &&
         again.errors() == o.errors;
}

void exploration::report_nondeterminism(const outcome& o, const std::string& token) {
  const std::uint32_t steps = replayer_.last().facts().steps;
  finding found{.what = verdict::nondeterministic, .token = token, .steps = o.steps};
  found.summary = "the same schedule gave another trace (" + std::to_string(o.steps) +
                  " steps, then " + std::to_string(steps) +
                  "): the program depends on something that braid does not control";
  report_.findings.push_back(std::move(found));
}

void exploration::judge_completeness() {
  std::string& why = report_.why_incomplete;
  if (report_.was_interrupted) {
    why = "interrupted";
    if (unchecked_ > 0) why += "; " + std::to_string(unchecked_) + " tokens are not checked";
  } else if (was_out_of_time_ && state_ == search_state::more) {
    why = "the time is used up; how far it got may differ from run to run";
  } else if (state_ == search_state::failed) {
    why = "stopped at the first finding";
  } else if (!is_exhaustive_) {
    const std::string bound = bound_in_words(options_);
    why = "sampled" + (bound.empty() ? "" : ", " + bound) + ": other outcomes may exist";
  } else if (state_ == search_state::bounded) {
    why = bound_in_words(options_);
  } else if (state_ != search_state::exhausted) {
    why = "the budget is used up";
  } else if (cut_ > 0) {
    why = std::to_string(cut_) +
          (cut_ == 1 ? " execution was cut after " : " executions were cut after ") +
          std::to_string(options_.steps_max) + " steps (--max-steps)";
  } else if (std::any_of(report_.findings.begin(), report_.findings.end(),
                         [](const finding& f) { return f.what == verdict::nondeterministic; })) {
    why = "the program is not deterministic under braid";
  } else if (report_.classes) {
    why = "dpor has not been shown to be exact yet (--strategy dfs is)";
  } else if (report_.has(verdict::crash)) {
    why = "the program crashes: what others could still do just before is not explored";
  } else if (report_.run_ons_cut > 0) {
    why = "in " + std::to_string(report_.run_ons_cut) +
          " executions goroutines still ran long after main's end: leaks there are not judged "
          "(--no-leak leaves them out)";
  }
  report_.complete = why.empty();
}

}  // namespace

report explore(const program& explored, const explore_options& options) {
  make_strategy(strategy_of(options.strategy == "auto" ? "dfs" : options.strategy, options));
  return exploration(explored, options).run();
}

namespace {

// Follows a token of either kind.
class token_replay {
 public:
  token_replay(const program& replayed, std::string_view text, const explore_options& options)
      : program_(replayed), text_(text), options_(options) {}

  replay_result run() {
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
    explore_options options = options_;
    options.timers = t.timers;
    options.steps_max = t.steps_max;
    refuse_other_program(token{.follow = {}, .check = t.check});
    const strategy_options by{.name = t.strategy,
                              .seed = t.seed,
                              .preemptions_max = t.preemptions_max,
                              .delays_max = t.delays_max};
    refuse_unknown(by);
    replayer replays(program_, lockstep_of(options), options_.supervise);
    const execution& done = replays.rerun(by, t.run, true);
    result_.outcome.seed = t.seed;
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
    const execution& done = replays.follow(t.follow, true);
    if (const std::optional<deviation> unfit = replays.unfit()) {
      result_.unfit = explain_unfit(*unfit, replays.what_happened());
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
    result_.same_trace = t.fits(program_.name, done.facts().trace_hash);
    report& r = result_.outcome;
    r.program = program_.name;
    r.strategy = "replay";
    r.timers = timers;
    r.why_incomplete = "a replay is one execution";
    r.executions = 1;
    r.steps = done.facts().steps;
    outcome_set one;
    one.add(done);
    const std::string full = with_check(std::move(text), program_, done.facts().trace_hash);
    r.outcomes.push_back(reported(one.all().front(), full));
    result_.told = replays.what_happened();
    if (!done.verdicts().has_finding()) return;
    finding found = explain_finding(done, result_.told);
    found.token = full;
    r.findings.push_back(std::move(found));
  }

  const program& program_;
  const std::string_view text_;
  const explore_options& options_;
  replay_result result_;
};

}  // namespace

replay_result replay(const program& replayed, std::string_view token,
                     const explore_options& options) {
  return token_replay(replayed, token, options).run();
}

bool report::has(verdict v) const {
  return std::any_of(outcomes.begin(), outcomes.end(), [v](const reported_outcome& o) {
    return std::find(o.verdicts.begin(), o.verdicts.end(), v) != o.verdicts.end();
  });
}

const reported_outcome& report::first(verdict v) const {
  return *std::find_if(outcomes.begin(), outcomes.end(), [v](const reported_outcome& o) {
    return std::find(o.verdicts.begin(), o.verdicts.end(), v) != o.verdicts.end();
  });
}

int report::exit_code() const {
  constexpr int interrupted_code = 130;
  if (was_interrupted) return interrupted_code;
  int lowest = 0;
  for (const finding& f : findings) {
    const int code = exit_code_of(f.what);
    if (lowest == 0 || code < lowest) lowest = code;
  }
  return lowest;
}

}  // namespace braid
