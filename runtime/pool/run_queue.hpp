// The runnable goroutines of one worker: a bounded FIFO and a slot for the one to run next.
//
// The owner pushes and pops; a goroutine that was just woken goes into the next slot, because its
// data is warm and its waker will often wait for it. Thieves take half of the FIFO, oldest first.
//
// Invariants:
//  * The next slot runs at most `streak_max` times in a row while the FIFO has something, so a pair
//    of goroutines that wake each other starves nobody (rule R5).
//  * size_hint() is exact whenever the lock is free.
//
// Thread safety: every function takes the lock. That is also what the argument against lost
// wake-ups stands on (parking.hpp): who pushes and who looks before it sleeps meet in this lock.
//
// Rejected, for the time being: Chase and Lev's deque. It saves a locked instruction and costs the
// fence that the lock gives for nothing.
#pragma once

#include <array>
#include <atomic>
#include <braid/goroutine.hpp>
#include <braid/spin_lock.hpp>
#include <cstdint>

namespace braid {

class run_queue {
 public:
  static constexpr std::uint32_t capacity = 256;
  static constexpr std::uint32_t half = capacity / 2;
  static constexpr std::uint32_t streak_max = 64;
  using batch = std::array<goroutine*, half>;

  run_queue() = default;
  run_queue(const run_queue&) = delete;
  run_queue& operator=(const run_queue&) = delete;

  // Appends to the FIFO; false if it is full.
  [[nodiscard]] bool push(goroutine& g);
  // Puts into the next slot and returns whom it displaced, who must be pushed, or null.
  [[nodiscard]] goroutine* push_next(goroutine& g);
  // What the owner runs next, or null.
  goroutine* pop();
  // Takes the older half of the FIFO, rounded up; returns how many.
  std::uint32_t take_half(batch& taken);
  // Appends the goroutine in the next slot to the FIFO, for thieves, if it is still there since
  // next_stamp() returned `seen`: then its worker is busy with something else. In one step: between
  // two queues, in the hands of no worker, it would look like a deadlock. False if nothing is
  // moved.
  bool offer_next_if(std::uint64_t seen);
  // A number that changes whenever the next slot does; 0 if it is empty.
  std::uint64_t next_stamp();

  // Whether thieves find something.
  bool has_work();
  // A guess that costs nothing.
  std::uint32_t size_hint() const { return size(); }

 private:
  // Relaxed: lock_ orders them, and readers without it take a hint.
  std::uint32_t size() const { return size_.load(std::memory_order_relaxed); }
  void set_size(std::uint32_t count) { size_.store(count, std::memory_order_relaxed); }
  bool append(goroutine& g);
  goroutine* pop_first();

  spin_lock lock_;
  // Protected by lock_; size_ is read without it as a hint:
  std::uint32_t head_ = 0;
  std::atomic<std::uint32_t> size_ = 0;
  std::uint32_t streak_ = 0;
  goroutine* next_ = nullptr;
  std::uint64_t next_stamp_ = 0;
  std::array<goroutine*, capacity> ring_;
};

}  // namespace braid
