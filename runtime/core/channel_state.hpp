// What a channel is made of: the buffer and the two queues; and what committing one arm does to
// them. For core/channel.cpp alone, which has the algorithm.
//
// Invariants, while a channel's lock is free:
//  * values are in the buffer only if no receiver that can still be claimed waits;
//  * a sender that can still be claimed waits only if the buffer is full;
//  * nobody waits on a closed channel.
// An arm whose select was claimed through another channel may linger in a queue; whoever meets it
// there takes it out, and its owner takes out the rest when it wakes.
#pragma once

#include <algorithm>
#include <atomic>
#include <braid/spin_lock.hpp>
#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

#include "core/channel.hpp"

namespace braid::detail {

// A goroutine that waits in a select. Lives on its stack.
struct waiting_select {
  // With one arm there is one lock, under which nobody else can claim it: that is cheaper.
  explicit waiting_select(std::size_t arms) : is_alone(arms == 1) {}

  const bool is_alone;
  goroutine* self = &goroutine::current();
  std::atomic<bool> claimed = false;  // set once, by the partner that completes an arm
  // Written by the claimer before it wakes the goroutine:
  select_arm* performed = nullptr;
  bool closed = false;  // completed by close()
};

inline bool claim(select_arm& arm) {
  waiting_select& owner = *arm.owner;
  // The exchange is its own partner.
  if (!owner.is_alone && owner.claimed.exchange(true, std::memory_order_acq_rel)) return false;
  owner.performed = &arm;
  return true;
}

// The arms that wait on one side of a channel, in the order of their arrival.
class arm_queue {
 public:
  void push(select_arm& arm) {
    if (program_ != this_program()) forget();
    arm.next = nullptr;
    arm.previous = last_;
    (last_ == nullptr ? first_ : last_->next) = &arm;
    last_ = &arm;
  }
  void remove(select_arm& arm) {
    if (!contains(arm)) return;
    (arm.previous == nullptr ? first_ : arm.previous->next) = arm.next;
    (arm.next == nullptr ? last_ : arm.next->previous) = arm.previous;
    arm.next = arm.previous = nullptr;
  }
  // Takes out the longest waiting arm, claimed; null if nobody waits whom others did not claim.
  select_arm* claim_first() {
    while (select_arm* const first = first_unclaimed()) {
      remove(*first);
      if (claim(*first)) return first;
    }
    return nullptr;
  }
  // The longest waiting arm that nobody has claimed; drops those that were.
  select_arm* first_unclaimed() {
    if (first_ == nullptr) return nullptr;
    if (program_ != this_program()) forget();
    // The acquire pairs with claim(): the owner takes no part in this.
    while (first_ != nullptr && first_->owner->claimed.load(std::memory_order_acquire)) {
      remove(*first_);
    }
    return first_;
  }

 private:
  bool contains(const select_arm& arm) const { return arm.previous != nullptr || first_ == &arm; }

  // The channel has outlived those that are linked, and their program; see wait_queue.hpp.
  [[gnu::cold, gnu::noinline]] void forget() {
    first_ = last_ = nullptr;
    program_ = this_program();
  }

  select_arm* first_ = nullptr;
  select_arm* last_ = nullptr;
  std::uint64_t program_ = 0;  // of those in it
};

class channel {
 public:
  channel(const element_type& type, std::size_t capacity)
      : type_(type), capacity_(capacity), buffer_(allocate(type, capacity)) {}
  channel(const channel&) = delete;
  channel& operator=(const channel&) = delete;
  ~channel() {
    while (count_ > 0) pop_to(nullptr);
    ::operator delete (buffer_, std::align_val_t{alignment(type_)});
  }

  void acquire() { references_.fetch_add(1, std::memory_order_relaxed); }  // the caller holds one
  bool release() { return references_.fetch_sub(1, std::memory_order_acq_rel) == 1; }  // itself

  const element_type& type() const { return type_; }
  std::size_t capacity() const { return capacity_; }
  spin_lock& lock() { return lock_; }
  feeder* fed_by() const { return fed_by_; }
  void feed_by(feeder& timer) { fed_by_ = &timer; }

  // All below: REQUIRES lock().
  std::size_t size() const { return count_; }
  bool is_closed() const { return closed_; }
  void wait(select_arm& arm) { queue_of(arm).push(arm); }
  void forget(select_arm& arm) { queue_of(arm).remove(arm); }

