// The dependence relation; see access.hpp.
#include "trace/access.hpp"

namespace braid {
using enum access_mode;

bool conflict_there(std::span<const access> first, std::span<const access> other) {
  for (const access& a : first) {
    for (const access& b : other) {
      if (conflict_there(a, b)) return true;
    }
  }
  return false;
}

bool may_conflict(const access& earlier, const access& later) {
  if (earlier.object != later.object) return false;
  return (earlier.mode == plus && later.mode == minus) ||
         (earlier.mode == lock && later.mode == unlock);
}

bool enables(const access& earlier, const access& later) {
  return (earlier.mode == unlock && later.mode == lock) ||
         (earlier.mode == lock && later.mode == unlock) ||
         (earlier.mode == tick && later.mode == tick && earlier.amount != later.amount);
}

}  // namespace braid
