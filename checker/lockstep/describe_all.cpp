// The checker's scheduler: what all goroutines do, for num_goroutines() and dump(); see
// lockstep.hpp.
#include <algorithm>
#include <braid/scheduler.hpp>

#include "lockstep/lockstep.hpp"

namespace braid {

std::size_t lockstep::goroutines_count() {
  return static_cast<std::size_t>(
      std::count_if(tasks_.begin(), tasks_.end(), [](const task& t) { return t.self != nullptr; }));
}

// Who stands before an operation that could happen is runnable: it would not have stopped there.
void lockstep::describe_all(std::vector<goroutine_state>& to) {
  for (const task& t : tasks_) {
    if (t.self == nullptr) continue;
    const goroutine& g = *t.self;
    // That of who runs is done, and gone; who has not come to one has none.
    const op* const pending = &g == running_ ? nullptr : g.pending;
    const bool guard_fails =
        pending != nullptr && pending->guard != nullptr && !pending->guard(*pending);
    const bool waits = pending != nullptr && (t.is_parked || guard_fails);
    to.push_back({.id = g.id,
                  .name = std::string(g.name()),
                  .doing = waits ? reason_of(*pending) : wait_reason::runnable,
                  .at = waits ? pending->at : where::unknown(),
                  .created_at = g.created_at(),
                  .created_by = g.created_by(),
                  .has_thread = g.has_thread()});
  }
}

}  // namespace braid
