// What an event touches, and which events conflict: the dependence relation of the search.
//
// Two events of different goroutines are dependent iff they touch a common object in conflicting
// ways. A conflict is a race if the two could also happen in the other order; what only orders (an
// unlock before the next lock) is no conflict. Each rule was checked against brute force: see
// tests/properties/dependence.cpp and dpor.cpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "trace/conflicts.hpp"

namespace braid {

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
  // tick: a hash of the deadline. Equal ones fire in any order, others in their order.
  // lock, unlock, plus, minus: what it adds to the count of holders, or to the wait group's
  // counter. Guarded operations (lock, await) can happen while that count is zero.
  // select, attempt: 1 if it sent into this channel, -1 if it received from it.
  // control: -1 if it took back what was sent.
  std::int32_t amount = 0;
  // plus, minus, failed_minus: the counter before it. close: the channel's capacity.
  // select, attempt, failed_attempt: the capacity and one, negative if its cases on this channel
  // are receives, 0 if there are both. tick: 1 if the clock moved, 0 if it was there.
  std::int32_t count = 0;
  // select: the event at which the goroutine parked whose select was completed by the event that
  // touches this; 0: it is the event's own.
  std::uint32_t partner = 0;
};

// Objects that no program makes; the ids of those that it does are hashes.
inline constexpr std::uint64_t program_object = 1;
inline constexpr std::uint64_t clock_object = 2;
constexpr std::uint64_t stream_object(std::int64_t fd) {
  return 16 + static_cast<std::uint64_t>(fd);
}

// A shared mutex is two objects: a lock for writers, at which readers look, and the number of its
// readers. Each of them from the other.
constexpr std::uint64_t readers_of(std::uint64_t shared_mutex) {
  return shared_mutex ^ 0x6c62272e07bb0142;
}

inline access settled(access a) {
  if (a.woken_by_close) a.mode = access_mode::drained_recv;
  a.woken_by_close = false;
  return a;
}

// Of an operation on the channel of a ticker, beside those of channels.
inline bool is_of_clock(const access& a) { return a.object == clock_object; }

inline bool is_of_channel(const access& a) {
  return a.mode >= access_mode::send && a.mode <= access_mode::control;
}

// On a wait group.
inline bool is_counting(const access& a) {
  using enum access_mode;
  return a.mode == plus || a.mode == minus || a.mode == failed_minus;
}

// Its amount is one of holders, or of a counter.
inline bool is_counted(const access& a) {
  using enum access_mode;
  return is_counting(a) || a.mode == lock || a.mode == taken_lock || a.mode == unlock;
}

// True if a goroutine that loops, having touched the object only to observe it, goes on after this.
inline bool ends_loops(const access& a) {
  return a.mode == access_mode::tick ? a.count != 0 : detail::is_change(a.mode);
}

// True if two events that touch one object in these ways do not commute.
inline bool conflict(const access& a, const access& b) {
  using enum access_mode;
  if (a.object != b.object || !modes_conflict(a.mode, b.mode)) return false;
  // A receive that only takes from the buffer, or finds the channel drained, does not care when the
  // channel is closed; one without which a sender would still be parked does.
  if (a.mode == recv && b.mode == close) return a.amount <= b.amount;
  if (a.mode == close && b.mode == recv) return b.amount <= a.amount;
  if (a.mode == tick && b.mode == tick) return a.amount == b.amount;
  return true;
}

// The same at a place where `other` could happen instead of `first`. Operations on a wait group's
// counter do not commute if it would go below zero: `first` knows the count there. Where one finds
// a channel closed and empty the other would, too, whatever it is taken for where it comes first.
inline bool conflict_there(const access& first, const access& other) {
  if (first.mode == access_mode::drained_recv && other.mode == access_mode::recv) return false;
  if (first.object != other.object || !is_counting(first) || !is_counting(other)) {
    return conflict(first, other);
  }
  const auto intended = [](const access& a) {
    return a.mode == access_mode::failed_minus ? -1 : a.amount;
  };
  const std::int32_t one = intended(first);
  const std::int32_t two = intended(other);
  return first.count + std::min({one, two, one + two}) < 0;
}
bool conflict_there(std::span<const access> first, std::span<const access> other);

// True if whether they conflict depends on the state, which is to be asked then.
inline bool may_conflict(const access& earlier, const access& later) {
  using enum access_mode;
  if (earlier.object != later.object) return false;
  return (earlier.mode == plus && later.mode == minus) ||
         (earlier.mode == lock && later.mode == unlock);
}

// True if `later` cannot happen before what `earlier` did, though the two are no race: an unlock
// before the lock that it enables, an earlier deadline before a later one.
inline bool enables(const access& earlier, const access& later) {
  using enum access_mode;
  return (earlier.mode == unlock && later.mode == lock) ||
         (earlier.mode == lock && later.mode == unlock) ||
         (earlier.mode == tick && later.mode == tick && earlier.amount != later.amount);
}
inline bool can_be_enabled(const access& later) {
  using enum access_mode;
  return later.mode == lock || later.mode == unlock || later.mode == tick;
}

}  // namespace braid
