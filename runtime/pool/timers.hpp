// The armed timers of a program: a binary heap by deadline, equal deadlines by the time of arming.
//
// Invariants:
//  * `position` of an armed timer is its place in the heap, counted from 1; 0 when it is not armed.
//  * next_deadline() is that of the first timer, or `never`, whenever the lock is free.
//  * One thread fires at a time, so timers fire in the order of their deadlines (rule T7). The
//    heap's lock is not held meanwhile: what a timer does may arm another one.
//
// Thread safety: all functions may be called from any thread.
//
// Rejected, for the time being: a wheel for each worker; it makes arming cheaper and the order of
// firing across workers arbitrary.
#pragma once

#include <atomic>
#include <braid/scheduler.hpp>
#include <braid/spin_lock.hpp>
#include <vector>

#include "pool/run_clock.hpp"

namespace braid {

class timers {
 public:
  static constexpr time_point never = time_point::max();

  timers() = default;
  timers(const timers&) = delete;
  timers& operator=(const timers&) = delete;

  void arm(alarm& t);
  // True if it was armed: then it will not fire.
  bool disarm(alarm& t);
  // Fires what is due, in order. Does nothing while another thread is at it, who will see to it.
  void fire_due(run_clock& clock);
  // Drops every timer. REQUIRES: nobody fires.
  void drop_all();

  // A cached value, for the test of every scheduling round; `never` if none is armed.
  time_point next_deadline() const {
    // Pairs with nothing: who is about to sleep asks earliest().
    return time_point(duration(next_.load(std::memory_order_relaxed)));
  }
  bool any_due(const run_clock& clock) const {
    const time_point next = next_deadline();
    return next != never && clock.is_due(next);
  }
  // The same under the lock: see the order of steps in parking.hpp.
  time_point earliest();
  bool empty();
  // True if each armed timer wakes an atomic's await, and none fires at the moment.
  bool are_all_for_awaits();

 private:
  static bool is_before(const alarm& a, const alarm& b) {
    return a.when != b.when ? a.when < b.when : a.sequence < b.sequence;
  }
  // Those that are due, if there is a clock: it is set to their deadlines.
  alarm* take_first(run_clock* until);
  void take(std::size_t index);
  void place(alarm& t, std::size_t index);
  void sift(alarm& t, std::size_t index);
  void publish_next();

  std::atomic<bool> firing_ = false;
  std::atomic<duration::rep> next_ = never.time_since_epoch().count();
  spin_lock lock_;
  // Protected by lock_:
  std::vector<alarm*> heap_;
  std::uint64_t armed_ = 0;  // so far
};

}  // namespace braid
