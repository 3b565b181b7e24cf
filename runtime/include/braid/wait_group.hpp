// Waits for a set of goroutines to finish, as Go's sync.WaitGroup (rules W1-W7).
#pragma once

#include <braid/scheduler.hpp>
#include <braid/wait_queue.hpp>
#include <braid/where.hpp>

namespace braid {

class wait_group {
 public:
  explicit wait_group(where at = {}) {
    if (detail::watched()) detail::report_made(this, "wg", at);
  }
  wait_group(const wait_group&) = delete;
  wait_group& operator=(const wait_group&) = delete;
  ~wait_group() {
    if (detail::watched()) detail::report_destroyed(this);
  }

  // Adds `delta`, which may be negative. Panics "sync: negative WaitGroup counter" below zero.
  void add(int delta, where at = {});
  void done(where at = {}) { add(-1, at); }
  // Parks the caller until the count is zero.
  void wait(where at = {});

 private:
  static bool is_zero(const op& pending);

  spin_lock guard_;
  // Protected by guard_:
  int count_ = 0;
  detail::wait_queue waiters_;  // empty whenever count_ == 0
};

}  // namespace braid
