// The checker's scheduler: pending operations, their objects and their guards; see lockstep.hpp.
#include <algorithm>
#include <braid/panic.hpp>

#include "lockstep/lockstep.hpp"

namespace braid {

// The pending operation of `g` takes its place among those that can come next.
void lockstep::await_turn(goroutine& g) {
  const op& next = *g.pending;
  if (next.kind == op_kind::settle) {
    settler_ = &g;
    if (watcher_ != nullptr) watcher_->waits(g, next);
    return;
  }
  task& t = task_of(g);
  t.flaw = next.object != nullptr ? fault_of(next) : fault::none;
  for (const op& arm : next.arms) {
    if (t.flaw == fault::none) t.flaw = fault_of(arm);
  }
  if (t.flaw != fault::none) plain_until_ = std::min(plain_until_, repeatable_until());
  if (t.would_loop && t.flaw == fault::none) return set_aside(g);
  if (t.flaw != fault::none || next.guard == nullptr) return enabled_.insert(g.number);
  watch_guard(g, *objects_.find(next.object));
  t.waits = false;
  enable_if_guard_holds(g);
}

// Its turn comes when nobody else's does, before the clock moves.
void lockstep::let_settler_go_on() {
  const bool is_timer_due = !timers_.empty() && timers_.next_deadline() <= now_;
  if (enabled_.size() == 0 && !is_timer_due) {
    enabled_.insert(std::exchange(settler_, nullptr)->number);
  }
}

// An operation may only act on an object that lives and was made by this execution.
lockstep::fault lockstep::fault_of(const op& next) const {
  if (next.object == nullptr) return fault::none;
  const object* found = objects_.find(next.object);
  if (found == nullptr) return fault::object_from_outside;
  return found->alive ? fault::none : fault::object_died;
}

void lockstep::make_object(const op& made) {
  object& o = objects_.make(made.object);
  o.id = running_->path() * 31 + ++running_->objects;
  o.made_with = made.argument;
  o.is_shared = made.text == "chan" || made.text == "timer" || made.text == "context";
  if (!can_race_ && made.text == "var") listen_for_races();
  if (watcher_ != nullptr) watcher_->made(made);
}

// Whoever can go on to use a destroyed object will be refused when it does. Whoever waits for it
// waits for ever: nobody is left who could make its guard true.
void lockstep::bury(object& destroyed) {
  destroyed.alive = false;
  if (is_blind()) return;
  if (watcher_ != nullptr) watcher_->destroyed(destroyed);
  change(destroyed);
  const auto is_it = [&](const op& one) { return one.object == destroyed.address; };
  for (task& t : tasks_) {
    if (t.self == nullptr || (t.guarded == nullptr && !enabled_.has(t.self->number))) continue;
    const op& next = *t.self->pending;
    if (!is_it(next) && std::none_of(next.arms.begin(), next.arms.end(), is_it)) continue;
    if (enabled_.has(t.self->number)) t.flaw = fault::object_died;
    t.guarded = nullptr;
    plain_until_ = std::min(plain_until_, repeatable_until());
  }
  destroyed.first_waiting = object::none;
}

void lockstep::enable_if_guard_holds(goroutine& g) {
  const op& next = *g.pending;
  if (next.guard(next)) {
    enabled_.insert(g.number);
    return;
  }
  const bool waits_from_here = enabled_.has(g.number) || !task_of(g).waits;
  enabled_.erase(g.number);
  task_of(g).waits = true;
  if (watcher_ != nullptr && waits_from_here) watcher_->waits(g, next);
}

// Links `g` into the list of goroutines whose guard reads `on`.
void lockstep::watch_guard(goroutine& g, object& on) {
  task& t = task_of(g);
  t.guarded = on.address;
  t.previous_waiting = object::none;
  t.next_waiting = on.first_waiting;
  if (on.first_waiting != object::none) tasks_[on.first_waiting].previous_waiting = g.number;
  on.first_waiting = g.number;
}

void lockstep::unwatch_guard(goroutine& g) {
  task& t = task_of(g);
  if (t.previous_waiting == object::none) {
    objects_.find(t.guarded)->first_waiting = t.next_waiting;
  } else {
    tasks_[t.previous_waiting].next_waiting = t.next_waiting;
  }
  if (t.next_waiting != object::none) tasks_[t.next_waiting].previous_waiting = t.previous_waiting;
  t.guarded = nullptr;
}

void lockstep::recheck_guards(object& changed) {
  for (std::uint32_t n = changed.first_waiting; n != object::none; n = tasks_[n].next_waiting) {
    enable_if_guard_holds(*tasks_[n].self);
  }
}

}  // namespace braid
