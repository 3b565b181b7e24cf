// The runnable goroutines of one worker: a bounded FIFO, those that were spawned last, and a slot
// for the one to run next.
//
// The owner pushes and pops; a goroutine that was just woken goes into the next slot, because its
// data is warm and its waker will often wait for it. Of those that were just spawned the newest
// goes first: a tree of goroutines is then walked depth first, and has few stacks in use. In a FIFO
// a whole level of it is alive at once. There is little room for them: whom newer ones push out
// joins the FIFO. Thieves take half of the FIFO, oldest first, or, where it is empty, of the
// spawned.
//
// Invariants:
//  * While somebody older can run, the next slot and the spawned run at most `streak_max` times in
//    a row. Then the first of the FIFO runs, and the oldest of the spawned joins it. So neither a
//    pair of goroutines that wake each other nor one that spawns and spawns starves anybody (R5).
//  * size_hint() is exact whenever the lock is free.
//
// Thread safety: every function takes the lock. That is also what the argument against lost
// wake-ups stands on (parking.hpp): who pushes and who looks before it sleeps meet in this lock.
//
// Rejected: one place for the spawned, as in Go's next slot: a tree then had three times as many
// page faults. Shorter streaks of the spawned: more branches of it begin before others end. Chase
// and Lev's deque, for the time being: it saves a locked instruction and costs the fence that the
// lock gives for nothing.
#pragma once

#include <array>
#include <atomic>
#include <braid/goroutine.hpp>
#include <braid/spin_lock.hpp>
#include <cstdint>
#include <utility>

namespace braid {

class run_queue {
 public:
  static constexpr std::uint32_t capacity = 256;
  static constexpr std::uint32_t half = capacity / 2;
  static constexpr std::uint32_t spawned_max = 64;
  static constexpr std::uint32_t streak_max = 64;
  using batch = std::array<goroutine*, half>;

  run_queue() = default;
  run_queue(const run_queue&) = delete;
  run_queue& operator=(const run_queue&) = delete;

  // Appends to the FIFO; false if it is full.
  [[nodiscard]] bool push(goroutine& g);
  // Adds one that was just spawned; false, and nothing is done, if the FIFO is full and would have
  // to take the oldest of them.
  [[nodiscard]] bool push_spawned(goroutine& g);
  // Puts into the next slot and returns whom it displaced, who must be pushed, or null.
  [[nodiscard]] goroutine* push_next(goroutine& g);
  // What the owner runs next, or null.
  goroutine* pop();
  // Takes the older half, rounded up, of the FIFO, or of the spawned; returns how many.
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
  std::uint32_t size_hint() const { return fifo_.size() + spawned_.size(); }

 private:
  // Both ends of a ring of at most N goroutines.
  template <std::uint32_t N>
  class ring {
   public:
    // Relaxed: the lock orders them, and readers without it take a hint.
    std::uint32_t size() const { return size_.load(std::memory_order_relaxed); }
    bool empty() const { return size() == 0; }
    bool is_full() const { return size() == N; }
    // REQUIRES: it is not full.
    void push_last(goroutine& g) {
      places_[(head_ + size()) % N] = &g;
      resize(size() + 1);
    }
    // The same, but for the first, who leaves. REQUIRES: it is full.
    goroutine& push_out(goroutine& g) {
      goroutine& first = *std::exchange(places_[head_], &g);
      head_ = (head_ + 1) % N;
      return first;
    }
    // Null if it is empty.
    goroutine* pop_first() {
      if (empty()) return nullptr;
      goroutine* const first = places_[head_];
      head_ = (head_ + 1) % N;
      resize(size() - 1);
      return first;
    }
    // REQUIRES: it is not empty.
    goroutine* pop_last() {
      resize(size() - 1);
      return places_[(head_ + size()) % N];
    }

   private:
    void resize(std::uint32_t count) { size_.store(count, std::memory_order_relaxed); }  // size()

    std::uint32_t head_ = 0;
    std::atomic<std::uint32_t> size_ = 0;
    std::array<goroutine*, N> places_;
  };

  bool append(goroutine& g);
  goroutine* pop_oldest();

  spin_lock lock_;
  // Protected by lock_, but for the hints of sizes:
  std::uint32_t streak_ = 0;
  goroutine* next_ = nullptr;
  std::uint64_t next_stamp_ = 0;
  ring<spawned_max> spawned_;
  ring<capacity> fifo_;
};

}  // namespace braid
