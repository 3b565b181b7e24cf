// Finds the deadlock of goroutines that wait for atomics: rule D1, where polling would hide it.
//
// An await that has gone on for long looks here now and then. A look notes for each goroutine how
// often it has waited. A deadlock is three looks, one after another, of which each finds that
//  * every goroutine waits for others, or is in an await, and no timer is armed but those of
//  awaits;
//  * who waits for others has not been woken since the look before, and who awaits is in the same
//    await (it has paused as often as its predicate failed), in which it failed at least twice.
//
// Why three. A look is not made at one moment: the goroutines that it has seen may be woken by
// those it will see. But between the end of the first look and the begin of the third nobody ran
// but awaits, which only read: nothing has changed since. So the predicates that failed in between
// will always fail. Of two failures since a look the second was begun after it.
//
// Threads that are not the pool's do not count (rule D6): an atomic that only they change must not
// be awaited while all goroutines wait.
//
// Thread safety: all functions may be called from any worker.
#pragma once

#include <braid/goroutine.hpp>
#include <braid/spin_lock.hpp>
#include <cstdint>
#include <vector>

namespace braid {

struct pool_state;

class await_watch {
 public:
  // For `caller`, which is in an await.
  bool finds_deadlock(pool_state& pool, const goroutine& caller);

 private:
  struct waiting {
    std::uint64_t id;
    std::uint32_t times;
    std::uint32_t round;
    bool is_awaiting;
  };
  enum class change : std::uint8_t { none_yet, none, some };

  // False if somebody can run, or will.
  static bool look(pool_state& pool, std::vector<waiting>& seen);
  static change compare(const std::vector<waiting>& before, const std::vector<waiting>& seen);

  spin_lock lock_;
  // Protected by lock_:
  std::vector<waiting> seen_;  // by the last look that counts
  int looks_ = 0;              // in a row, between which nothing changed
};

}  // namespace braid