  bool can_proceed(const select_arm& arm) {
    if (closed_) return true;
    if (arm.kind == op_kind::send) {
      return count_ < capacity_ || receivers_.first_unclaimed() != nullptr;
    }
    return count_ > 0 || senders_.first_unclaimed() != nullptr;
  }

  // What committing an arm came to. `woken` is the partner that it completed.
  struct outcome {
    bool committed = false;
    goroutine* woken = nullptr;
    feeder* drained = nullptr;  // who has to hear that the buffer is empty again
  };
  // Performs the arm; not committed if it cannot proceed, which may be so although it could a
  // moment ago: the partner was claimed through another channel. A send on a closed channel commits
  // to nothing: the caller panics.
  outcome commit(select_arm& arm);

  // Drops the first value of the buffer.
  void drop() { pop_to(nullptr); }

  // Closes, and returns every goroutine that waited: receivers, then senders, by arrival.
  std::vector<goroutine*> close();

 private:
  static std::size_t alignment(const element_type& type) {
    return std::max(type.alignment, alignof(std::max_align_t));
  }
  static std::byte* allocate(const element_type& type, std::size_t capacity) {
    return static_cast<std::byte*>(
        ::operator new (type.size* capacity, std::align_val_t{alignment(type)}));
  }
  arm_queue& queue_of(const select_arm& arm) {
    return arm.kind == op_kind::send ? senders_ : receivers_;
  }
  // REQUIRES: place < 2 * capacity_.
  std::size_t wrapped(std::size_t place) const {
    return place < capacity_ ? place : place - capacity_;
  }
  void* slot(std::size_t index) { return buffer_ + wrapped(head_ + index) * type_.size; }
  void push_from(void* value) { type_.move(slot(count_++), value); }
  void pop_to(void* raw) {
    void* value = slot(0);
    if (raw != nullptr) type_.move(raw, value);
    if (type_.destroy != nullptr) type_.destroy(value);
    head_ = wrapped(head_ + 1);
    --count_;
  }
  outcome commit_send(select_arm& arm);
  outcome commit_recv(select_arm& arm);

  const element_type& type_;
  const std::size_t capacity_;
  std::byte* const buffer_;
  feeder* fed_by_ = nullptr;
  std::atomic<std::uint32_t> references_ = 1;
  spin_lock lock_;
  // Protected by lock_:
  bool closed_ = false;
  std::size_t head_ = 0;
  std::size_t count_ = 0;
  arm_queue senders_;
  arm_queue receivers_;
};

[[gnu::always_inline]] inline channel::outcome channel::commit_send(select_arm& arm) {
  if (select_arm* const receiver = receivers_.claim_first()) {
    type_.move(receiver->slot, arm.slot);
    receiver->filled = true;
    return {.committed = true, .woken = receiver->owner->self};
  }
  if (count_ == capacity_) return {};
  push_from(arm.slot);
  return {.committed = true};
}

[[gnu::always_inline]] inline channel::outcome channel::commit_recv(select_arm& arm) {
  select_arm* const sender = senders_.claim_first();
  if (sender == nullptr && count_ == 0 && !closed_) return {};
  arm.filled = sender != nullptr || count_ > 0;
  feeder* const drained = count_ > 0 ? fed_by_ : nullptr;
  if (count_ > 0) {
    pop_to(arm.slot);
    if (sender != nullptr) push_from(sender->slot);  // it takes the freed place at once (rule C7)
  } else if (sender != nullptr) {
    type_.move(arm.slot, sender->slot);
  }
  return {true, sender == nullptr ? nullptr : sender->owner->self, drained};
}

[[gnu::always_inline]] inline channel::outcome channel::commit(select_arm& arm) {
  if (arm.kind == op_kind::recv) return commit_recv(arm);
  return closed_ ? outcome{.committed = true} : commit_send(arm);
}

inline std::vector<goroutine*> channel::close() {
  closed_ = true;
  std::vector<goroutine*> woken;
  for (arm_queue* queue : {&receivers_, &senders_}) {
    while (select_arm* arm = queue->claim_first()) {
      arm->owner->closed = true;
      woken.push_back(arm->owner->self);
    }
  }
  return woken;
}

}  // namespace braid::detail
