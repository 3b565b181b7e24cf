// Looks after the workers that are busy; see watchdog.hpp.
#include "pool/watchdog.hpp"

#include <unistd.h>
#include <algorithm>
#include <braid/dump.hpp>
#include <string>

#include "pool/ending.hpp"

namespace braid {

void watchdog::run() {
  constexpr std::int64_t shortest_ns = 1'000'000;
  constexpr std::int64_t longest_ns = 8'000'000;
  std::int64_t pause_ns = shortest_ns;
  while (!pool_.is_stopping()) {
    pool_.idle.doze(monotonic_now_ns() + pause_ns);
    const std::int64_t now_ns = monotonic_now_ns();
    const bool has_offered = look();
    const bool has_ended = end_long_turns(now_ns);
    pause_ns = has_offered || has_ended ? shortest_ns : std::min(2 * pause_ns, longest_ns);
    if (stall_ns_ > 0) look_for_stalls(now_ns);
    // Partner: none; an operation that does not see it yet will see it later. What pool::stop()
    // sets at the same time is set again when this is over.
    detail::watch.store(has_ended || is_any_suspect_, std::memory_order_relaxed);
  }
}

bool watchdog::look() {
  if (seen_.size() == 1) return false;  // there is nobody to hand over to
  bool found = false;
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    run_queue& queue = pool_.workers[i]->queue();
    const std::uint64_t stamp = queue.next_stamp();
    if (stamp != 0 && stamp == seen_[i].stamp && queue.offer_next_if(stamp)) {
      pool_.idle.work_was_pushed();
      found = true;
    }
    seen_[i].stamp = stamp;
  }
  return found;
}

// A turn that goes on is ended again only a span later, so that operations are watched a tenth of
// the time, however long it computes.
bool watchdog::end_long_turns(std::int64_t now_ns) {
  constexpr std::int64_t span_ns = 10'000'000;  // as Go's
  const bool is_any_due = pool_.has_work() || pool_.timers_armed.any_due(pool_.clock);
  bool found = false;
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    worker& one = *pool_.workers[i];
    sight& s = seen_[i];
    const std::uint32_t turn = one.turn();
    if (one.running() == 0 || turn != s.turn) {
      s.turn = turn;
      s.turn_since_ns = now_ns;
    }
    if (now_ns - s.turn_since_ns < span_ns) continue;
    if (!is_any_due && one.queue().next_stamp() == 0) continue;
    one.end_turn(turn);
    s.turn_since_ns = now_ns;
    found = true;
  }
  return found;
}

void watchdog::look_for_stalls(std::int64_t now_ns) {
  if (now_ns < next_stall_look_ns_) return;
  next_stall_look_ns_ = now_ns + stall_look_ns();
  is_any_suspect_ = false;
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    const worker& one = *pool_.workers[i];
    sight& s = seen_[i];
    if (one.running() == 0 || one.progress() != s.progress) {
      s.progress = one.progress();
      s.since_ns = now_ns;
      s.is_named = false;
    }
    const bool is_suspect = now_ns - s.since_ns >= stall_look_ns();
    is_any_suspect_ = is_any_suspect_ || is_suspect;
    if (s.is_named || now_ns - s.since_ns < stall_ns_) continue;
    s.is_named = true;
    name(one.running());
  }
}

void watchdog::name(std::uint64_t goroutine_id) {
  const std::vector<goroutine_state> all = pool_.describe_all();
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const goroutine_state& one) { return one.id == goroutine_id; });
  if (found == all.end()) return;
  constexpr std::int64_t ms_ns = 1'000'000;
  write_all(STDERR_FILENO, "braid: goroutine " + std::to_string(goroutine_id) +
                               " has come to no operation of braid for " +
                               std::to_string(stall_ns_ / ms_ns) +
                               " ms, and no other can have its thread: call "
                               "this_goroutine::yield() in long loops\n" +
                               detail::text_of(*found) + "\n");
}

}  // namespace braid
