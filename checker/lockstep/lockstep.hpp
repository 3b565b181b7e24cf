// The checker's scheduler: one goroutine at a time, on one thread, in virtual time.
//
// A step is one event: a goroutine's pending operation takes effect, or a timer fires. Between two
// steps every goroutine that can run is *settled*: it has run its own code up to the operation that
// it does next, so that a strategy sees what all of them would do. What a goroutine does by itself
// needs no decision: starting and ending, and go and choose, which depend on nothing, happen as it
// is settled (they are numbered steps all the same).
//
// Invariants, whenever a strategy is asked:
//  * enabled_ holds exactly the goroutines with a pending operation whose guard, if any, holds, and
//    which are not set aside because they would repeat an iteration for ever (repetitions.hpp);
//  * a goroutine that is neither enabled nor set aside nor waiting on its guard is parked or has
//    ended;
//  * running_ is the goroutine whose stack we stand on, and nobody else is half-way through an
//  event.
//
// Thread safety: one thread uses it, and only one lockstep executes at a time in a process.
#pragma once

#include <braid/explore.hpp>
#include <braid/scheduler.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "detect/foreign_unlocks.hpp"
#include "detect/races.hpp"
#include "detect/stuck.hpp"
#include "detect/sync_log.hpp"
#include "lockstep/listeners.hpp"
#include "lockstep/objects.hpp"
#include "lockstep/observer.hpp"
#include "lockstep/options.hpp"
#include "lockstep/repetitions.hpp"
#include "lockstep/situation.hpp"
#include "lockstep/timers.hpp"
#include "strategy.hpp"
#include "trace/execution.hpp"
#include "trace/tracer.hpp"

namespace braid {

class lockstep : public scheduler, private participants {
 public:
  explicit lockstep(const lockstep_options& options)
      : options_(options), can_race_(options.warn_foreign_unlocks) {}
  const lockstep_options& options() const { return options_; }
  // Of the execution so far.
  std::uint32_t steps() const { return record_->facts().steps; }

  // Runs `main` once, as `strategy` decides, and writes what happens into `record`, which the
  // caller has cleared. `watcher` may be null; with one, every event is described to it.
  void execute(const std::function<void()>& main, strategy& strategy, execution& record,
               observer* watcher);
  // Those of the last execution.
  std::span<const race> races() const { return races_; }
  std::span<const foreign_unlocking> foreign_unlocks() const { return foreign_unlocks_; }
  // If it was cut: who can never go on.
  std::span<const stuck_goroutine> stuck() const { return stuck_; }

  // From scheduler:
  bool before(const op& next) override;
  void after(const event& done) override;
  void park(const op& waiting, off_stack release) override;
  void ready(goroutine& woken) override;
  void spawn(goroutine& child) override;
  void finish() override;
  void end(ending how, int code, std::string_view text, where at) override;
  std::uint32_t choose(std::uint32_t n) override;
  std::uint64_t random() override;
  time_point now() override { return now_; }
  std::size_t goroutines_count() override;
  void describe_all(std::vector<goroutine_state>& to) override;
  void name(const void* object, std::string_view name) override {
    if (watcher_ != nullptr && !is_blind()) watcher_->named(object, name);
  }

  // The execution that runs, or null. Safe in a signal handler.
  const execution* running() const { return record_; }

  // For synctest::wait(). Not while the beginning of an execution is repeated blindly, which has
  // seen that nobody else was.
  bool is_somebody_settling() const { return settler_ != nullptr; }
  // For call_history: why a history is not linearizable, of which a panic follows.
  void refuted(const std::string& explanation) { refutation_ = explanation; }
  // Of the last execution; empty: it did not end so.
  const std::string& refutation() const { return refutation_; }
  void arm(alarm& armed) override;
  bool disarm(alarm& armed) override;

 private:
  // Blind are those in which nothing is asked, told or recorded.
  enum class mode : std::uint8_t {
    seeing,
    repeating,  // the beginning of the last execution (repeat.cpp)
    trying,     // whether a loop goes on, when all is over (looping.cpp)
  };

  // Why a pending operation will be refused.
  enum class fault : std::uint8_t { none, object_died, object_from_outside };

