// Happens-before as Go's memory model defines it (rules H1-H17), read from a sync_log.
//
// This is not the relation of the search (trace/happens_before.hpp), which also orders operations
// that merely see each other: len(c), a failed try_lock or exchange, default, and two receives from
// one channel are dependent there, and order nothing here (rule H17).
//
// Each goroutine has a clock. An operation that others may learn of leaves a copy of it with its
// object and advances it; one that learns joins what it finds there:
//  * a mutex, a shared mutex, a condition, an atomic, a wait group: one clock, or two;
//  * a channel: one for each send and each receive, by their numbers, and one for close. Send k
//    finds receive k - C, receive k finds send k; with C = 0 the two of a pair find each other.
//    Elements of no size have clocks as all others do: Go's detector keeps one for the slot, and
//    misses races there (rule H3).
//
// Law: executions that differ only in the order of independent operations have the same relation.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "detect/recycled.hpp"
#include "detect/sync_log.hpp"
#include "detect/vector_clock.hpp"
#include "trace/object_slots.hpp"

namespace braid {

class sync_order {
 public:
  void clear();
  // The entries of one execution, in order.
  void take(const sync_entry& e);
  // What a goroutine knows now.
  const vector_clock& clock_of(std::uint32_t goroutine) const {
    return goroutines_[goroutine].knows;
  }
  epoch now_of(std::uint32_t goroutine) const {
    return {goroutine, clock_of(goroutine).at(goroutine)};
  }

 private:
  struct goroutine_state {
    vector_clock knows;
    vector_clock notified;    // by those who woke it from a condition, until it goes on
    bool is_matched = false;  // its operation was completed by a partner, whose entry came first

    void clear() {
      knows.clear();
      notified.clear();
      is_matched = false;
    }
  };
  struct channel_state {
    std::uint64_t capacity = 0;
    clock_queue sends;  // those whose value was not received
    clock_queue recvs;  // those whose room was not used
    std::uint64_t sent = 0;
    bool is_closed = false;
    bool is_fed_by_timer = false;

    void clear() {
      sends.clear();
      recvs.clear();
      capacity = sent = 0;
      is_closed = is_fed_by_timer = false;
    }
  };
  struct object_state {
    vector_clock released;  // by unlock, done, store, close, or where a timer was armed
    vector_clock read;      // by read_unlock
    std::vector<std::uint32_t> waiting;  // goroutines, in the order of enqueue
    channel_state channel;

    void clear() {
      released.clear();
      read.clear();
      waiting.clear();
      channel.clear();
    }
  };

  void be_born(const sync_entry& e);
  void complete(const sync_entry& e);
  void complete_send(const sync_entry& e, object_state& o);
  void complete_recv(const sync_entry& e, object_state& o);
  void complete_lock(const sync_entry& e, object_state& o);
  void complete_condition(const sync_entry& e, object_state& o);
  void complete_access(const sync_entry& e, object_state& o);
  void fire(const sync_entry& e);
  void wake(const sync_entry& e);

  void settle(std::uint32_t waited);
  void rendezvous(std::uint32_t a, std::uint32_t b);
  void learn(std::uint32_t goroutine, const vector_clock& what) { knows(goroutine).join(what); }
  // What the goroutine knows, for others; what it does from now on is not part of it.
  vector_clock told_by(std::uint32_t goroutine);
  void tell(vector_clock& to, std::uint32_t goroutine) {
    to.join(knows(goroutine));
    knows(goroutine).advance(goroutine);
  }
  vector_clock& knows(std::uint32_t goroutine) { return goroutines_[goroutine].knows; }
  object_state& object_of(std::uint64_t id);

  static constexpr std::uint32_t none = 0xffffffff;

  recycled<goroutine_state> goroutines_;
  object_slots slots_;
  recycled<object_state> objects_;
  std::uint32_t acting_ = none;         // whose operation this step is
  std::uint32_t partner_ = none;        // whom it woke
  std::optional<std::uint64_t> fired_;  // the timer whose step this is
};

}  // namespace braid
