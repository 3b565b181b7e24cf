// A mutual exclusion lock, as Go's sync.Mutex (rules M1-M4); Lockable, so std::scoped_lock and
// std::unique_lock work, but then the place that reports show is the line in std's header:
// braid::lock_guard has the caller's. Not owned by a goroutine: another one may unlock it (M2).
#pragma once

#include <braid/lock_guard.hpp>
#include <braid/scheduler.hpp>
#include <braid/wait_queue.hpp>
#include <braid/where.hpp>

namespace braid {

class mutex {
 public:
  mutex(where at = {}) {
    if (detail::watched()) detail::report_made(this, "mutex", at);
  }
  // A part of an object that several may own, which reports call `whole`.
  struct part_of {
    std::string_view whole;
  };
  mutex(part_of what, where at) {
    if (detail::watched()) detail::report_made(this, what.whole, at);
  }
  mutex(const mutex&) = delete;
  mutex& operator=(const mutex&) = delete;
  ~mutex() {
    if (detail::watched()) detail::report_destroyed(this);
  }

  // Parks until the lock is free, then takes it. A goroutine that holds it waits for ever (M3).
  void lock(where at = {});
  // Takes the lock if it is free. Never parks.
  bool try_lock(where at = {});
  // Fatal "sync: unlock of unlocked mutex" if it is not locked (M4).
  void unlock(where at = {});

 private:
  static bool is_free(const op& pending);

  spin_lock guard_;
  // Protected by guard_:
  bool locked_ = false;
  detail::wait_queue waiters_;  // empty unless locked_; the first gets the lock from unlock()
};

}  // namespace braid
