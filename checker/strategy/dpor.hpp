// Optimal dynamic partial order reduction: each class of equivalent executions exactly once.
//
// Abdulla, Aronis, Jonsson, Sagonas: Optimal Dynamic Partial Order Reduction (POPL'14, JACM'17),
// with wakeup sequences and sleep sets, the races of an execution detected at its end. Dependence
// is that of trace/access.hpp.
//
// A job (strategy/dpor_tree.hpp) is what begins with some sequence of events. Races with these
// events are reversed at places that are not the job's own: it only tells the frontier of them.
//
// Guarantee: complete when it ends, unless it tells of a gap; no two executions are equivalent, but
// for rare programs (README, "more than once"); the few that are cut as redundant (README, "cut
// there") are counted as blocked.
// Deviations from the paper: the values of a choice (a ready case of a select, a value of choose())
// are siblings, as two processes are; an operation that is pending at the end takes part in races,
// so deadlocks are found.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "strategy.hpp"
#include "strategy/dpor_tree.hpp"
#include "strategy/reversal.hpp"
#include "strategy/sleep_stack.hpp"
#include "strategy/wakeup_tree.hpp"
#include "trace/happens_before.hpp"

namespace braid {

class optimal_dpor final : public strategy {
 public:
  explicit optimal_dpor(const strategy_options& options)
      : data_seed_(options.seed - 1), job_(whole_dpor_job()) {}

  bool begin(std::uint64_t run) override;
  std::uint32_t pick(const situation& now) override;
  std::uint32_t choose(const choice_point& now) override;
  void end(const execution& done) override;
  std::uint64_t data_seed() const override { return data_seed_; }
  bool is_exhaustive() const override { return true; }
  bool wants_trace() const override { return true; }
  std::uint32_t events_repeated() const override { return has_log_ ? branch_ : 0; }
  double share_done() const override;
  std::string gap() const override {
    if (was_misled_) {
      return "an execution could not go where one that is equivalent to it would: it may depend on "
             "the order who destroys an object";
    }
    if (was_cut_late_) {
      return "an execution turned out to be redundant where none should be, so classes may be "
             "missing";
    }
    if (has_counter_race_) {
      return "a counter (of a wait group, or of readers) may go to zero, or below zero, in orders "
             "that dpor does not all explore";
    }
    if (!has_lifetime_race_) return {};
    return "an object may be destroyed before its last use, an order that dpor does not reverse";
  }
  nlohmann::json save() const override;
  void load(const nlohmann::json& saved) override;

 private:
  // One event of the execution that was explored last, and what is to be done at its place.
  struct frame {
    process_id process = 0;
    std::uint32_t choices_begin = 0;  // of those made before it, along the whole execution
    sleep_stack::height below;        // of the sleepers, without those of this place
    log_range asleep;
    std::uint32_t explored = 0;  // branches at this place, without the present one
    wakeup_trees::forest todo;   // to be explored here after the present event
    // The execution that ended a guide of several events here; 0: none did.
    std::uint64_t leaf_begun = 0;
  };

  // Learning, at the end of an execution.
  std::uint32_t extend(const trace_log& log);
  void put_to_sleep(frame& next, const frame& previous, const trace_log& log,
                    const traced_event& happened);
  void reverse_races(const trace_log& log);
  void reverse(const trace_log& log, std::uint32_t earlier, std::uint32_t later);
  bool tells_more(std::uint32_t earlier, std::uint32_t later) const;
  bool plan_at(std::uint32_t event);
  void tell_outward(std::uint32_t event);
  void explore_other_values(const trace_log& log);
  void explore_other_values_of(const trace_log& log, std::uint32_t event);
  void explore_also(const trace_log& log, std::uint32_t event,
                    const std::vector<trace_choice>& choices);
  bool backtrack(const trace_log& log);
  bool take_next(frame& place);
  void pop_to(std::uint32_t depth);
  frame& push();
  std::uint64_t size_of_leaf(const frame& f) const;

  // Within an execution.
  std::uint32_t follow(const situation& now, process_id process);
  std::uint32_t first_awake(const situation& now);
  void wake(const situation& now);
  bool is_explored() const;
  std::span<const trace_choice> planned_choices() const;

  // Of jobs.
  std::string packed_event(std::uint32_t event) const;
  dpor_frame packed_frame(std::uint32_t event) const;
  void push_frame(const dpor_frame& packed);
  void repeat_event(const std::string& packed);

  std::uint64_t data_seed_;
  std::uint32_t base_ = 0;  // events with which all of the job begins
  dpor_job job_;            // as it was loaded
  std::vector<outward_sequence> outward_;
  std::uint64_t executions_ = 0;    // of the job
  std::uint64_t largest_leaf_ = 0;  // of the job: executions below the end of a guide
  const trace_log* log_ = nullptr;  // of the last execution
  // Of the execution that was explored last up to the branch, whose event is another one now.
  std::vector<frame> frames_;  // frames_[i] is event i; those from depth_ on are spare
  std::uint32_t depth_ = 0;
  std::uint32_t branch_ = 0;           // the event with which the next execution parts
  std::vector<trace_choice> choices_;  // made along the execution
  sleep_stack sleepers_;
  wakeup_trees trees_;
  wakeup_trees::node_index guide_ = wakeup_trees::none;  // from the branch on
  happens_before order_;
  reversal reversal_;
  bool exhausted_ = false;
  bool has_lifetime_race_ = false;
  bool has_counter_race_ = false;
  // An execution, after its guide, or before others could have added to it: in theory there is
  // none.
  bool was_cut_late_ = false;
  // An execution could not follow its guide: what happens depends on what braid does not see. (If
  // it cannot repeat its beginning the program is not deterministic.)
  bool was_misled_ = false;
  bool was_last_cut_ = false;  // before its races were looked at
  std::uint32_t known_ = 0;    // events whose races the execution before had, too
  bool has_log_ = false;       // what is above was learnt from the last execution that was logged

  // Of the execution that runs:
  struct {
    wakeup_trees::node_index node = wakeup_trees::none;  // none: nothing is planned
    std::uint32_t step = 0;
  } plan_;                             // the present event in the guide
  std::uint32_t at_ = 0;               // the event that is being executed
  process_id acting_ = 0;              // in it
  std::vector<trace_choice> made_;     // in it so far
  std::vector<std::uint32_t> asleep_;  // sleepers, from the branch on
};

}  // namespace braid
