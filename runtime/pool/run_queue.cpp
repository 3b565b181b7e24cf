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
  if (fifo_.is_full()) return false;
  fifo_.push_last(g);
  return true;
}

bool run_queue::push_spawned(goroutine& g) {
  const spin_guard held(lock_);
  if (!spawned_.is_full()) return spawned_.push_last(g), true;
  if (fifo_.is_full()) return false;
  fifo_.push_last(spawned_.push_out(g));
  return true;
}

goroutine* run_queue::push_next(goroutine& g) {
  const spin_guard held(lock_);
  ++next_stamp_;
  return std::exchange(next_, &g);
}

goroutine* run_queue::pop() {
  const spin_guard held(lock_);
  if (streak_ < streak_max) {
    if (next_ != nullptr) return ++streak_, std::exchange(next_, nullptr);
    if (!spawned_.empty()) return ++streak_, spawned_.pop_last();
  }
  streak_ = 0;
  if (!spawned_.empty()) return pop_oldest();
  goroutine* const first = fifo_.pop_first();
  return first != nullptr ? first : std::exchange(next_, nullptr);
}

// The first of the FIFO, whom the oldest of the spawned then joins, or that one. REQUIRES: some
// were spawned.
goroutine* run_queue::pop_oldest() {
  goroutine* const spawned = spawned_.pop_first();
  goroutine* const first = fifo_.pop_first();
  if (first == nullptr) return spawned;
  fifo_.push_last(*spawned);
  return first;
}

std::uint32_t run_queue::take_half(batch& taken) {
  const spin_guard held(lock_);
  const auto take_from = [&taken](auto& from) {
    const std::uint32_t count = from.size() - from.size() / 2;
    for (std::uint32_t i = 0; i < count; ++i) taken[i] = from.pop_first();
    return count;
  };
  return fifo_.empty() ? take_from(spawned_) : take_from(fifo_);
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
  return size_hint() > 0;
}

}  // namespace braid
