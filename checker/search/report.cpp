// From what was found to the report; see report.hpp.
#include "search/report.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "exit_codes.hpp"
#include "explain/cause.hpp"
#include "explain/findings.hpp"
#include "explain/replayer.hpp"
#include "explain/reported.hpp"
#include "names.hpp"
#include "search/checking.hpp"
#include "search/determinism.hpp"
#include "search/warnings.hpp"
#include "strategy/catalogue.hpp"
#include "trace/run_token.hpp"
#include "trace/schedule.hpp"

namespace braid {
namespace {

// An outcome with the phase that found it first.
struct found_outcome {
  const outcome* what;
  const phase* by;
  std::uint64_t count = 0;
  std::uint64_t sampled = 0;  // executions of strategies that draw at random
};

// Of a row of the report.
using row_identity = std::tuple<std::string_view, std::string_view, std::uint32_t, int>;
row_identity identity_of(const outcome& o) {
  return {o.output, o.errors, o.verdicts.bits(), o.exit_code};
}

bool is_nearer(const found_outcome& a, const found_outcome& b) {
  if (a.by != b.by) return a.by < b.by;
  return is_nearer(*a.what, *b.what);
}

// The most frequent first; then in an order that does not depend on how the search was cut.
bool comes_first(const found_outcome& a, const found_outcome& b) {
  return a.count != b.count ? a.count > b.count : is_nearer(a, b);
}

std::string counted_runs(std::uint64_t n) {
  return std::to_string(n) + (n == 1 ? " execution" : " executions");
}

std::string counted_executions(std::uint64_t n) {
  return counted_runs(n) + (n == 1 ? " was" : " were");
}

// What happened in one execution of a schedule, or did not.
std::string in_words(const happening& h) {
  if (h.kind.empty()) return "nothing more";
  std::string text = name_of_goroutine(h.goroutine) + " " + h.text;
  if (!h.value.empty()) text += " gives " + h.value;
  return text + (h.at.empty() ? "" : " " + h.at);
}

// The first step that differs, where executing it all again shows one.
std::string first_step(const std::optional<parting>& p) {
  if (!p || p->step == 0) return "";
  return "; first at step " + std::to_string(p->step) + ": " + in_words(p->alone) + ", or " +
         in_words(p->after_others);
}

// To find a step in which an execution differs that could not be repeated.
constexpr std::uint64_t schedules_tried_again = 20;

class report_writer {
 public:
  report_writer(report& r, const program& explored, const explore_options& options)
      : report_(r), program_(explored), options_(options) {}

  void write(const std::vector<phase>& phases, cut_short why) {
    for (const phase& p : phases) add(p);
    std::sort(found_.begin(), found_.end(), comes_first);
    report_.was_interrupted = why.by_interrupt;
    check();
    report_.warnings = warnings_.all();
    report_.why_incomplete = why_incomplete(phases.back(), why);
    report_.complete = report_.why_incomplete.empty();
  }

 private:
  void add(const phase& p);
  void check();
  void add(finding f);
  void add_guarantee(const phase& p);
  const strategy& learned(const phase& p, std::uint64_t run);
  std::string token_of(const found_outcome& f);
  void report_nondeterminism(const outcome& o, const std::string& token, std::uint32_t steps);
  void report_divergence(std::uint64_t executions);
  std::string why_incomplete(const phase& last, cut_short why) const;
  std::string why_hung() const;
  bool may_fork() const { return options_.supervise || options_.isolate; }

