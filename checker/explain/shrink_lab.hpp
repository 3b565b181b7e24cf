// Where shrinking runs executions and judges them, within a budget.
//
// Budgets count steps and executions, never time, so that the same question has the same answer.
#pragma once

#include <braid/explore.hpp>
#include <functional>
#include <vector>

#include "explain/replayer.hpp"
#include "explain/shrink_plan.hpp"

namespace braid {

class shrink_lab;

// Whether the last execution still fails in the way that matters. To explain it takes much longer
// than to look at its verdicts.
using still_fails = std::function<bool(shrink_lab& lab)>;

// Has a finding of the same verdict and cause as `target`; and nothing worse than it, unless it had
// before: `lowest` was the lowest verdict of the execution of `target`.
still_fails same_failure(const finding& target, verdict lowest);

// What counts in an execution, in this order.
struct schedule_cost {
  std::uint32_t preemptions = 0;
  std::uint32_t deviations = 0;
  std::uint32_t steps = 0;
  std::uint64_t ranks = 0;  // of arms and values
  std::uint64_t data_seed = 0;
  friend auto operator<=>(const schedule_cost&, const schedule_cost&) = default;
};
schedule_cost cost_of(const execution& done);

// An execution in full.
struct tried_execution {
  schedule follow;
  schedule_cost cost;
  std::vector<decision> decisions;
  std::vector<plan_note> notes;
  plan as_plan;
  verdict_set verdicts;
  std::uint64_t trace_hash = 0;
};

class shrink_lab {
 public:
  // `apart`: each execution in a process of its own, because some crash. `record`: where executions
  // are written. `interrupted`: asked now and then, may be empty.
  shrink_lab(const program& tried, const lockstep_options& options, execution& record, bool apart,
             std::function<bool()> interrupted);

  // What is a mismatch, as explore_options has it; nothing, unless it is said.
  void judge_by(const explore_options& options) { judge_.mismatch = options.mismatch; }

  // From now on at most so many steps, of which those of an execution that is explained count four
  // times more; apart, an execution counts as a thousand at least.
  void allow(std::uint64_t steps) { steps_left_ = is_stopped_ ? 0 : steps; }
  std::uint64_t steps_left() const { return steps_left_; }
  bool is_spent() const { return steps_left_ == 0; }
  std::uint64_t executions() const { return executions_; }

  // Runs the next execution of a strategy, whose end() is left to the caller. False: it has none
  // left, or the budget is spent.
  bool run(strategy& decides);
  // The last execution.
  const execution& last() const { return record_; }
  // What it is, as it was judged.
  verdict_set verdicts() const;
  // It has not this verdict, and was not cut.
  bool goes_well(verdict without) const;
  // Runs the last one again, to explain it or to tell it in full.
  std::vector<finding> explain();
  history tell();
  tried_execution describe();

  const std::string& program_name() const { return program_.name; }

 private:
  void execute(strategy& decides);
  void pay(std::uint64_t times);

  const program& program_;
  const bool apart_;
  explore_options judge_;
  execution& record_;
  const std::function<bool()> interrupted_;
  lockstep lockstep_;
  replayer explains_;
  plan_notes notes_;
  std::uint64_t steps_left_ = 0;
  std::uint64_t executions_ = 0;
  bool is_stopped_ = false;  // by an interrupt
};

}  // namespace braid
