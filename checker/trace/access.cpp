// The dependence relation; see access.hpp.
#include "trace/access.hpp"

#include <utility>

namespace braid {
namespace {

using enum access_mode;

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
      return b == lock || b == failed_lock;
    case unlock:
      return b == failed_lock;
    case failed_lock:
      return false;
    case plus:
      return b == await;
    case minus:
      return b == await;
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

bool conflict(const access& a, const access& b) {
  if (a.object != b.object) return false;
  const access& first = a.mode <= b.mode ? a : b;
  const access& second = a.mode <= b.mode ? b : a;
  // A receive that only takes from the buffer, or finds the channel drained, does not care when the
  // channel is closed; one without which a sender would still be parked does.
  if (first.mode == recv && second.mode == close) return first.amount <= second.amount;
  return conflict_in_order(first.mode, second.mode);
}

bool may_conflict(const access& earlier, const access& later) {
  return earlier.object == later.object && earlier.mode == plus && later.mode == minus;
}

bool enables(access_mode earlier, access_mode later) {
  return (earlier == unlock && later == lock) || (earlier == lock && later == unlock) ||
         (earlier == tick && later == tick);
}

}  // namespace braid
