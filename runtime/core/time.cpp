// Sleeping and the clock; see <braid/time.hpp>. Timers are in timer.cpp.
#include <braid/time.hpp>

#include "core/sleeping.hpp"
#include "core/timer_core.hpp"

namespace braid {
namespace {

// Parks until the clock says `when`.
void sleep(const op& next, time_point when) {
  alarm wakes;
  wakes.when = when;
  wakes.fired = [](alarm& due) { current_scheduler().ready(*due.sleeper); };
  wakes.dropped = [](alarm&) {};
  wakes.sleeper = &goroutine::current();
  wakes.at = next.at;
  // Armed off the stack: it may fire on another worker before this one has left.
  current_scheduler().park(
      next, {[](void* a) { current_scheduler().arm(*static_cast<alarm*>(a)); }, &wakes});
}

}  // namespace

void detail::sleep_in(const op& waiting, duration time) { sleep(waiting, deadline_after(time)); }

clock::time_point clock::now(where at) {
  const op next{.kind = op_kind::now, .at = at};
  if (detail::watched() && !detail::announce(next)) return {};
  const time_point now = current_scheduler().now();
  if (detail::watched()) detail::report({.done = next});
  return now;
}

void sleep_for(duration time, where at) {
  const op next{.kind = op_kind::sleep, .argument = time.count(), .at = at};
  if (detail::watched() && !detail::announce(next)) return;
  if (time > duration::zero()) sleep(next, detail::deadline_after(time));
  if (detail::watched()) detail::report({.done = next});
}

void sleep_until(time_point when, where at) {
  const duration left = detail::time_between(current_scheduler().now(), when);
  const op next{.kind = op_kind::sleep, .argument = left.count(), .at = at};
  if (detail::watched() && !detail::announce(next)) return;
  if (when > current_scheduler().now()) sleep(next, when);
  if (detail::watched()) detail::report({.done = next});
}

}  // namespace braid
