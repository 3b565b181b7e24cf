// The dependence relation; see access.hpp.
#include "trace/access.hpp"

#include <algorithm>
#include <utility>

namespace braid {
namespace {

using enum access_mode;

std::int32_t intended_amount(const access& a) { return a.mode == failed_minus ? -1 : a.amount; }

bool is_channel_wide(access_mode m) { return m == select || m == attempt; }

// REQUIRES: a <= b, so that each pair has one place.
bool conflict_in_order(access_mode a, access_mode b) {
  switch (a) {
    case read:
      return b == write || b == tick;
    case write:
      return b == write;
    case tick:
      return false;
    case lock:
      return b == lock || b == taken_lock || b == failed_lock;
    case taken_lock:
      return true;
    case unlock:
      return b == failed_lock;
    case failed_lock:
      return false;
    case plus:
      return b == await || b == failed_minus;
    case minus:
      return b == await || b == failed_minus;
    case failed_minus:
      return false;
    case await:
      return false;
    case send:
      return b != recv && b != drained_recv;
    case closed_send:
      return b == close || is_channel_wide(b) || b == failed_attempt;
    case recv:
      return true;  // but see conflict() for close
    case drained_recv:
      return is_channel_wide(b) || b == failed_attempt;
    case close:
      return b != length;
    case length:
      return is_channel_wide(b);
    case select:
      return true;
    case attempt:
      return true;
    case failed_attempt:
      return false;
    case print:
      return b != unseen_print;
    case unseen_print:
      return b == end;
    case end:
      return true;
  }
  return true;
}

}  // namespace

access settled(access a) {
  if (a.woken_by_close) a.mode = drained_recv;
  a.woken_by_close = false;
  return a;
}

bool is_counting(const access& a) {
  return a.mode == plus || a.mode == minus || a.mode == failed_minus;
}

bool is_counted(const access& a) {
  return is_counting(a) || a.mode == lock || a.mode == taken_lock || a.mode == unlock;
}

bool conflict(const access& a, const access& b) {
  if (a.object != b.object) return false;
  const access& first = a.mode <= b.mode ? a : b;
  const access& second = a.mode <= b.mode ? b : a;
  // A receive that only takes from the buffer, or finds the channel drained, does not care when the
  // channel is closed; one without which a sender would still be parked does.
  if (first.mode == recv && second.mode == close) return first.amount <= second.amount;
  if (first.mode == tick && second.mode == tick) return first.amount == second.amount;
  return conflict_in_order(first.mode, second.mode);
}

bool conflict_there(const access& first, const access& other) {
  if (first.object != other.object || !is_counting(first) || !is_counting(other)) {
    return conflict(first, other);
  }
  const std::int32_t one = intended_amount(first);
  const std::int32_t two = intended_amount(other);
  return first.count + std::min({one, two, one + two}) < 0;
}

bool conflict_there(std::span<const access> first, std::span<const access> other) {
  for (const access& a : first) {
    for (const access& b : other) {
      if (conflict_there(a, b)) return true;
    }
  }
  return false;
}

bool may_conflict(const access& earlier, const access& later) {
  return earlier.object == later.object && earlier.mode == plus && later.mode == minus;
}

bool can_be_enabled(const access& later) {
  return later.mode == lock || later.mode == unlock || later.mode == tick;
}

bool enables(const access& earlier, const access& later) {
  return (earlier.mode == unlock && later.mode == lock) ||
         (earlier.mode == lock && later.mode == unlock) ||
         (earlier.mode == tick && later.mode == tick && earlier.amount != later.amount);
}

bool enables(std::span<const access> earlier, std::span<const access> later) {
  for (const access& a : earlier) {
    for (const access& b : later) {
      if (a.object == b.object && enables(a, b)) return true;
    }
  }
  return false;
}

}  // namespace braid
