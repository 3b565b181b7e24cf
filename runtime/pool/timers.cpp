// The armed timers of a program; see timers.hpp.
#include "pool/timers.hpp"

#include <braid/panic.hpp>

namespace braid {

void timers::arm(alarm& t) {
  BRAID_ASSERT(t.position == 0);
  const spin_guard held(lock_);
  t.sequence = ++armed_;
  heap_.push_back(&t);
  sift(t, heap_.size() - 1);
  publish_next();
}

bool timers::disarm(alarm& t) {
  const spin_guard held(lock_);
  if (t.position == 0) return false;
  take(t.position - 1);
  publish_next();
  return true;
}

void timers::fire_due(run_clock& clock) {
  if (!any_due(clock)) return;
  // Partner: the store below. Who fails leaves a due timer behind, and will look again before it
  // sleeps or in its next round.
  if (firing_.exchange(true, std::memory_order_acquire)) return;
  while (alarm* due = take_first(&clock)) due->fired(*due);
  firing_.store(false, std::memory_order_release);  // partner: the exchange above
}

void timers::drop_all() {
  while (alarm* left = take_first(nullptr)) left->dropped(*left);
}

time_point timers::earliest() {
  const spin_guard held(lock_);
  return heap_.empty() ? never : heap_.front()->when;
}

bool timers::empty() {
  const spin_guard held(lock_);
  return heap_.empty();
}

bool timers::are_all_for_awaits() {
  {
    const spin_guard held(lock_);
    for (const alarm* t : heap_) {
      if (t->sleeper == nullptr || !t->sleeper->doing.is_awaiting()) return false;
    }
  }
  // Whoever took one out of the heap says so until it has fired: this comes after.
  return !firing_.load(std::memory_order_acquire);  // partner: the stores in fire_due()
}

alarm* timers::take_first(run_clock* until) {
  const spin_guard held(lock_);
  if (heap_.empty()) return nullptr;
  alarm* first = heap_.front();
  if (until != nullptr && !until->is_due(first->when)) return nullptr;
  // Here, and not by who fires it: it may be armed again for another time before it is fired.
  if (until != nullptr) until->reach(first->when);
  take(0);
  publish_next();
  return first;
}

void timers::take(std::size_t index) {
  heap_[index]->position = 0;
  alarm* last = heap_.back();
  heap_.pop_back();
  if (index < heap_.size()) sift(*last, index);
}

void timers::place(alarm& t, std::size_t index) {
  heap_[index] = &t;
  t.position = index + 1;
}

// Puts `t` where it belongs, starting from the hole at `index`.
void timers::sift(alarm& t, std::size_t index) {
  while (index > 0) {
    const std::size_t parent = (index - 1) / 2;
    if (!is_before(t, *heap_[parent])) break;
    place(*heap_[parent], index);
    index = parent;
  }
  for (;;) {
    std::size_t child = 2 * index + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && is_before(*heap_[child + 1], *heap_[child])) ++child;
    if (!is_before(*heap_[child], t)) break;
    place(*heap_[child], index);
    index = child;
  }
  place(t, index);
}

void timers::publish_next() {
  const time_point next = heap_.empty() ? never : heap_.front()->when;
  next_.store(next.time_since_epoch().count(), std::memory_order_relaxed);  // see next_deadline()
}

}  // namespace braid