  // A goroutine of this execution; its index is its number.
  struct task {
    goroutine* self = nullptr;  // null once it has ended
    process_id path = 0;
    where created_at = where::unknown();
    bool is_out = false;            // takes no further part, and is no finding
    bool would_loop = false;        // its pending operation would begin an iteration once more
    bool waits = false;             // its guard did not hold when it was looked at last
    bool is_parked = false;         // until somebody makes it ready
    fault flaw = fault::none;       // of its pending operation
    const void* guarded = nullptr;  // the object in whose list of waiting guards it is linked
    std::uint32_t next_waiting = object::none;
    std::uint32_t previous_waiting = object::none;
  };

  // What is to be restored when an execution begins with the events of the last one.
  struct mark {
    alternative happened{};  // in this event
    op_kind kind{};
    // Before the decision about it:
    std::uint64_t trace_hash = 0;
    std::size_t decisions = 0;
    std::uint32_t deviations = 0;
    std::uint32_t steps = 0;
    std::size_t logged = 0;  // entries for the race detector
  };

  void execute_once(const std::function<void()>& main);
  // The path of who only acts, and that of a goroutine that has just observed.
  [[gnu::always_inline]] inline bool come_to(const op& next, std::uint64_t state);
  [[gnu::always_inline]] inline void take_effect(const event& done);
  // What does more than to change an object, or to observe it.
  static constexpr kind_set special_kinds = {op_kind::made, op_kind::destroyed, op_kind::released,
                                             op_kind::start, op_kind::print};
  bool take_special_effect(const event& done);
  [[gnu::always_inline]] inline void record_effect(const event& done, bool observes);
  [[gnu::noinline]] bool before_in_run(const op& next);
  [[gnu::noinline]] void after_in_run(const event& done);
  [[gnu::noinline]] bool come_below_gap(const op& next);
  [[gnu::noinline]] void take_effect_below_gap(const event& done);
  void trace(strategy& strategy, execution& record);
  // Repeating the beginning of the last execution (repeat.cpp).
  bool repeat();
  std::uint32_t repeat_choice(std::uint32_t n);
  bool diverge();
  void part_from_last();
  void note_mark(alternative happened, op_kind kind);
  // The events before the present one.
  std::uint32_t repeatable_until() const { return static_cast<std::uint32_t>(marks_.size()) - 1; }

  // Data races (racing.cpp).
  void listen_for_races();
  void look_for_races();
  // Such operations can race, or one of their arms can.
  static constexpr kind_set raced_kinds = {op_kind::send, op_kind::select, op_kind::add,
                                           op_kind::wait, op_kind::close};
  void note_uses(const op& next);
  void note_use(const void* address, bool closes);
  observer* heard_with(observer* other);

  // Settling and deciding.
  goroutine& next_to_run();
  bool decide();
  [[gnu::always_inline]] inline bool is_at_limit();
  [[gnu::always_inline]] inline bool happen(alternative chosen);
  void do_step(goroutine& g);
  void fire(std::uint32_t index);
  std::uint64_t source_of(const alarm& a) const;
  void continue_with(goroutine& next, off_stack then = {});
  std::uint32_t fireable() const;
  std::uint32_t rank_by_strategy(const situation& now);
  process_id process_of(alternative a) const override;
  const op* pending_of(alternative a) const override;
  const alarm& timer_at(std::uint32_t index) const override { return timers_.at(index); }
  time_point time() const override { return now_; }
  std::uint64_t object_id(const void* address) const override;
  std::uint32_t spawned() const override { return static_cast<std::uint32_t>(tasks_.size()); }
  process_id path_of(std::uint32_t number) const override { return tasks_[number].path; }
  where created_at(std::uint32_t number) const override { return tasks_[number].created_at; }

  // Pending operations and their guards.
  fault fault_of(const op& next) const;
  void make_object(const op& made);
  void bury(object& destroyed);
  void enable_if_guard_holds(goroutine& g);
  void watch_guard(goroutine& g, object& on);
  void unwatch_guard(goroutine& g);
  void recheck_guards(object& changed);
  void await_turn(goroutine& g);
  void let_settler_go_on();

  // Ending.
  void end_program(ending how, int code, std::string_view text);
  void conclude(verdict v, std::string_view kind, std::string_view text);
  bool is_refutation(std::string_view panic) const;
  void judge_quiescence();
  void judge_waits();
  void judge_cut();
  std::vector<waiting_goroutine> waiting_goroutines() const;
  void take_out(goroutine& g);
  void refuse(goroutine& g);
  void clean_up();
  void tell_what_is_left();
  void clean_up_goroutines();