  report& report_;
  const program& program_;
  const explore_options& options_;
  std::vector<found_outcome> found_;
  // Those that differ from one in found_ only in their data races, or foreign unlocks.
  std::vector<found_outcome> other_races_;
  warning_set warnings_;
  std::uint64_t cut_ = 0;
  std::uint64_t hung_ = 0;
  std::uint64_t run_ons_died_ = 0;
  std::optional<std::size_t> other_trace_;      // the finding of a schedule that gave another trace
  std::uint64_t unchecked_ = 0;                 // outcomes whose schedule was not followed again
  std::map<row_identity, std::size_t> places_;  // in found_
  // Of phases that sample, if the names of their runs are asked for.
  struct learned_strategy {
    std::unique_ptr<strategy> by;
    std::uint64_t runs = 0;  // that it has learned from
  };
  std::map<const phase*, learned_strategy> learned_;
};

// Outcomes of a second phase join those of the first.
void report_writer::add(const phase& p) {
  for (const outcome& o : p.found.outcomes.all()) {
    const auto [place, is_new] = places_.try_emplace(identity_of(o), found_.size());
    if (is_new) found_.push_back({.what = &o, .by = &p});
    found_outcome& f = found_[place->second];
    if (!is_new && o.races != f.what->races) {
      found_outcome other{.what = &o, .by = &p};
      if (f.by == &p && is_nearer(o, *f.what)) {
        std::swap(f.what, other.what);
      }
      other_races_.push_back(other);
    }
    f.count += o.count;
    if (!p.is_exhaustive) f.sampled += o.count;
  }
  report_.strategy = p.strategy;
  report_.classes.reset();
  if (p.strategy == "dpor") report_.classes = p.found.executions;
  report_.executions += p.found.executions;
  report_.blocked += p.found.blocked;
  if (!p.is_exhaustive) report_.sampled += p.found.executions;
  report_.steps += p.found.steps;
  report_.run_ons_cut += p.found.run_ons_cut;
  run_ons_died_ += p.found.run_ons_died;
  report_.dropped_stacks += p.found.dropped_stacks;
  cut_ += p.found.cut;
  report_.hidden_loops += p.found.hidden_loops;
  hung_ += p.found.hung;
  if (p.found.diverged > 0) report_divergence(p.found.diverged);
  if (p.strategy.starts_with("pct")) add_guarantee(p);
}

void report_writer::add_guarantee(const phase& p) {
  const std::uint64_t runs = p.found.executions;
  if (runs == 0) return;
  const strategy& by = learned(p, runs - 1);
  if (runs <= by.learning_runs()) return;
  report_.guarantee = by.guarantee(p.found.goroutines_max);
  report_.guarantee->goroutines_seen = p.found.goroutines_max;
  report_.guarantee->steps_seen = p.found.events_max;
}

// The phase's strategy, which has learned all that run number `run` depends on.
const strategy& report_writer::learned(const phase& p, std::uint64_t run) {
  const strategy_options asked = strategy_of(p.strategy, options_);
  const std::uint64_t needed = std::min(run, make_strategy(asked)->learning_runs());
  learned_strategy& known = learned_[&p];
  if (known.by == nullptr || known.runs < needed) {
    replayer repeats(program_, lockstep_of(options_), may_fork());
    known = {repeats.learned(asked, needed), needed};
  }
  return *known.by;
}

void report_writer::report_divergence(std::uint64_t executions) {
  finding found{.what = verdict::nondeterministic};
  found.summary = "what happened in one execution could not be repeated in " +
                  std::to_string(executions) +
                  " others: the program depends on something that braid does not control";
  if (may_fork()) {
    explore_options few = options_;
    few.runs_max = schedules_tried_again;
    found.summary += first_step(check_determinism(program_, few).differs);
  }
  report_.findings.push_back(std::move(found));
}

std::string report_writer::token_of(const found_outcome& f) {
  const auto checked = [&](std::string text) {
    return with_check(std::move(text), program_, f.what->trace_hash);
  };
  std::string text = checked(text_of(f.what->follow));
  if (text.size() <= token_length_max || f.by->is_exhaustive) return text;
  const run_name name = learned(*f.by, f.what->run).name_of(f.by->strategy, f.what->run);
  return checked(text_of(run_token{.strategy = name.strategy,
                                   .seed = options_.seed,
                                   .run = name.run,
                                   .timers = options_.timers,
                                   .steps_max = options_.steps_max,
                                   .preemptions_max = options_.preemptions_max,
                                   .delays_max = options_.delays_max}));
}

// No schedule is shown that was not followed again first.
void report_writer::check() {
  std::sort(other_races_.begin(), other_races_.end(),
            [](const found_outcome& a, const found_outcome& b) { return is_nearer(a, b); });
  std::vector<const outcome*> outcomes;
  for (const auto* all : {&found_, &other_races_}) {
    for (const found_outcome& f : *all) outcomes.push_back(f.what);
  }
  std::vector<checked_outcome> checked = follow_again(program_, options_, outcomes);
  for (std::size_t i = 0; i < checked.size(); ++i) {
    const bool is_row = i < found_.size();
    const found_outcome& f = is_row ? found_[i] : other_races_[i - found_.size()];
    const outcome& o = *f.what;
    const std::string token = token_of(f);
    if (is_row) {
      report_.outcomes.push_back(reported(o, token));
      report_.outcomes.back().count = f.count;
      report_.outcomes.back().sampled = f.sampled;
      report_.outcomes.back().hung = checked[i].hung;
    }
    switch (checked[i].what) {
      case check_result::left_out:
        ++unchecked_;
        break;
      case check_result::another_trace:
        report_nondeterminism(o, token, checked[i].steps);
        break;
      case check_result::reproduced:
        for (finding& f : checked[i].explained) {
          f.token = token;
          if (is_row && f.what == verdict::leak) report_.outcomes.back().leaked = names_of(f);
          f.outcomes = is_row ? 1 : 0;  // those of the row are counted
          if (is_row || f.what == verdict::race) add(std::move(f));
        }
        for (foreign_unlock& u : checked[i].foreign_unlocks) {
          name_execution(u, reported(o, token));
          u.sampled = !f.by->is_exhaustive;
          warnings_.add(u);
        }
    }
  }
  if (options_.interrupted && options_.interrupted()) report_.was_interrupted = true;
}

// One for each cause. A shard tells all: which is the nearest is known when all shards are
// (merge.cpp).
void report_writer::add(finding f) {
  options_.shard ? report_.findings.push_back(std::move(f))
                 : add_by_cause(report_.findings, std::move(f));
}

// One finding, with the first such outcome: which others there are depends on chance.
void report_writer::report_nondeterminism(const outcome& o, const std::string& token,
                                          std::uint32_t steps) {
  if (other_trace_) {
    ++report_.findings[*other_trace_].outcomes;
    return;
  }
  other_trace_ = report_.findings.size();
  finding found{.what = verdict::nondeterministic, .token = token, .steps = o.steps, .outcomes = 1};
  found.summary = "the same schedule gave another trace (" + std::to_string(o.steps) +
                  " steps, then " + std::to_string(steps) +
                  "): the program depends on something that braid does not control";
  if (may_fork()) {
    found.summary += first_step(check_determinism(program_, options_, o.follow).differs);
  }
  report_.findings.push_back(std::move(found));
}

std::string report_writer::why_hung() const {
  const auto one = std::find_if(report_.outcomes.begin(), report_.outcomes.end(),
                                [](const reported_outcome& o) { return !o.hung.empty(); });
  const std::string where =
      one == report_.outcomes.end() ? "" : (hung_ == 1 ? ", in " : ", one of them in ") + one->hung;
  return counted_executions(hung_) + " cut that did not come back to braid" + where +
         ": a loop without any of its operations, or a call that blocks";
}

std::string report_writer::why_incomplete(const phase& last, cut_short why) const {
  const std::string killed =
      why.killed == 0 ? "" : "; " + counted_executions(why.killed) + " killed, which did not end";
  if (report_.was_interrupted) {
    if (unchecked_ == 0) return "interrupted" + killed;
    return "interrupted; " + std::to_string(unchecked_) + " tokens are not checked" + killed;
  }
  if (why.by_time && last.state == search_state::more) {
    return "the time is used up; how far it got may differ from run to run" + killed;
  }
  if (last.state == search_state::failed) return "stopped at the first finding";
  if (!last.is_exhaustive) {
    const std::string bound = bound_in_words(strategy_of(last.strategy, options_));
    return "sampled" + (bound.empty() ? "" : ", " + bound) + ": other outcomes may exist";
  }
  if (last.state != search_state::exhausted) return "the budget is used up";
  if (cut_ > 0) {
    return counted_executions(cut_) + " cut after " + std::to_string(options_.steps_max) +
           (options_.steps_max == 1 ? " step" : " steps") + " (--max-steps)";
  }
  if (hung_ > 0) return why_hung();
  if (report_.hidden_loops > 0) {
    return counted_executions(report_.hidden_loops) +
           " cut in a loop that depends on what braid does not see: state outside of its stack, "
           "or a clock that no timer moves";
  }
  if (std::any_of(report_.findings.begin(), report_.findings.end(),
                  [](const finding& f) { return f.what == verdict::nondeterministic; })) {
    return "the program is not deterministic under braid";
  }
  if (!last.found.gap.empty()) {
    return last.found.gap + (last.strategy == "dpor" ? " (--strategy dfs leaves none out)" : "");
  }
  if (report_.has(verdict::crash)) {
    return "the program crashes: what others could still do just before is not explored";
  }
  if (run_ons_died_ > 0) {
    return "in " + counted_runs(run_ons_died_) + " a goroutine crashed or hung after main's end: " +
           (last.strategy == "dpor" ? "what others could do there instead is not explored "
                                      "(--strategy dfs leaves none out)"
                                    : "leaks there are not judged (--no-leak leaves them out)");
  }
  if (report_.run_ons_cut == 0) return "";
  return "in " + counted_runs(report_.run_ons_cut) +
         " goroutines still ran long after main's end: leaks there are not judged "
         "(--no-leak leaves them out)";
}

}  // namespace

void write_report(report& r, const program& explored, const explore_options& options,
                  const std::vector<phase>& phases, cut_short why) {
  report_writer(r, explored, options).write(phases, why);
}

strategy_options strategy_of(const std::string& name, const explore_options& options) {
  return {.name = name,
          .seed = options.seed,
          .preemptions_max = options.preemptions_max,
          .delays_max = options.delays_max};
}

bool reported_outcome::has(verdict v) const {
  return std::find(verdicts.begin(), verdicts.end(), v) != verdicts.end();
}

bool report::has(verdict v) const {
  return std::any_of(outcomes.begin(), outcomes.end(),
                     [v](const reported_outcome& o) { return o.has(v); });
}

const reported_outcome& report::first(verdict v) const {
  return *std::find_if(outcomes.begin(), outcomes.end(),
                       [v](const reported_outcome& o) { return o.has(v); });
}

int report::exit_code() const {
  if (was_interrupted) return exit_code::interrupted;
  int lowest = 0;
  for (const finding& f : findings) {
    const int code = exit_code_of(f.what);
    if (lowest == 0 || code < lowest) lowest = code;
  }
  return lowest;
}

}  // namespace braid
