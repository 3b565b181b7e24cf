// Runs executions for shrinking; see shrink_lab.hpp.
#include "explain/shrink_lab.hpp"

#include <algorithm>

#include "explain/cause.hpp"
#include "explain/findings.hpp"
#include "explain/reported.hpp"
#include "process/process.hpp"
#include "process/run_apart.hpp"
#include "strategy/replay.hpp"

namespace braid {
namespace {

constexpr std::size_t notes_max = std::size_t{1} << 24;  // of address space
constexpr std::uint64_t executions_between_looks = 64;   // at interrupts

// How the program ended tells most of its cause.
bool is_told_by_end(verdict what) {
  return what == verdict::panic || what == verdict::fatal || what == verdict::crash;
}

}  // namespace

still_fails same_failure(const finding& target, verdict lowest) {
  return [what = target.what, summary = target.summary, cause = cause_of(target),
          lowest](shrink_lab& lab) {
    const verdict_set verdicts = lab.verdicts();
    const verdict worst = verdicts.lowest();
    if (!verdicts.has(what) || (worst != what && worst != lowest)) return false;
    if (is_told_by_end(what)) {  // without its history, which takes another execution
      const std::vector<finding> ends = explain_findings(lab.last(), {});
      const bool is_told = std::any_of(ends.begin(), ends.end(), [&](const finding& f) {
        return f.what == what && f.summary == summary;
      });
      if (!is_told) return false;
    }
    const std::vector<finding> all = lab.explain();
    return std::any_of(all.begin(), all.end(),
                       [&](const finding& f) { return cause_of(f) == cause; });
  };
}

schedule_cost cost_of(const execution& done) {
  schedule_cost cost{.deviations = done.facts().deviations, .steps = done.facts().steps};
  for (const decision& d : done.decisions()) {
    cost.preemptions += d.preempts;
    if (d.kind == decision_kind::arm || d.kind == decision_kind::value) cost.ranks += d.taken;
  }
  if (done.facts().drew_random) cost.data_seed = done.facts().data_seed;
  return cost;
}

shrink_lab::shrink_lab(const program& tried, const lockstep_options& options, execution& record,
                       bool apart, std::function<bool()> interrupted)
    : program_(tried),
      apart_(apart),
      record_(record),
      interrupted_(std::move(interrupted)),
      lockstep_(options),
      explains_(tried, options, apart),
      notes_(notes_max) {}

void shrink_lab::execute(strategy& decides) {
  record_.clear(executions_++);
  const auto body = [&] { lockstep_.execute(program_.main, decides, record_, nullptr); };
  if (!apart_) return body();
  const auto quietly = [&] {
    const muted_stderr quiet;
    body();
  };
  run_apart(record_, lockstep_.options().hang_after, quietly);
}

void shrink_lab::pay(std::uint64_t times) {
  constexpr std::uint64_t least_apart = 1000;
  constexpr std::uint64_t of_hung = 100'000;  // it took seconds
  const std::uint64_t least = record_.facts().has_hung ? of_hung : apart_ ? least_apart : 1;
  const std::uint64_t price = std::max<std::uint64_t>(record_.facts().steps, least);
  steps_left_ -= std::min(steps_left_, price * times);
  const bool looks = apart_ || executions_ % executions_between_looks == 0;
  is_stopped_ = is_stopped_ || (looks && interrupted_ && interrupted_());
  if (is_stopped_) steps_left_ = 0;
}

bool shrink_lab::run(strategy& decides) {
  if (is_spent() || !decides.begin(0)) return false;
  execute(decides);
  pay(1);
  return true;
}

verdict_set shrink_lab::verdicts() const {
  verdict_set all = record_.verdicts();
  if (!judge_.mismatch) return all;
  known_outcomes one;
  one.add(record_, 0);
  if (find_mismatch(reported(one.all().front(), ""), judge_)) all.add(verdict::mismatch);
  return all;
}

bool shrink_lab::goes_well(verdict without) const {
  const verdict_set all = verdicts();
  return !all.has(without) && !all.has(verdict::steps) && !record_.facts().is_redundant;
}

std::vector<finding> shrink_lab::explain() {
  if (!verdicts().has_finding()) return {};
  const execution& again = explains_.follow(schedule_of(record_), true);
  pay(4);
  const history told = explains_.what_happened();
  std::vector<finding> all;
  if (again.verdicts().has_finding()) all = explain_findings(again, told);
  const std::optional<finding> wrong = find_mismatch(told_outcome(again, told, all, ""), judge_);
  if (wrong) all.push_back(*wrong);
  return all;
}

history shrink_lab::tell() {
  explains_.follow(schedule_of(record_), true);
  return explains_.what_happened();
}

tried_execution shrink_lab::describe() {
  replay_strategy follows(schedule_of(record_));
  noting_strategy notes(follows, notes_);
  notes.begin(0);
  execute(notes);
  pay(1);
  const std::span<const decision> decisions = record_.decisions();
  const std::span<const plan_note> noted = notes_.all();
  return {.follow = schedule_of(record_),
          .cost = cost_of(record_),
          .decisions = {decisions.begin(), decisions.end()},
          .notes = {noted.begin(), noted.end()},
          .as_plan = plan_of(notes_, schedule_of(record_), record_.facts().data_seed),
          .verdicts = record_.verdicts(),
          .trace_hash = record_.facts().trace_hash};
}

}  // namespace braid
