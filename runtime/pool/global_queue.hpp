// Runnable goroutines that belong to no worker: what overflowed a worker's queue, and what threads
// that are no workers woke. A FIFO; workers look here every 61st round, and when they have nothing.
//
// Thread safety: every function takes the lock, for the same reason as in run_queue.hpp.
#pragma once

#include <atomic>
#include <braid/goroutine.hpp>
#include <braid/spin_lock.hpp>
#include <cstdint>
#include <deque>
#include <span>

#include "pool/run_queue.hpp"

namespace braid {

class global_queue {
 public:
  void push(std::span<goroutine* const> runnable);
  // Takes one worker's share of what is there: an equal part, at most a batch. Returns how many.
  std::uint32_t take_share(run_queue::batch& taken, std::uint32_t workers);

  bool has_work();
  bool looks_empty() const {
    return size_.load(std::memory_order_relaxed) == 0;  // pairs with nothing: a hint
  }

 private:
  spin_lock lock_;
  // Protected by lock_; size_ is read without it as a hint:
  std::atomic<std::size_t> size_ = 0;
  std::deque<goroutine*> queue_;
};

}  // namespace braid
