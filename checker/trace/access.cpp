// The dependence relation; see access.hpp.
#include "trace/access.hpp"

namespace braid {

bool conflict_there(std::span<const access> first, std::span<const access> other) {
  for (const access& a : first) {
    for (const access& b : other) {
      if (conflict_there(a, b)) return true;
    }
  }
  return false;
}

}  // namespace braid
