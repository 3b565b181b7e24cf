// What an event touches, and which events conflict: the dependence relation of the search.
//
// Two events of different goroutines are dependent iff they touch a common object in conflicting
// ways. A conflict is a race if the two could also happen in the other order; what only orders (an
// unlock before the next lock) is no conflict. Each rule was checked against brute force: see
// tests/properties/dpor_test.cpp.
#pragma once

#include <cstdint>
#include <span>

namespace braid {

enum class access_mode : std::uint8_t {
  read,          // of an atomic or var, or of the clock
  write,         // of the same: anything that is not known to be a read
  tick,          // a timer fires, and the clock moves to its deadline if it was not there
  lock,          // of a mutex
  taken_lock,    // a try_lock that succeeds: not guarded, so it races with an unlock before it
  unlock,        //
  failed_lock,   // a try_lock that fails
  plus,          // a wait group's add of a positive number
  minus,         // done, or an add of a negative one
  failed_minus,  // the same, that panics because the counter would go below zero
  await,         // waits until a guard holds: wait_group::wait
  send,          // arrival of a send
  closed_send,   // on a closed channel: it panics
  recv,          // arrival of a receive
  drained_recv,  // from a closed and drained channel
  close,         //
  length,        // len(c)
  select,        // a select that has this channel among its cases, or that is completed on another
  attempt,       // a try operation or a select with default, that took a case
  failed_attempt,  // the same, that took the default
  print,           // to a stream
  unseen_print,    // to a stream, after the program's end
  end,             // of the program: cuts off what others print
};

struct access {
  std::uint64_t object;
  access_mode mode;  // as known when it arrived
  // A receive that parked, and was woken by close. Two that ended so commute, but only what came
  // after them tells: an execution is compared with others by settled(), a beginning of one, as in
  // sleep sets, by the mode. (A send that parked and a close are dependent as they are.)
  bool woken_by_close = false;
  // recv: its number among the receives on the channel, from 1.
  // close: how many receives must have arrived before it lest a sender panics: the sends that have
  // arrived less the capacity.
  // tick: the deadline. Equal ones fire in any order, others in their order.
  // lock, unlock, plus, minus: what it adds to the count of holders, or to the wait group's
  // counter. Guarded operations (lock, await) can happen while that count is zero.
  // select, attempt: 1 if it sent into this channel, -1 if it received from it.
  std::int32_t amount = 0;
  // plus, minus, failed_minus: the counter before it. close: the channel's capacity.
  // select, attempt, failed_attempt: the capacity and one, negative if its cases on this channel are
  // receives, 0 if there are both.
  std::int32_t count = 0;
  // select: the event at which the goroutine parked whose select was completed by the event that
  // touches this; 0: it is the event's own.
  std::uint32_t partner = 0;
};

access settled(access a);

bool is_counting(const access& a);  // on a wait group
bool is_counted(const access& a);   // its amount is one of holders, or of a counter

// True if two events that touch one object in these ways do not commute.
bool conflict(const access& a, const access& b);

// The same, for operations on a wait group's counter decided by the state: they do not commute if
// it would go below zero. `first` knows the count at the place where both could happen.
bool conflict_there(const access& first, const access& other);
bool conflict_there(std::span<const access> first, std::span<const access> other);

// True if whether they conflict depends on the state, which is to be asked then.
bool may_conflict(const access& earlier, const access& later);

// True if `later` cannot happen before what `earlier` did, though the two are no race: an unlock
// before the lock that it enables, an earlier deadline before a later one.
bool enables(const access& earlier, const access& later);
bool enables(std::span<const access> earlier, std::span<const access> later);
bool can_be_enabled(const access& later);

}  // namespace braid
