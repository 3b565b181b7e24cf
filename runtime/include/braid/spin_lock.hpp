// A test-and-test-and-set lock with back-off, for critical sections of a few dozen instructions.
//
// Never held across a switch, except through off_stack. One byte, so that it fits beside the state
// it guards; the store that unlocks is the last access to it (a wait group may die right after).
#pragma once

#include <atomic>

namespace braid {

class spin_lock {
 public:
  spin_lock() = default;
  spin_lock(const spin_lock&) = delete;
  spin_lock& operator=(const spin_lock&) = delete;

  void lock() {
    // The acquire is the partner of unlock().
    if (__builtin_expect(held_.exchange(true, std::memory_order_acquire), 0)) wait();
  }
  void unlock() { held_.store(false, std::memory_order_release); }  // partner: lock

 private:
  [[gnu::noinline]] void wait();

  std::atomic<bool> held_ = false;
};

class spin_guard {
 public:
  explicit spin_guard(spin_lock& lock) : lock_(lock) { lock_.lock(); }
  spin_guard(const spin_guard&) = delete;
  spin_guard& operator=(const spin_guard&) = delete;
  ~spin_guard() { lock_.unlock(); }

 private:
  spin_lock& lock_;
};

}  // namespace braid
