// Looks after the workers that are busy: a goroutine that waits in the next slot of a worker which
// computes on and on is offered to the others; one that runs for long while others could lets them,
// at its next operation; and one that comes to none for very long is named (G10).
//
// The next slot is not stolen and wakes nobody, because most wakers park soon after, and then the
// pair stays on one worker. For those that do not, this looks every few milliseconds. It sleeps
// while all workers do.
//
// A goroutine that runs for long without a switch may still do operations that find what they want.
// They leave no trace, so as not to pay for one: for the looks that matter they are watched, as
// when the program ends.
//
// Rejected: waking a thief for each goroutine in a next slot, as Go does: a pair that wakes each
// other would keep a second processor spinning, and pay for its wake again and again.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "pool/worker.hpp"

namespace braid {

class watchdog {
 public:
  watchdog(pool_state& pool, std::chrono::nanoseconds stall_after)
      : pool_(pool), stall_ns_(stall_after.count()), seen_(pool.workers.size()) {}

  // On run()'s thread, until the pool stops.
  void run();

 private:
  struct sight {
    std::uint64_t stamp = 0;     // of the next slot
    std::uint64_t progress = 0;  // of the worker, since:
    std::int64_t since_ns = 0;
    bool is_named = false;
    std::uint32_t turn = 0;  // of the worker, since:
    std::int64_t turn_since_ns = 0;
  };

  // Offers to thieves what has not moved since the last look; true if there was any.
  bool look();
  // True if there was any.
  bool end_long_turns(std::int64_t now_ns);
  void look_for_stalls(std::int64_t now_ns);
  void name(std::uint64_t goroutine_id);
  std::int64_t stall_look_ns() const { return stall_ns_ / looks_per_stall; }

  static constexpr std::int64_t looks_per_stall = 4;

  pool_state& pool_;
  const std::int64_t stall_ns_;  // 0: never
  std::vector<sight> seen_;      // of each worker
  std::int64_t next_stall_look_ns_ = 0;
  bool is_any_suspect_ = false;  // of a stall, by the last look for them
};

}  // namespace braid
