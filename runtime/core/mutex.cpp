// mutex; see <braid/mutex.hpp>.
#include <braid/mutex.hpp>
#include <braid/panic.hpp>
#include <chrono>
#include <utility>

namespace braid {

// Of one who waits, on its stack. At most one is awake, the first: it stays there until it has the
// lock, and no other is woken meanwhile.
struct mutex::place : detail::waiter {
  explicit place(time_point now) : since(now) {}
  bool has_starved() const { return current_scheduler().now() - since > patience; }

  static constexpr duration patience = std::chrono::milliseconds(1);
  const time_point since;
  bool is_awake = false;
  bool has_lock = false;  // it was handed over; then this is in no queue
};

bool mutex::is_free(const op& pending) {
  return !static_cast<const mutex*>(pending.object)->locked_;
}

void mutex::lock_slowly(where at) {
  const op next{.kind = op_kind::lock, .object = this, .guard = is_free, .at = at};
  if (detail::watched() && !detail::announce(next)) return;
  if (!take()) wait(next);
  if (detail::watched()) detail::report({.done = next});
}

// Until the lock is ours: by hand-over, or because it is free when we look.
void mutex::wait(const op& waiting) {
  place self(current_scheduler().now());
  guard_.lock();
  if (!std::exchange(locked_, true)) return guard_.unlock();
  waiters_.push(self);
  for (;;) {
    current_scheduler().park(waiting, detail::unlocking(guard_));
    guard_.lock();
    if (self.has_lock) {
      if (waiters_.empty() || !self.has_starved()) is_starved_ = false;
      return guard_.unlock();
    }
    BRAID_ASSERT(self.is_awake && waiters_.front() == &self);
    if (!std::exchange(locked_, true)) {
      waiters_.pop();
      return guard_.unlock();
    }
    self.is_awake = false;
    is_starved_ = is_starved_ || self.has_starved();
  }
}

bool mutex::try_lock(where at) {
  const op next{.kind = op_kind::try_lock, .object = this, .at = at};
  if (detail::watched() && !detail::announce(next)) return false;
  guard_.lock();
  const bool taken = !locked_ && !detail::happens_if(detail::spurious.try_locks);
  locked_ = locked_ || taken;
  guard_.unlock();
  if (detail::watched()) detail::report({.done = next, .result = taken});
  return taken;
}

void mutex::unlock_slowly(where at) {
  const op next{.kind = op_kind::unlock, .object = this, .at = at};
  if (detail::watched() && !detail::announce(next)) return;
  guard_.lock();
  if (!locked_) {
    guard_.unlock();
    if (detail::watched()) detail::report({.done = next, .result = -1});
    fatal("sync: unlock of unlocked mutex", at);
  }
  goroutine* woken = nullptr;
  auto* const first = static_cast<place*>(waiters_.front());
  if (first != nullptr) {
    is_starved_ = is_starved_ || is_passed_over(*first);
    if (is_starved_) waiters_.pop();
    first->has_lock = is_starved_;
    if (!std::exchange(first->is_awake, true)) woken = first->self;
  }
  locked_ = first != nullptr && is_starved_;
  guard_.unlock();
  if (detail::watched()) detail::report({.done = next});
  if (woken != nullptr) current_scheduler().ready(*woken);
}

// Whether one who was woken has starved in some queue of the scheduler's: nothing takes a worker
// from goroutines that lock and unlock and never wait (rule G10). The clock is asked now and then.
bool mutex::is_passed_over(const place& first) {
  constexpr int look_every = 64;
  return first.is_awake && ++passes_ % look_every == 0 && first.has_starved();
}

}  // namespace braid
