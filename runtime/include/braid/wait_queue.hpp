// A FIFO of goroutines parked on one object.
//
// Invariant: a waiter is linked in at most one queue. Waiters live on their goroutine's stack.
// Thread safety: none; the lock of the owning object protects the queue.
//
// An object may outlive its program, and the goroutines that the program left waiting in it: they
// are unwound without a word to what they wait in, which may be gone already. So a queue knows
// during which program it was filled, and in a later one it is empty.
#pragma once

#include <braid/goroutine.hpp>
#include <braid/scheduler.hpp>
#include <braid/spin_lock.hpp>
#include <cstdint>
#include <utility>

namespace braid::detail {

struct waiter {
  goroutine* self = &goroutine::current();
  waiter* next = nullptr;
};

class wait_queue {
 public:
  bool empty() const { return first_ == nullptr || program_ != this_program(); }
  waiter* front() const { return empty() ? nullptr : first_; }
  void push(waiter& w) {
    (empty() ? first_ : last_->next) = &w;
    last_ = &w;
    program_ = this_program();
  }
  waiter* pop() { return empty() ? nullptr : std::exchange(first_, first_->next); }
  // The whole chain, linked by `next`; the queue is empty afterwards.
  waiter* take_all() { return empty() ? nullptr : std::exchange(first_, nullptr); }

 private:
  waiter* first_ = nullptr;
  waiter* last_ = nullptr;
  std::uint64_t program_ = 0;  // of those in it
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
