// The armed timers of one execution; see timers.hpp.
#include "lockstep/timers.hpp"

#include <algorithm>

namespace braid {

void timer_queue::arm(alarm& t) {
  const auto later =
      std::upper_bound(armed_.begin(), armed_.end(), &t,
                       [](const alarm* a, const alarm* b) { return a->when < b->when; });
  armed_.insert(later, &t);
}

bool timer_queue::disarm(alarm& t) {
  const auto found = std::find(armed_.begin(), armed_.end(), &t);
  if (found == armed_.end()) return false;
  armed_.erase(found);
  return true;
}

alarm& timer_queue::take(std::uint32_t index) {
  alarm* taken = armed_[index];
  armed_.erase(armed_.begin() + index);
  return *taken;
}

}  // namespace braid
