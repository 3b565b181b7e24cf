// The armed timers of one execution; see timers.hpp.
#include "lockstep/timers.hpp"

#include <algorithm>

namespace braid {

void timer_queue::arm(timer& t) {
  const auto later =
      std::upper_bound(armed_.begin(), armed_.end(), &t,
                       [](const timer* a, const timer* b) { return a->when < b->when; });
  armed_.insert(later, &t);
}

bool timer_queue::disarm(timer& t) {
  const auto found = std::find(armed_.begin(), armed_.end(), &t);
  if (found == armed_.end()) return false;
  armed_.erase(found);
  return true;
}

timer& timer_queue::take(std::uint32_t index) {
  timer* taken = armed_[index];
  armed_.erase(armed_.begin() + index);
  return *taken;
}

}  // namespace braid
