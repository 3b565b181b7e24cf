// The runnable goroutines of one worker; see run_queue.hpp.
#include "pool/run_queue.hpp"

#include <braid/panic.hpp>
#include <utility>

namespace braid {

// All accesses of size_ below are relaxed: lock_ orders them, and readers outside take a hint.

bool run_queue::push(goroutine& g) {
  const spin_guard held(lock_);
  const std::uint32_t size = size_.load(std::memory_order_relaxed);
  if (size == capacity) return false;
  ring_[(head_ + size) % capacity] = &g;
  size_.store(size + 1, std::memory_order_relaxed);
  return true;
}

goroutine* run_queue::push_next(goroutine& g) {
  const spin_guard held(lock_);
  ++next_stamp_;
  return std::exchange(next_, &g);
}

goroutine* run_queue::pop() {
  const spin_guard held(lock_);
  const bool next_is_due =
      streak_ < streak_max || size_.load(std::memory_order_relaxed) == 0;  // see above
  if (next_ != nullptr && next_is_due) {
    ++streak_;
    return std::exchange(next_, nullptr);
  }
  streak_ = 0;
  return pop_first();
}

goroutine* run_queue::pop_first() {
  const std::uint32_t size = size_.load(std::memory_order_relaxed);  // see above
  if (size == 0) return nullptr;
  goroutine* first = ring_[head_];
  head_ = (head_ + 1) % capacity;
  size_.store(size - 1, std::memory_order_relaxed);
  return first;
}

std::uint32_t run_queue::take_half(batch& taken) {
  const spin_guard held(lock_);
  const std::uint32_t size = size_.load(std::memory_order_relaxed);  // see above
  const std::uint32_t count = size - size / 2;
  BRAID_ASSERT(count <= taken.size());
  for (std::uint32_t i = 0; i < count; ++i) taken[i] = pop_first();
  return count;
}

goroutine* run_queue::take_next_if(std::uint64_t seen) {
  const spin_guard held(lock_);
  if (next_stamp_ != seen) return nullptr;
  return std::exchange(next_, nullptr);
}

std::uint64_t run_queue::next_stamp() {
  const spin_guard held(lock_);
  return next_ == nullptr ? 0 : next_stamp_;
}

bool run_queue::has_work() {
  const spin_guard held(lock_);
  return size_.load(std::memory_order_relaxed) > 0;  // see above
}

}  // namespace braid
