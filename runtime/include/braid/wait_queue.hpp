// A FIFO of goroutines parked on one object.
//
// Invariant: a waiter is linked in at most one queue. Waiters live on their goroutine's stack.
// Thread safety: none; the lock of the owning object protects the queue.
#pragma once

#include <braid/goroutine.hpp>
#include <braid/scheduler.hpp>
#include <braid/spin_lock.hpp>
#include <utility>

namespace braid::detail {

struct waiter {
  goroutine* self = &goroutine::current();
  waiter* next = nullptr;
};

class wait_queue {
 public:
  bool empty() const { return first_ == nullptr; }
  void push(waiter& w) {
    (first_ == nullptr ? first_ : last_->next) = &w;
    last_ = &w;
  }
  waiter* pop() { return first_ == nullptr ? nullptr : std::exchange(first_, first_->next); }
  // The whole chain, linked by `next`; the queue is empty afterwards.
  waiter* take_all() { return std::exchange(first_, nullptr); }

 private:
  waiter* first_ = nullptr;
  waiter* last_ = nullptr;
};

// Wakes a chain of waiters. Each is read before it is woken: it lives on the stack that then goes
// on.
inline void ready_all(waiter* chain) {
  while (chain != nullptr) {
    goroutine& woken = *chain->self;
    chain = chain->next;
    current_scheduler().ready(woken);
  }
}

// To be run off the stack of a parking goroutine.
inline off_stack unlocking(spin_lock& lock) {
  return {[](void* held) { static_cast<spin_lock*>(held)->unlock(); }, &lock};
}

}  // namespace braid::detail
