// Sleeping and timers; see <braid/time.hpp>.
#include <braid/time.hpp>

#include "core/channel.hpp"
#include "core/sleeping.hpp"

namespace braid {
namespace {

// The moment `delay` from now; huge delays saturate instead of lying in the past (rule T12).
time_point deadline(duration delay) {
  const time_point now = current_scheduler().now();
  return delay > time_point::max() - now ? time_point::max() : now + delay;
}

// The timer of after(): owns itself and a reference to the channel it feeds.
struct after_timer : timer {
  chan<time_point> feeds;

  static void fire(timer& t) {
    auto& self = static_cast<after_timer&>(t);
    time_point when = self.when;
    detail::deliver(self.feeds.core(), &when);
    delete &self;
  }
  static void drop(timer& t) { delete &static_cast<after_timer&>(t); }
};

}  // namespace

void detail::sleep_in(const op& waiting, duration time) {
  timer alarm;
  alarm.when = deadline(time);
  alarm.fired = [](timer& t) { current_scheduler().ready(*t.sleeper); };
  alarm.dropped = [](timer&) {};
  alarm.sleeper = &goroutine::current();
  alarm.at = waiting.at;
  // Armed off the stack: it may fire on another worker before this one has left.
  current_scheduler().park(
      waiting, {[](void* t) { current_scheduler().arm(*static_cast<timer*>(t)); }, &alarm});
}

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
  if (time > duration::zero()) detail::sleep_in(next, time);
  if (detail::watched()) detail::report({.done = next});
}

chan<time_point> after(duration time, where at) {
  chan<time_point> feeds = make_chan<time_point>(1, at);
  const op next{.kind = op_kind::after, .object = feeds.core(), .argument = time.count(), .at = at};
  if (detail::watched() && !detail::announce(next)) return feeds;
  auto* alarm = new after_timer;
  alarm->feeds = feeds;
  alarm->when = deadline(std::max(time, duration::zero()));
  alarm->fired = after_timer::fire;
  alarm->dropped = after_timer::drop;
  alarm->channel = feeds.core();
  alarm->at = at;
  current_scheduler().arm(*alarm);
  if (detail::watched()) detail::report({.done = next});
  return feeds;
}

}  // namespace braid
