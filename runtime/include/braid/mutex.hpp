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
// Taking it and releasing it are one exchange each, of a byte that also says whether unlock() has
// to wake somebody: not while the first of those who wait is awake already, so that those who
// overtake it pay no more than if nobody waited.
//
// Rejected: looking at the lock a few times before a goroutine parks, as Go does. It was no faster
// with 8 goroutines on 2 workers, whatever they did with the lock, and slower if they yielded.
#pragma once

#include <atomic>
#include <braid/lock_guard.hpp>
#include <braid/scheduler.hpp>
#include <braid/wait_queue.hpp>
#include <braid/where.hpp>
#include <cstdint>
#include <string_view>

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

  // Bits of state_: it is taken; somebody waits; the first of them is awake. Those of the waiters
  // are changed under guard_ only.
  static constexpr std::uint8_t locked = 1;
  static constexpr std::uint8_t waiting = 2;
  static constexpr std::uint8_t awake = 4;

  static bool is_free(const op& pending);

  // True if it was free, whoever waits.
  bool take() {
    std::uint8_t seen = state() & ~locked;
    return replace(seen, seen | locked);
  }
  // True if it was taken and nobody need be woken: that is so while the first is awake, too. It may
  // starve in some queue of the scheduler's meanwhile: nothing takes a worker from goroutines that
  // lock and unlock and never wait (rule G10). So now and then, when it is awake, this is false.
  bool release() {
    constexpr int look_every = 64;
    std::uint8_t seen = state();
    if (seen == (locked | waiting | awake)) {
      if (++passes_ % look_every == 0) return false;
    } else if (seen != locked) {
      return false;
    }
    return replace(seen, seen & ~locked);
  }
  // One exchange is the next one's partner: who takes the lock sees what was done under it.
  bool replace(std::uint8_t& expected, std::uint8_t by) {
    return state_.compare_exchange_strong(expected, by, std::memory_order_acq_rel,
                                          std::memory_order_relaxed);
  }
  std::uint8_t state() const { return state_.load(std::memory_order_relaxed); }  // see replace()

  void lock_slowly(where at);
  void unlock_slowly(where at);
  bool take_if_free();
  void wait(const op& waiting_in);
  bool take_or_join(place& self);
  bool take_as_first(place& self);
  bool release_if_nobody_waits();
  goroutine* release_to_first();

  spin_lock guard_;
  std::atomic<std::uint8_t> state_ = 0;
  std::uint8_t passes_ = 0;  // of unlocks while the first is awake; for who holds the lock
  // Protected by guard_, as the places in waiters_:
  bool is_starved_ = false;
  detail::wait_queue waiters_;  // the first may be awake, and compete
};

}  // namespace braid
