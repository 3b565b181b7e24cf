// Waiting for an atomic in production; see <braid/atomic.hpp>.
#include <algorithm>
#include <braid/atomic.hpp>
#include <braid/go.hpp>
#include <chrono>

#include "core/sleeping.hpp"

namespace braid::detail {

void back_off(unsigned round, where at) {
  constexpr unsigned busy_rounds = 100;
  constexpr unsigned look_every = 32;
  if (round < busy_rounds) return this_goroutine::yield(at);
  constexpr std::chrono::microseconds longest{1000};
  const op waiting{.kind = op_kind::await, .argument = round, .at = at};
  goroutine::current().doing.set_awaiting(true);
  // It may be that nobody can make the predicate hold any more: the scheduler looks for that.
  if (round % look_every == 0) (void)current_scheduler().before(waiting);
  sleep_in(waiting, std::min(longest, std::chrono::microseconds{round - busy_rounds + 1}));
}

void end_back_off() { goroutine::current().doing.set_awaiting(false); }

}  // namespace braid::detail
