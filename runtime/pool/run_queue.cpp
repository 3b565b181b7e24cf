// The runnable goroutines of one worker; see run_queue.hpp.
#include "pool/run_queue.hpp"

#include <braid/panic.hpp>
#include <utility>

namespace braid {

bool run_queue::push(goroutine& g) {
  const spin_guard held(lock_);
  return append(g);
}

bool run_queue::append(goroutine& g) {
  const std::uint32_t count = size();
  if (count == capacity) return false;
  ring_[(head_ + count) % capacity] = &g;
  set_size(count + 1);
  return true;
}

goroutine* run_queue::push_next(goroutine& g) {
  const spin_guard held(lock_);
  ++next_stamp_;
  return std::exchange(next_, &g);
}

goroutine* run_queue::pop() {
  const spin_guard held(lock_);
  const bool next_is_due = streak_ < streak_max || size() == 0;
  if (next_ != nullptr && next_is_due) {
    ++streak_;
    return std::exchange(next_, nullptr);
  }
  streak_ = 0;
  return pop_first();
}

goroutine* run_queue::pop_first() {
  const std::uint32_t count = size();
  if (count == 0) return nullptr;
  goroutine* first = ring_[head_];
  head_ = (head_ + 1) % capacity;
  set_size(count - 1);
  return first;
}

std::uint32_t run_queue::take_half(batch& taken) {
  const spin_guard held(lock_);
  const std::uint32_t count = size() - size() / 2;
  BRAID_ASSERT(count <= taken.size());
  for (std::uint32_t i = 0; i < count; ++i) taken[i] = pop_first();
  return count;
}

bool run_queue::offer_next_if(std::uint64_t seen) {
  const spin_guard held(lock_);
  if (next_ == nullptr || next_stamp_ != seen || !append(*next_)) return false;
  next_ = nullptr;
  return true;
}

std::uint64_t run_queue::next_stamp() {
  const spin_guard held(lock_);
  return next_ == nullptr ? 0 : next_stamp_;
}

bool run_queue::has_work() {
  const spin_guard held(lock_);
  return size() > 0;
}

}  // namespace braid
