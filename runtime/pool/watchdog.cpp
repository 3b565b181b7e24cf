// Looks after the workers that are busy; see watchdog.hpp.
#include "pool/watchdog.hpp"

#include <algorithm>

namespace braid {

void watchdog::run() {
  constexpr std::int64_t shortest_ns = 1'000'000;
  constexpr std::int64_t longest_ns = 8'000'000;
  const bool is_alone = pool_.workers.size() == 1;  // then there is nobody to hand over to
  std::int64_t pause_ns = shortest_ns;
  while (!pool_.is_stopping()) {
    pool_.idle.doze(is_alone ? parking::never_ns : monotonic_now_ns() + pause_ns);
    pause_ns = look() ? shortest_ns : std::min(2 * pause_ns, longest_ns);
  }
}

bool watchdog::look() {
  bool found = false;
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    run_queue& queue = pool_.workers[i]->queue();
    const std::uint64_t stamp = queue.next_stamp();
    if (stamp != 0 && stamp == seen_[i] && queue.offer_next_if(stamp)) {
      pool_.idle.work_was_pushed();
      found = true;
    }
    seen_[i] = stamp;
  }
  return found;
}

}  // namespace braid
