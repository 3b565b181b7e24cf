// Looks after the workers that are busy: a goroutine that waits in the next slot of a worker which
// computes on and on is offered to the others.
//
// The next slot is not stolen and wakes nobody, because most wakers park soon after, and then the
// pair stays on one worker. For those that do not, this looks every few milliseconds. It sleeps
// while all workers do.
//
// Rejected: waking a thief for each goroutine in a next slot, as Go does: a pair that wakes each
// other would keep a second processor spinning, and pay for its wake again and again.
#pragma once

#include <cstdint>
#include <vector>

#include "pool/worker.hpp"

namespace braid {

class watchdog {
 public:
  explicit watchdog(pool_state& pool) : pool_(pool), seen_(pool.workers.size()) {}

  // On run()'s thread, until the pool stops.
  void run();

 private:
  // Offers to thieves what has not moved since the last look; true if there was any.
  bool look();

  pool_state& pool_;
  std::vector<std::uint64_t> seen_;  // the stamp of each worker's next slot
};

}  // namespace braid
