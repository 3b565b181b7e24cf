// What every timer is: an alarm that can be called off and set again, from any goroutine.
//
// Invariants, while the lock is free:
//  * is_armed() iff the alarm will go off and have an effect;
//  * references_ counts the handles, and the alarms that were armed and whose fire() or drop() has
//    not run yet, also of those that were called off too late for disarm().
//
// A timer that is called off while the scheduler is about to run its fire():
//   1. the scheduler takes the alarm out of its queue; disarm() comes too late from here on;
//   2. stop() takes the lock, sees that, and counts one more call that is to do nothing;
//   3. reset() arms the alarm again: it may be in the queue while the first call is still to come;
//   4. the first call takes the lock and does nothing. The scheduler fires one alarm after another,
//      so the call that is to do something comes after it.
//
// Thread safety: the public functions may be called from any goroutine.
#pragma once

#include <atomic>
#include <braid/scheduler.hpp>
#include <braid/spin_lock.hpp>
#include <string_view>

namespace braid::detail {

class channel;

// Huge delays saturate instead of lying in the past (rule T12).
time_point moment_after(time_point now, duration delay);
time_point deadline_after(duration delay);  // from now
// From `now` to `when`, negative if that is over; saturates, too.
duration time_between(time_point now, time_point when);

class timer_core : private alarm {
 public:
  timer_core();
  timer_core(const timer_core&) = delete;
  timer_core& operator=(const timer_core&) = delete;

  void acquire() { references_.fetch_add(1, std::memory_order_relaxed); }  // the caller holds one
  void release();

  // `kind` is start or after; `name` is what the timer is called in reports.
  void start(op_kind kind, std::string_view name, duration delay, where at);
  // These return what stop() of <braid/timer.hpp> does.
  bool stop(where at);
  bool reset(duration delay, where at);

 protected:
  virtual ~timer_core() = default;

  // What is left to do when the lock is free.
  struct aftermath {
    goroutine* woken = nullptr;
    goroutine* started = nullptr;
    goroutine* unused = nullptr;  // a goroutine that will not be started
    channel* let_go = nullptr;    // a reference that the armed timer held
  };
  void carry_out(const aftermath& then);

  // All below: REQUIRES lock().
  virtual const void* identity() const = 0;  // as alarm::object
  // Makes what it needs to go off.
  virtual goroutine* prepare(where at) = 0;
  // It goes off. `when`: its deadline.
  virtual void go_off(time_point when, goroutine* starts, aftermath& then) = 0;
  // It will not go off.
  virtual void lay_down(goroutine* starts, aftermath& then) = 0;
  // It is stopped. True if it had gone off, but nobody had noticed.
  virtual bool take_back() = 0;
  // It is reset.
  virtual void set_interval(duration) {}

  void arm_at(time_point when, where at);
  // True if it was armed.
  bool disarm(aftermath& then);
  bool is_armed() const { return is_armed_; }
  time_point deadline() const { return when; }  // the last one
  where armed_at() const { return at; }
  spin_lock& lock() { return lock_; }

 private:
  static void fire(alarm& fired);
  static void drop(alarm& dropped);
  std::int64_t call_off(aftermath& then);

  std::atomic<std::uint32_t> references_ = 1;
  spin_lock lock_;
  // Protected by lock_:
  bool is_armed_ = false;
  std::uint32_t void_calls_ = 0;  // of fire(), that are to come and do nothing
};

}  // namespace braid::detail
