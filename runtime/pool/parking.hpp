// Where idle workers sleep, and who wakes them.
//
// A worker without work first spins (looks again and again, for some microseconds), then enlists as
// a sleeper and sleeps on its own spot. One sleeper, the keeper, sleeps only until the next
// deadline. A push wakes at most one sleeper, and none while somebody spins: the spinner will find
// it, and the last spinner that finds work wakes the next.
//
// No wake-up is lost. A pusher P and a worker W that goes to sleep do:
//   P1. lock the queue, push, unlock            W1. sleepers += 1            (enlist)
//   P2. read sleepers and spinners:             W2. spinners -= 1, if it spun
//       wake one if sleepers > 0, spinners = 0  W3. lock each queue, look, unlock: withdraw if any
//                                               W4. sleep
// The critical sections P1 and W3 on one queue have an order.
//   a. P1 before W3: W finds the work.
//   b. W3 before P1: W1 and W2 happen before P2 by that lock, so P counts W among the sleepers and
//      not among the spinners. Either P wakes one, or it saw another spinner S.
//   c. S leaves its spinning by W2, to sleep, and the same argument holds for S; or because it
//      found work, and then, if it was the last, it looks into each queue after the decrement
//      as in W3 and wakes one. So someone looks after the last decrement.
// No lock of this file is needed for that, and no fence: the queues' own locks order the counters.
//
// Nor is a deadline. K1. take the role of keeper; K2. lock the timers, read the earliest, unlock;
// K3. note it; K4. sleep until then. Who arms: A1. locks the timers, adds, unlocks; A2. reads the
// keeper and its note. A1 before K2: the keeper knows. K2 before A1: A2 sees the role, with a note
// that is too late (at first: never), and wakes it. Without a keeper one sleeper is woken, and
// becomes it. A keeper that is woken gives up the role; it leaves a spinner behind (itself), and
// the last spinner that finds work wakes a new keeper if timers are armed.
//
// Threads that serve one goroutine (dedicated.cpp) are no workers: they take no part in this, but
// for the question whether all sleep. `errands` counts how often their goroutines were woken, or
// moved there, and have not parked since. Such a thread pushes like a pusher P; it does step W1 by
// counting down, and then looks as in W3 for a deadlock.
//
// One more thread, the watcher, looks after the busy workers (watchdog.hpp). While all workers
// sleep it sleeps, too: whoever leaves the sleepers first signals it.
//
// Thread safety: all functions may be called from any thread.
#pragma once

#include <atomic>
#include <braid/spin_lock.hpp>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace braid {

// Where one thread sleeps until somebody signals it. A signal is kept until it is consumed.
class parking_spot {
 public:
  // Returns true when signalled, which is consumed, or false when CLOCK_MONOTONIC reaches the
  // deadline.
  bool wait_until(std::int64_t deadline_ns);
  void signal();

 private:
  std::atomic<std::uint32_t> signalled_ = 0;
};

class parking {
 public:
  static constexpr std::int64_t never_ns = std::numeric_limits<std::int64_t>::max();

  // At most `spinners_max` workers spin on their own account.
  parking(unsigned workers, unsigned spinners_max);
  parking(const parking&) = delete;
  parking& operator=(const parking&) = delete;

  // REQUIRES: the queue was unlocked after the push, by this thread.
  void work_was_pushed() {
    // Relaxed: the queue's lock orders them, as told above.
    if (sleepers_.load(std::memory_order_relaxed) == 0) return;
    if (spinners_.load(std::memory_order_relaxed) == 0) wake_one();
  }
  // A timer was armed and the timers' lock was released.
  void deadline_is_armed(std::int64_t deadline_ns);
  // Wakes all sleepers, and the watcher.
  void wake_all();

  // False if enough others spin.
  bool start_spinning();
  // True if it was the last that spun.
  bool stop_spinning() { return spinners_.fetch_sub(1, std::memory_order_acq_rel) == 1; }

  // Step W1. Returns a stamp of the set of sleepers if now all sleep, or 0: all workers, and no
  // goroutine has an errand.
  std::uint64_t enlist(unsigned worker);
  // True if all were asleep all the time since `stamp` was returned.
  bool are_all_asleep_since(std::uint64_t stamp);
  // A goroutine with a thread of its own is runnable. Before its thread is signalled.
  void errand_begins();
  // It has parked, or left its thread for the workers. Returns the same as enlist().
  std::uint64_t errand_ends();
  // Leaves the sleepers and becomes a spinner, unless somebody's wake has done that already.
  void withdraw(unsigned worker);
  // Step K1, and K3.
  bool become_keeper(unsigned worker);
  void note_deadline(unsigned worker, std::int64_t deadline_ns);
  // Steps W4 and K4. Returns as a spinner.
  void sleep(unsigned worker, std::int64_t deadline_ns) {
    if (!spots_[worker].wait_until(deadline_ns)) withdraw(worker);
  }

  // For the watcher: sleeps until the deadline, and while all workers sleep; with never_ns to the
  // end.
  void doze(std::int64_t deadline_ns);

  void wake_one();
  // There are sleepers, and none of them watches the next deadline.
  bool lacks_keeper();

 private:
  static constexpr unsigned nobody = std::numeric_limits<unsigned>::max();

  bool are_all_asleep() const { return sleeping_.size() == workers_ && errands_ == 0; }
  void wake(std::size_t index);
  void remove(std::size_t index);

  const unsigned workers_;
  const unsigned spinners_max_;
  const std::unique_ptr<parking_spot[]> spots_;
  std::atomic<unsigned> spinners_ = 0;
  std::atomic<unsigned> sleepers_ = 0;  // sleeping_.size(), readable without the lock
  spin_lock lock_;
  // Protected by lock_:
  std::vector<unsigned> sleeping_;  // in the order of going to sleep; the last is woken first
  unsigned keeper_ = nobody;        // one of sleeping_
  std::int64_t keeper_until_ns_ = never_ns;
  std::uint32_t errands_ = 0;
  std::uint64_t stamp_ = 1;     // changes with sleeping_ and errands_
  bool is_ended_ = false;       // by wake_all()
  bool watcher_waits_ = false;  // for a worker to wake
  parking_spot watcher_;
};

}  // namespace braid
