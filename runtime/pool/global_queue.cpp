// Runnable goroutines that belong to no worker; see global_queue.hpp.
#include "pool/global_queue.hpp"

#include <algorithm>

namespace braid {

void global_queue::push(std::span<goroutine* const> runnable) {
  const spin_guard held(lock_);
  queue_.insert(queue_.end(), runnable.begin(), runnable.end());
  size_.store(queue_.size(), std::memory_order_relaxed);  // a hint; the lock orders the rest
}

std::uint32_t global_queue::take_share(run_queue::batch& taken, std::uint32_t workers) {
  const spin_guard held(lock_);
  if (queue_.empty()) return 0;
  const std::size_t count = std::min(queue_.size() / workers + 1, taken.size());
  std::copy_n(queue_.begin(), std::min(count, queue_.size()), taken.begin());
  const std::size_t got = std::min(count, queue_.size());
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(got));
  size_.store(queue_.size(), std::memory_order_relaxed);  // a hint; the lock orders the rest
  return static_cast<std::uint32_t>(got);
}

bool global_queue::has_work() {
  const spin_guard held(lock_);
  return !queue_.empty();
}

}  // namespace braid
