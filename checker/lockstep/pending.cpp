// The checker's scheduler: pending operations, their objects and their guards; see lockstep.hpp.
#include <algorithm>
#include <braid/panic.hpp>

#include "lockstep/lockstep.hpp"

namespace braid {

// Notes what `self` does next. False if it cannot take part any more.
bool lockstep::pend(goroutine& self, const op& next) {
  self.pending = &next;
  const auto usable = [this](const op& one) { return is_usable(one); };
  if (!usable(next) || !std::all_of(next.arms.begin(), next.arms.end(), usable)) return false;
  if (next.guard == nullptr) {
    enabled_.insert(self.number);
    return true;
  }
  object& on = *objects_.find(next.object);
  watch_guard(self, on);
  task_of(self).waits = false;
  enable_if_guard_holds(self);
  return true;
}

// True if the object that `next` acts on lives and was made by this execution. Else the goroutine
// that asks is out of the play.
bool lockstep::is_usable(const op& next) {
  if (next.object == nullptr) return true;
  const object* found = objects_.find(next.object);
  if (found != nullptr && found->alive) return true;
  if (found == nullptr) {
    refuse(*running_,
           "use of an object that was made outside of the program: its state would leak "
           "from one execution into the next; make it inside",
           next.at);
  } else {
    refuse_dead_object(*running_);
  }
  return false;
}

void lockstep::make_object(const op& made) {
  object& o = objects_.make(made.object);
  o.id = running_->path() * 31 + ++running_->objects;
  o.made_with = made.argument;
  if (watcher_ != nullptr) watcher_->made(made);
}

// Whoever can go on to use a destroyed object will be refused when it does. Whoever waits for it
// waits for ever: nobody is left who could make its guard true.
void lockstep::bury(object& destroyed) {
  destroyed.alive = false;
  const auto is_it = [&](const op& one) { return one.object == destroyed.address; };
  for (task& t : tasks_) {
    if (t.self == nullptr || (t.guarded == nullptr && !enabled_.has(t.self->number))) continue;
    const op& next = *t.self->pending;
    if (!is_it(next) && std::none_of(next.arms.begin(), next.arms.end(), is_it)) continue;
    t.object_died = enabled_.has(t.self->number);
    t.guarded = nullptr;
  }
  destroyed.first_waiting = object::none;
}

// After main's end its locals are gone, which in production nobody would notice any more.
void lockstep::refuse_dead_object(goroutine& g) {
  enabled_.erase(g.number);
  if (program_ended_) return set_aside(g);
  refuse(g, "use of an object after its destruction", g.pending->at);
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
