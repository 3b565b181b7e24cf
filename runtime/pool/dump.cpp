// What all goroutines of a pool do, and the dump of a deadlock (rules D1-D3, R4).
#include <algorithm>
#include <braid/dump.hpp>
#include <string>

#include "pool/ending.hpp"
#include "pool/worker.hpp"

namespace braid {

std::vector<goroutine_state> pool_state::describe_all() {
  std::vector<goroutine_state> all;
  for (const auto& one : workers) {
    one->live().for_each([&](const goroutine& g) {
      const wait_reason doing =
          g.doing.is_awaiting() ? wait_reason::atomic_await : g.doing.reason();
      const bool waits = doing != wait_reason::running && doing != wait_reason::runnable;
      all.push_back({.id = g.id,
                     .name = std::string(g.name()),
                     .doing = doing,
                     .at = waits ? g.doing.at() : where::unknown(),
                     .created_at = g.created_at(),
                     .created_by = g.created_by(),
                     .has_thread = g.has_thread()});
    });
  }
  std::sort(all.begin(), all.end(),
            [](const goroutine_state& a, const goroutine_state& b) { return a.id < b.id; });
  return all;
}

void pool_state::end_in_deadlock() {
  const std::vector<goroutine_state> all = describe_all();
  if (all.empty()) {
    end_process_fatally("no goroutines (main called runtime.Goexit) - deadlock!", {});
  }
  end_process_fatally("all goroutines are asleep - deadlock!", detail::text_of_all(all));
}

}  // namespace braid
