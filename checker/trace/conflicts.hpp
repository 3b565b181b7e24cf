// Which modes of access to one object conflict: the table behind the dependence relation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "trace/access_mode.hpp"

namespace braid {
namespace detail {

constexpr bool is_channel_wide(access_mode m) {
  return m == access_mode::select || m == access_mode::attempt;
}

// Whoever has read the object, or has failed to take from it, may find something else.
constexpr bool is_change(access_mode m) {
  using enum access_mode;
  return m == write || m == tick || m == plus || m == minus || m == lock || m == taken_lock ||
         m == unlock || m == send || m == closed_send || m == recv || m == drained_recv ||
         m == close || is_channel_wide(m);
}

// REQUIRES: a <= b, so that each pair has one place.
constexpr bool conflict_in_order(access_mode a, access_mode b) {
  using enum access_mode;
  switch (a) {
    case watch:
      return is_change(b);
    case read:
      return b == write || b == tick;
    case write:
      return b == write;
    case tick:
      return b == tick;  // but see conflict()
    case lock:
      return b == lock || b == taken_lock || b == failed_lock || b == failed_unlock || b == look;
    case taken_lock:
      return true;
    case unlock:
      return b == unlock || b == failed_lock || b == failed_unlock || b == look;
    case failed_lock:
    case failed_unlock:
    case look:
      return false;
    case plus:
      return b == await || b == failed_minus;
    case kept_out:
      return false;
    case minus:
      return b == await || b == failed_minus;
    case failed_minus:
      return false;
    case await:
      return false;
    case send:
      return b != recv && b != drained_recv;
    case closed_send:
      return b == close || is_channel_wide(b) || b == failed_attempt || b == control;
    case recv:
      return true;  // but see conflict() for close
    case drained_recv:
      return is_channel_wide(b) || b == failed_attempt || b == control;
    case close:
      return b != length;
    case length:
      return is_channel_wide(b) || b == control;
    case select:
      return true;
    case attempt:
      return true;
    case failed_attempt:
      return b == control;
    case control:
      return b == control;
    case print:
      return b != unseen_print;
    case unseen_print:
      return b == end;
    case end:
      return true;
  }
  return true;
}

inline constexpr std::size_t modes = static_cast<std::size_t>(access_mode::end) + 1;

// Bit b of row a: whether modes a and b conflict.
inline constexpr std::array<std::uint32_t, modes> conflict_rows = [] {
  std::array<std::uint32_t, modes> rows{};
  for (std::size_t a = 0; a < modes; ++a) {
    for (std::size_t b = 0; b < modes; ++b) {
      const auto first = static_cast<access_mode>(a < b ? a : b);
      const auto second = static_cast<access_mode>(a < b ? b : a);
      if (conflict_in_order(first, second)) rows[a] |= std::uint32_t{1} << b;
    }
  }
  return rows;
}();

}  // namespace detail

// But see conflict() for two pairs that their amounts decide.
inline bool modes_conflict(access_mode a, access_mode b) {
  return (detail::conflict_rows[static_cast<std::size_t>(a)] >> static_cast<unsigned>(b) & 1) != 0;
}

}  // namespace braid
