// A mutual exclusion lock, as Go's sync.Mutex (rules M1-M6); Lockable, so std::scoped_lock and
// std::unique_lock work, but then the place that reports show is the line in std's header:
// braid::lock_guard has the caller's. Not owned by a goroutine: another one may unlock it (M2).
//
// In production it has Go's two modes (M6). As a rule unlock() frees it and wakes the first of
// those who wait, which then competes with whoever comes: one that runs already is faster, and
// takes and releases it many times while a goroutine would be switched to. Once somebody has waited
// for more than a millisecond the lock is *starved*: unlock() hands it to the first who waits, and
// whoever comes queues, until one gets it who is the last, or has waited for less.
//
// Rejected: looking at the lock a few times before a goroutine parks, as Go does. It was no faster
// with 8 goroutines on 2 workers, whatever they did with the lock, and slower if they yielded.
#pragma once

#include <braid/lock_guard.hpp>
#include <braid/scheduler.hpp>
#include <braid/wait_queue.hpp>
#include <braid/where.hpp>
#include <cstdint>
#include <utility>

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
  void lock(where at = {}) {
    if (detail::watched() || !take()) lock_slowly(at);
  }
  // Takes the lock if it is free. Never parks.
  bool try_lock(where at = {});
  // Fatal "sync: unlock of unlocked mutex" if it is not locked (M4).
  void unlock(where at = {}) {
    if (detail::watched() || !release()) unlock_slowly(at);
  }

 private:
  struct place;

  static bool is_free(const op& pending);

  // True if it was free.
  bool take() {
    const spin_guard held(guard_);
    return !std::exchange(locked_, true);
  }
  // True if it was taken and nobody waited.
  bool release() {
    const spin_guard held(guard_);
    return waiters_.empty() && std::exchange(locked_, false);
  }
  void lock_slowly(where at);
  void unlock_slowly(where at);
  void wait(const op& waiting);
  bool is_passed_over(const place& first);

  spin_lock guard_;
  // Protected by guard_, as the places in waiters_:
  bool locked_ = false;
  bool is_starved_ = false;
  std::uint8_t passes_ = 0;     // of unlocks while one who was woken has not come yet
  detail::wait_queue waiters_;  // the first may be awake, and compete
};

}  // namespace braid
