// The checker's scheduler: events and decisions; see lockstep.hpp. Endings are in ending.cpp,
// guards and objects in pending.cpp, loops in looping.cpp, data races in racing.cpp.
#include "lockstep/lockstep.hpp"

#include <braid/panic.hpp>
#include <utility>

#include "mix.hpp"

namespace braid {

void lockstep::execute(const std::function<void()>& main, strategy& strategy, execution& record,
                       observer* watcher) {
  const scheduler_scope installed(*this, true);
  detail::spurious = options_.spurious;
  strategy_ = &strategy;
  asks_always_ = strategy.wants_every_event();
  record_ = &record;
  host_ = running_ = &goroutine::current();
  const std::uint64_t run = record.facts().run;
  watcher_ = watcher;
  execute_once(main);
  // A goroutine came back to an operation in an execution whose beginning was repeated blindly,
  // where nobody saw what it had observed there, or the first variable was made: all of it is
  // executed again, seeing.
  while (must_begin_again_) {
    record.clear(run);
    strategy.begin(run);
    watcher_ = nullptr;
    execute_once(main);
  }
}

void lockstep::execute_once(const std::function<void()>& main) {
  mode_ = mode::seeing;
  must_begin_again_ = parted_ = false;
  races_ = {};
  foreign_unlocks_ = {};
  refutation_.clear();
  stuck_.clear();
  is_cut_ = false;
  if (watcher_ != nullptr) can_race_ = true;  // nobody could tell it that all begins again
  is_traced_ = strategy_->wants_trace();
  if (is_traced_) {
    trace(*strategy_, *record_);
  } else {
    log_.clear();
    watcher_ = heard_with(watcher_);
  }
  if (!is_blind()) repetitions_.begin(is_traced_ && !has_returns_);
  record_->facts().data_seed = strategy_->data_seed();
  now_ = start_of_time;
  current_ = 0;
  settler_ = nullptr;
  program_ended_ = over_ = abandoning_ = loops_to_judge_ = false;
  next_look_ = 0;

  goroutine& first = goroutine::make(nullptr, where::unknown());
  first.function.set([&main, this] {
    main();
    end(ending::returned, 0, {}, where::unknown());
  });
  spawn(first);
  continue_with(next_to_run());
  if (watcher_ != nullptr) tell_what_is_left();
  if (can_race_) look_for_races();
  if (loops_to_judge_) judge_loops();
  if (is_cut_) judge_cut();
  clean_up();
  record_->facts().is_over = true;
}

bool lockstep::come_to(const op& next, std::uint64_t state) {
  goroutine& self = *running_;
  if (self.is_abandoned()) {
    goroutine::stay_inert();
    return false;
  }
  self.pending = &next;
  if (is_local(next.kind) && !over_) {
    ++record_->facts().local_steps;
    do_step(self);
    return true;
  }
  if (!is_blind()) {
    if (state != 0) note_return(self, state);
    await_turn(self);
  }
  goroutine& chosen = next_to_run();
  if (&chosen == &self) return true;
  continue_with(chosen);
  if (self.is_abandoned()) goroutine::leave();
  return true;
}

void lockstep::take_effect(const event& done) {
  const op& what = done.done;
  if (special_kinds.has(what.kind) && take_special_effect(done)) return;
  const bool observes = repetitions::observes(done);
  running_->idle = observes ? running_->idle + 1 : 0;
  if (!is_blind()) return record_effect(done, observes);
  if (mode_ == mode::trying) note_trial(done);
}

// True if that is all.
bool lockstep::take_special_effect(const event& done) {
  const op& what = done.done;
  switch (what.kind) {
    case op_kind::made:
      if (!abandoning_) make_object(what);
      return true;
    case op_kind::destroyed:
      if (object* const o = abandoning_ ? nullptr : objects_.find(what.object)) bury(*o);
      return true;
    case op_kind::released:
      if (!is_blind() && watcher_ != nullptr) watcher_->done(*running_, done);
      return true;
    case op_kind::start:
      objects_.find(what.object)->is_ticker = what.text == "ticker";
      return false;
    default:
      if (program_ended_) return false;
      what.argument == 2 ? record_->printed_error(what.text) : record_->printed(what.text);
      return false;
  }
}

// What it comes to for others, in an execution that is recorded.
void lockstep::record_effect(const event& done, bool observes) {
  const op& what = done.done;
  hash(static_cast<std::uint64_t>(done.result) * 2 + done.more);
  object* const on =
      what.object == nullptr || what.kind == op_kind::go ? nullptr : objects_.find(what.object);
  if (running_->idle > repetitions::idle_min) {
    repetitions_.observed(*running_, what, on, record_->facts().steps);
  } else if (!observes) {
    if (on != nullptr && repetitions::changes(what.kind)) change(*on);
    if (running_->recent != 0 || !what.arms.empty()) note_effect(what);
  }
  if (on != nullptr && on->first_waiting != object::none) recheck_guards(*on);
  if (watcher_ != nullptr) watcher_->done(*running_, done);
}

bool lockstep::before(const op& next) {
  if (running_->recent != 0) return before_in_run(next);
  return come_to(next, 0);
}

void lockstep::after(const event& done) {
  if (running_->idle >= repetitions::idle_min) return after_in_run(done);
  take_effect(done);
}

// The frames of the checker lie deeper by a gap than those of the program can reach again soon:
// what they leave there would come up in variables that the program has not assigned yet, and make
// the same state look different. (Where frames of the program are deeper than the gap, a loop may
// be missed, no more.) Between the two lies only this frame: it has no variables, so that it is the
// same each time when a goroutine comes back to an operation. What follows is in functions of
// their own, lest the compiler puts their variables above the gap.
bool lockstep::before_in_run(const op& next) {
  char gap[gap_bytes];
  asm volatile("" : : "r"(gap));  // it is there, though nobody uses it
  if (returns_to(next)) state_ = goroutine::hash_of_state(gap + gap_bytes);
  return come_below_gap(next);
}

void lockstep::after_in_run(const event& done) {
  char gap[gap_bytes];
  asm volatile("" : : "r"(gap));
  take_effect_below_gap(done);
}

bool lockstep::come_below_gap(const op& next) { return come_to(next, std::exchange(state_, 0)); }

void lockstep::take_effect_below_gap(const event& done) { take_effect(done); }

void lockstep::park(const op& waiting, off_stack release) {
  goroutine& self = *running_;
  BRAID_ASSERT(!self.is_abandoned());
  release.run(release.argument);  // one thread: nobody can resume us before we have left
  self.pending = &waiting;
  task_of(self).is_parked = true;
  self.idle = 0;
  if (!is_blind()) note_arrival(waiting);
  if (watcher_ != nullptr) watcher_->waits(self, waiting);
  continue_with(next_to_run());
  if (self.is_abandoned()) goroutine::leave();
}

void lockstep::ready(goroutine& woken) {
  if (watcher_ != nullptr) watcher_->woken(woken, *woken.pending);
  if (!is_blind() && !woken.pending->arms.empty()) change_arms(*woken.pending);
  woken.pending = nullptr;
  task_of(woken).is_parked = false;
  unsettled_.push_back(&woken);
}

void lockstep::spawn(goroutine& child) {
  child.number = static_cast<std::uint32_t>(tasks_.size());
  child.id = child.number + 1;
  tasks_.push_back({.self = &child, .path = child.path(), .created_at = child.created_at()});
  ++record_->facts().goroutines;
  unsettled_.push_back(&child);
  if (watcher_ != nullptr) watcher_->created(child);
}

void lockstep::arm(alarm& armed) {
  timers_.arm(armed);
  if (watcher_ != nullptr) watcher_->armed(armed);
}

bool lockstep::disarm(alarm& armed) {
  if (!timers_.disarm(armed)) return false;
  if (watcher_ != nullptr) watcher_->disarmed(armed, armed.when <= now_);
  return true;
}

std::uint32_t lockstep::choose(std::uint32_t n) {
  if (mode_ == mode::trying) return 0;
  if (mode_ == mode::repeating) return repeat_choice(n);
  const op* now = running_->pending;
  const auto kind =
      now != nullptr && now->kind == op_kind::choose ? decision_kind::value : decision_kind::arm;
  const std::uint32_t step = record_->facts().steps;
  const std::uint32_t rank = strategy_->choose({.step = step, .kind = kind, .of = n});
  BRAID_ASSERT(rank < n);
  const decision& made =
      record_->decided({.step = step, .taken = rank, .rank = rank, .of = n, .kind = kind});
  if (watcher_ != nullptr) watcher_->decided(made, nullptr);
  return rank;
}

// A function of the execution's seed, the goroutine and how often it has drawn: what others do in
// the meantime does not change it. A loop that draws does not repeat itself.
std::uint64_t lockstep::random() {
  record_->facts().drew_random = true;
  running_->idle = 0;
  if (!is_blind()) note_act();
  if (mode_ == mode::trying) trial_.rounds = -1;
  return mix(mix(record_->facts().data_seed + golden_ratio) ^
             (running_->path() + ++running_->draws));
}

// Who runs now: first whoever is not settled, then whom the strategy chose; the host when all is
// over.
goroutine& lockstep::next_to_run() {
  for (;;) {
    if (over_) [[unlikely]]
      return goes_round() ? *running_ : *host_;
    if (unsettled_first_ < unsettled_.size()) {
      goroutine& g = *unsettled_[unsettled_first_++];
      if (unsettled_first_ == unsettled_.size()) {
        unsettled_.clear();
        unsettled_first_ = 0;
      }
      return g;
    }
    const bool is_repeated = mode_ == mode::repeating && next_repeated_ < repeated_until_;
    if (is_repeated ? repeat() : decide()) return *tasks_[current_].self;
  }
}

// Decides what happens next and begins it. True if goroutine current_ is to run; false if a timer
// fired or nothing is left to do.
bool lockstep::decide() {
  if (mode_ == mode::repeating) {
    part_from_last();
    if (over_) return false;
  }
  if (settler_ != nullptr) let_settler_go_on();
  const std::uint32_t timers = fireable();
  const std::uint32_t alternatives = enabled_.size() + timers;
  if (alternatives == 0) {
    judge_quiescence();
    return false;
  }
  if (is_at_limit()) return false;
  execution::summary& facts = record_->facts();
  const situation now(enabled_, timers, current_, facts.steps + 1, *this, record_->log());
  const std::uint32_t rank = alternatives > 1 || asks_always_ ? rank_by_strategy(now) : 0;
  if (rank == situation::none) {
    facts.is_redundant = over_ = true;
    return false;
  }
  if (rank == situation::diverged) return diverge();
  const alternative chosen = now.at(rank);
  if (is_traced_) {
    const op* next = pending_of(chosen);
    note_mark(chosen, next == nullptr ? op_kind::fire : next->kind);
  }
  if (alternatives > 1) {
    const decision& made =
        record_->decided({.step = facts.steps + 1,
                          .taken = chosen.index,
                          .rank = rank,
                          .of = alternatives,
                          .kind = chosen.kind,
                          .preempts = now.preempts(rank),
                          .preempting = now.can_continue() ? enabled_.size() - 1 : 0});
    if (watcher_ != nullptr) watcher_->decided(made, &now);
  }
  return happen(chosen);
}

// True if the execution is cut here.
bool lockstep::is_at_limit() {
  execution::summary& facts = record_->facts();
  bool is_full = facts.output_cut;
  if (facts.steps >= next_look_) {
    next_look_ = facts.steps + steps_between_looks;
    is_full = is_full || record_->is_nearly_full();
  }
  over_ = program_ended_ ? facts.steps - steps_at_end_ >= options_.run_on_steps_max || is_full
                         : facts.steps >= options_.steps_max || is_full;
  if (!over_) return false;
  is_cut_ = true;
  facts.run_on_cut = program_ended_ && judges_leaks_;
  if (!program_ended_) record_->add(verdict::steps);
  return true;
}

// As decide(), when that is decided.
bool lockstep::happen(alternative chosen) {
  if (chosen.kind == decision_kind::timer) {
    fire(chosen.index);
    return false;
  }
  current_ = chosen.index;
  goroutine& g = *tasks_[current_].self;
  if (!can_race_ && raced_kinds.has(g.pending->kind)) note_uses(*g.pending);
  do_step(g);
  if (tasks_[current_].flaw == fault::none) return true;
  refuse(g);
  return false;
}

std::uint32_t lockstep::rank_by_strategy(const situation& now) {
  const std::uint32_t rank = strategy_->pick(now);
  BRAID_ASSERT(rank < now.size() || rank >= situation::diverged);
  return rank;
}

process_id lockstep::process_of(alternative a) const {
  if (a.kind == decision_kind::goroutine) return tasks_[a.index].self->path();
  const alarm& t = timers_.at(a.index);
  return t.sleeper != nullptr ? timer_of_sleeper(*t.sleeper) : timer_of_object(source_of(t));
}

// Which of the timers it is: the path of its sleeper, or the id of its object.
std::uint64_t lockstep::source_of(const alarm& a) const {
  return a.sleeper != nullptr ? a.sleeper->path() : objects_.find(a.object)->id;
}

const op* lockstep::pending_of(alternative a) const {
  return a.kind == decision_kind::goroutine ? tasks_[a.index].self->pending : nullptr;
}

std::uint64_t lockstep::object_id(const void* address) const { return objects_.id_of(address); }

// Numbers the step in which `g` does its pending operation.
void lockstep::do_step(goroutine& g) {
  const op& what = *g.pending;
  ++record_->facts().steps;
  if (is_blind()) return;
  if (what.object != nullptr && what.kind != op_kind::go) hash(object_id(what.object));
  hash(g.path() + static_cast<std::uint64_t>(what.kind));
  enabled_.erase(g.number);
  if (task_of(g).guarded != nullptr) unwatch_guard(g);
  task_of(g).would_loop = false;
  if (watcher_ != nullptr) watcher_->does(record_->facts().steps, g, what);
}

// Timers that may fire now: those with the earliest deadline, if it has come or the clock may move.
std::uint32_t lockstep::fireable() const {
  if (timers_.empty()) return 0;
  const bool may_move = options_.timers == timer_mode::free || enabled_.size() == 0;
  return may_move || timers_.next_deadline() <= now_ ? timers_.due_together() : 0;
}

void lockstep::fire(std::uint32_t index) {
  alarm& due = timers_.take(index);
  const bool moves_clock = due.when > now_;
  now_ = std::max(now_, due.when);
  ++record_->facts().steps;
  if (!is_blind()) hash(source_of(due));
  if (watcher_ != nullptr) watcher_->fires(record_->facts().steps, due, moves_clock);
  if (!is_blind()) note_fire(due, moves_clock);
  due.fired(due);
}

void lockstep::continue_with(goroutine& next, off_stack then) {
  if (&next == running_) return;
  running_ = &next;
  record_->facts().running = next.number;
  goroutine::switch_to(next, then);
}

void lockstep::hash(std::uint64_t what) {
  std::uint64_t& h = record_->facts().trace_hash;
  h = fold(h, what);
}

}  // namespace braid