  // Goroutines that repeat an iteration (looping.cpp).
  // Not inlined: its variables must not lie in the frame of before_in_run().
  [[gnu::noinline]] bool returns_to(const op& next);
  void note_return(goroutine& g, std::uint64_t state);
  void note_act();
  void note_effect(const op& done);
  void note_arrival(const op& parked);
  void note_fire(const alarm& fired, bool moves_clock);
  void set_aside(goroutine& g);
  void change(object& o) {
    o.changed_at = record_->facts().steps;
    if (!set_aside_.empty()) release_changed();
  }
  void change_arms(const op& what);
  void release_changed();
  // Loops that nobody can end.
  void judge_loops();
  bool keeps_looping(goroutine& g);
  bool goes_round();
  void note_trial(const event& done);

  static constexpr std::uint32_t steps_between_looks = 256;
  // Between the frames of the program and those that run on its stack for the checker: what the
  // latter leave behind must not come up in the former, where it would be taken for state.
  static constexpr std::size_t gap_bytes = 2048;

  void hash(std::uint64_t what);
  static bool is_local(op_kind kind) { return kind == op_kind::go || kind == op_kind::choose; }
  bool is_blind() const { return mode_ != mode::seeing; }
  task& task_of(const goroutine& g) { return tasks_[g.number]; }

  const lockstep_options options_;
  object_table objects_;
  repetitions repetitions_{objects_};
  timer_queue timers_;
  goroutine_set enabled_;
  std::vector<task> tasks_;
  std::vector<goroutine*> unsettled_;  // a FIFO: from unsettled_first_ on
  std::size_t unsettled_first_ = 0;
  std::vector<goroutine*> set_aside_;
  goroutine* settler_ = nullptr;  // it waits until all others do

  // Of the execution that runs:
  strategy* strategy_ = nullptr;
  bool asks_always_ = false;
  bool is_traced_ = false;
  execution* record_ = nullptr;
  observer* watcher_ = nullptr;
  std::unique_ptr<tracer> tracer_;  // if a strategy ever wanted it
  std::vector<mark> marks_;         // of each event but the first, in a traced execution
  mark parting_;                    // of the event with which the execution parts from the last
  // Only events before this one can be repeated blindly; here an operation met a dead object.
  std::uint32_t plain_until_ = 0;
  mode mode_ = mode::seeing;
  // Some goroutine came back to an operation: from then on executions are not repeated blindly,
  // which would lose what it had observed; one that is when it happens must begin again.
  bool has_returns_ = false;
  // Some execution had what can be raced for: from then on all are written down for the detector.
  // One that is when it happens must begin again. So are all if foreign unlocks are asked for.
  bool can_race_;
  sync_log log_{objects_};
  listeners both_;
  race_finder finder_;
  std::span<const race> races_;
  foreign_unlock_finder unlock_finder_;
  std::span<const foreign_unlocking> foreign_unlocks_;
  std::vector<stuck_goroutine> stuck_;
  bool is_cut_ = false;  // by a limit, while somebody could go on
  bool parted_ = false;
  bool must_begin_again_ = false;
  std::uint64_t state_ = 0;  // of the running goroutine, which comes back; 0: it does not
  std::uint32_t next_repeated_ = 0;
  std::uint32_t repeated_until_ = 0;
  std::size_t next_choice_ = 0;
  goroutine* host_ = nullptr;  // the thread that called execute()
  goroutine* running_ = nullptr;
  std::uint32_t current_ = 0;  // the goroutine that did the last step
  time_point now_{};
  std::uint32_t steps_at_end_ = 0;
  std::uint32_t next_look_ = 0;  // at how full the record is, in steps
  std::string refutation_;
  bool program_ended_ = false;
  bool judges_leaks_ = false;
  bool over_ = false;  // no step follows
  bool loops_to_judge_ = false;
  // The loop that is being tried, when all is over:
  struct {
    std::span<const observation> iteration;
    std::size_t at = 0;
    int rounds = 0;  // to go; 0: none is tried
  } trial_;
  bool abandoning_ = false;
};

}  // namespace braid
