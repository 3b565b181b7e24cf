// Finds the deadlock of goroutines that wait for atomics; see await_watch.hpp.
#include "pool/await_watch.hpp"

#include <algorithm>
#include <braid/panic.hpp>
#include <utility>

#include "pool/worker.hpp"

namespace braid {

bool await_watch::finds_deadlock(pool_state& pool, const goroutine& caller) {
  BRAID_ASSERT(caller.doing.is_awaiting());
  constexpr int looks_needed = 3;
  std::vector<waiting> now;
  const bool all_wait = look(pool, now);
  const spin_guard held(lock_);
  if (!all_wait) {
    looks_ = 0;
    return false;
  }
  const change since = looks_ == 0 ? change::some : compare(seen_, now);
  if (since == change::none_yet) return false;
  looks_ = since == change::none ? looks_ + 1 : 1;
  seen_ = std::move(now);
  return looks_ >= looks_needed;
}

bool await_watch::look(pool_state& pool, std::vector<waiting>& seen) {
  bool all_wait = pool.timers_armed.are_all_for_awaits();
  for (const auto& one : pool.workers) {
    if (!all_wait) return false;
    one->live().for_each([&](const goroutine& g) {
      const wait_reason doing = g.doing.reason();
      const bool is_awaiting = g.doing.is_awaiting();
      all_wait = all_wait &&
                 (is_awaiting || (doing != wait_reason::running && doing != wait_reason::runnable &&
                                  doing != wait_reason::sleep));
      seen.push_back({g.id, g.doing.times(), g.doing.round(), is_awaiting});
    });
  }
  std::sort(seen.begin(), seen.end(),
            [](const waiting& a, const waiting& b) { return a.id < b.id; });
  return all_wait;
}

await_watch::change await_watch::compare(const std::vector<waiting>& before,
                                         const std::vector<waiting>& seen) {
  if (before.size() != seen.size()) return change::some;
  change found = change::none;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const waiting& a = before[i];
    const waiting& b = seen[i];
    if (a.id != b.id || a.is_awaiting != b.is_awaiting) return change::some;
    const std::uint32_t pauses = b.times - a.times;
    if (!a.is_awaiting && pauses != 0) return change::some;
    if (a.is_awaiting && pauses != b.round - a.round) return change::some;
    if (a.is_awaiting && pauses < 2) found = change::none_yet;
  }
  return found;
}

}  // namespace braid
