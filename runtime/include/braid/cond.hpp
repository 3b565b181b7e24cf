// A condition variable, as Go's sync.Cond (rules W12-W16), with std's names.
//
//   std::unique_lock held(lock);
//   ready.wait(held, [&] { return done; });
//
// Waiters are woken in the order in which they came (W13), and only by a notification that came
// after them (W14); never spuriously. Notifying needs no lock (W15).
#pragma once

#include <braid/scheduler.hpp>
#include <braid/wait_queue.hpp>
#include <braid/where.hpp>

namespace braid {

class cond {
 public:
  cond(where at = {}) {
    if (detail::watched()) detail::report_made(this, "cond", at);
  }
  cond(const cond&) = delete;
  cond& operator=(const cond&) = delete;
  ~cond() {
    if (detail::watched()) detail::report_destroyed(this);
  }

  // Unlocks, parks until it is notified, and locks again. No notification that comes after the
  // call is lost. REQUIRES: the caller has locked `held`, which is BasicLockable.
  template <class Lock>
  void wait(Lock& held, where at = {}) {
    place self;
    enqueue(self, at);
    held.unlock();
    await(self, at);
    held.lock();
  }
  // The same until `holds()` is true, which is asked with the lock held.
  template <class Lock, class Predicate>
  requires requires(Predicate p) { static_cast<bool>(p()); }
  void wait(Lock& held, Predicate holds, where at = {}) {
    while (!holds()) wait(held, at);
  }

  // Wakes the one that has waited longest, if anybody waits.
  void notify_one(where at = {}) { notify(false, at); }
  // Wakes all who wait now.
  void notify_all(where at = {}) { notify(true, at); }

 private:
  // Of one who waits. It lives on that goroutine's stack.
  struct place : detail::waiter {
    bool notified = false;
    bool parked = false;
  };

  static bool is_notified(const op& pending);

  void enqueue(place& self, where at);
  void await(place& self, where at);
  void notify(bool all, where at);
  void report_release(const place& chosen, where at);

  spin_lock guard_;
  // Protected by guard_, as the places in it:
  detail::wait_queue waiting_;
};

}  // namespace braid
