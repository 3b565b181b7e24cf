// What every timer is; see timer_core.hpp.
#include "core/timer_core.hpp"

#include <algorithm>
#include <braid/panic.hpp>

#include "core/channel.hpp"

namespace braid::detail {

time_point moment_after(time_point now, duration delay) {
  return delay > time_point::max() - now ? time_point::max() : now + delay;
}

time_point deadline_after(duration delay) { return moment_after(current_scheduler().now(), delay); }

duration time_between(time_point now, time_point when) {
  duration::rep ns = 0;
  if (!__builtin_sub_overflow(when.time_since_epoch().count(), now.time_since_epoch().count(),
                              &ns)) {
    return duration(ns);
  }
  return when < now ? duration::min() : duration::max();
}

timer_core::timer_core() {
  fired = fire;
  dropped = drop;
}

void timer_core::release() {
  // With itself: whoever frees the timer sees what the others did to it.
  if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
}

void timer_core::start(op_kind kind, std::string_view name, duration delay, where at) {
  const op next{
      .kind = kind, .object = identity(), .argument = delay.count(), .text = name, .at = at};
  if (watched() && !announce(next)) return;
  {
    const spin_guard held(lock_);
    arm_at(deadline_after(std::max(delay, duration::zero())), at);
  }
  if (watched()) report({.done = next});
}

bool timer_core::stop(where at) {
  const op next{.kind = op_kind::stop, .object = identity(), .at = at};
  if (watched() && !announce(next)) return false;
  aftermath then;
  std::int64_t was = 0;
  {
    const spin_guard held(lock_);
    was = call_off(then);
  }
  if (watched()) report({.done = next, .result = was});
  carry_out(then);
  return was != 0;
}

bool timer_core::reset(duration delay, where at) {
  const op next{.kind = op_kind::reset, .object = identity(), .argument = delay.count(), .at = at};
  if (watched() && !announce(next)) return false;
  aftermath then;
  std::int64_t was = 0;
  {
    const spin_guard held(lock_);
    was = call_off(then);
    set_interval(delay);
    arm_at(deadline_after(std::max(delay, duration::zero())), at);
  }
  if (watched()) report({.done = next, .result = was});
  carry_out(then);
  return was != 0;
}

// As the result of an event of stop().
std::int64_t timer_core::call_off(aftermath& then) {
  const bool was_armed = disarm(then);
  const bool had_gone_off = take_back();
  return was_armed ? 1 : had_gone_off ? 2 : 0;
}

void timer_core::arm_at(time_point deadline, where place) {
  BRAID_ASSERT(!is_armed_);
  when = deadline;
  at = place;
  object = identity();
  starts = prepare(place);
  is_armed_ = true;
  acquire();
  current_scheduler().arm(*this);
}

bool timer_core::disarm(aftermath& then) {
  if (!is_armed_) return false;
  is_armed_ = false;
  if (current_scheduler().disarm(*this)) {
    release();  // the caller holds another
  } else {
    ++void_calls_;
  }
  lay_down(starts, then);
  return true;
}

void timer_core::carry_out(const aftermath& then) {
  if (then.woken != nullptr) current_scheduler().ready(*then.woken);
  if (then.started != nullptr) current_scheduler().spawn(*then.started);
  if (then.unused != nullptr) then.unused->retire();
  if (then.let_go != nullptr) detail::release(then.let_go);
}

void timer_core::fire(alarm& due) {
  auto& self = static_cast<timer_core&>(due);
  aftermath then;
  {
    const spin_guard held(self.lock_);
    if (self.void_calls_ > 0) {
      --self.void_calls_;
    } else {
      self.is_armed_ = false;
      self.go_off(self.when, self.starts, then);
    }
  }
  self.carry_out(then);
  self.release();
}

void timer_core::drop(alarm& left) {
  auto& self = static_cast<timer_core&>(left);
  aftermath then;
  {
    const spin_guard held(self.lock_);
    self.is_armed_ = false;
    self.lay_down(self.starts, then);
  }
  self.carry_out(then);
  self.release();
}

}  // namespace braid::detail
