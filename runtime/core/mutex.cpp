// mutex; see <braid/mutex.hpp>.
#include <braid/mutex.hpp>
#include <braid/panic.hpp>
#include <chrono>
#include <cstdint>

namespace braid {

// Of one who waits, on its stack. At most one is awake, the first: it stays there until it has the
// lock, and no other is woken meanwhile.
struct mutex::place : detail::waiter {
  explicit place(time_point now) : since(now) {}
  bool has_starved() const { return current_scheduler().now() - since > patience; }

  static constexpr duration patience = std::chrono::milliseconds(1);
  const time_point since;
  bool has_lock = false;  // it was handed over; then this is in no queue
};

bool mutex::is_free(const op& pending) {
  return (static_cast<const mutex*>(pending.object)->state() & locked) == 0;
}

void mutex::lock_slowly(where at) {
  const op next{.kind = op_kind::lock, .object = this, .guard = is_free, .at = at};
  if (detail::watched() && !detail::announce(next)) return;
  if (!take_if_free()) wait(next);
  if (detail::watched()) detail::report({.done = next});
}

bool mutex::take_if_free() {
  std::uint8_t seen = state();
  while ((seen & locked) == 0) {
    if (replace(seen, seen | locked)) return true;
  }
  return false;
}

// Until the lock is ours: by hand-over, or because it is free when we look.
void mutex::wait(const op& waiting_in) {
  place self(current_scheduler().now());
  guard_.lock();
  if (take_or_join(self)) return guard_.unlock();
  for (;;) {
    current_scheduler().park(waiting_in, detail::unlocking(guard_));
    guard_.lock();
    if (self.has_lock) {
      if (waiters_.empty() || !self.has_starved()) is_starved_ = false;
      return guard_.unlock();
    }
    if (take_as_first(self)) return guard_.unlock();
    is_starved_ = is_starved_ || self.has_starved();
  }
}

// True if it was free; else it is known from here on that somebody waits. REQUIRES: guard_.
bool mutex::take_or_join(place& self) {
  // Those who were left waiting by an earlier program are gone, also who was awake.
  const std::uint8_t still = waiters_.empty() ? locked : locked | awake;
  std::uint8_t seen = state();
  for (;;) {
    const bool is_free = (seen & locked) == 0;
    if (replace(seen, is_free ? seen | locked : (seen & still) | waiting)) {
      if (!is_free) waiters_.push(self);
      return is_free;
    }
  }
}

// For who was woken: true if it was free; else it is not awake any more. REQUIRES: guard_.
bool mutex::take_as_first(place& self) {
  BRAID_ASSERT((state() & awake) != 0 && waiters_.front() == &self);
  const std::uint8_t others = self.next != nullptr ? waiting : 0;
  std::uint8_t seen = state();
  for (;;) {
    const bool is_free = (seen & locked) == 0;
    if (!replace(seen, is_free ? locked | others : locked | waiting)) continue;
    if (is_free) waiters_.pop();
    return is_free;
  }
}

bool mutex::try_lock(where at) {
  const op next{.kind = op_kind::try_lock, .object = this, .at = at};
  if (detail::watched() && !detail::announce(next)) return false;
  const bool fails = !is_free(next) || detail::happens_if(detail::spurious.try_locks);
  const bool taken = !fails && take_if_free();
  if (detail::watched()) detail::report({.done = next, .result = taken});
  return taken;
}

void mutex::unlock_slowly(where at) {
  const op next{.kind = op_kind::unlock, .object = this, .at = at};
  if (detail::watched() && !detail::announce(next)) return;
  if ((state() & locked) == 0) {
    if (detail::watched()) detail::report({.done = next, .result = -1});
    fatal("sync: unlock of unlocked mutex", at);
  }
  goroutine* const woken = release_if_nobody_waits() ? nullptr : release_to_first();
  if (detail::watched()) detail::report({.done = next});
  if (woken != nullptr) current_scheduler().ready(*woken);
}

// The lock may be gone when it returns true.
bool mutex::release_if_nobody_waits() {
  std::uint8_t expected = locked;
  return replace(expected, 0);
}

// Wakes the first, or hands the lock over to it; returns whom the caller has to make ready, if any.
// While both locks are held nobody else changes the state, and relaxed stores are ordered by
// guard_.
goroutine* mutex::release_to_first() {
  guard_.lock();
  auto* const first = static_cast<place*>(waiters_.front());
  if (first == nullptr) {                             // an earlier program left them waiting
    state_.store(locked, std::memory_order_relaxed);  // it stays ours
    guard_.unlock();
    return release_if_nobody_waits() ? nullptr : release_to_first();
  }
  const bool is_awake = (state() & awake) != 0;
  goroutine* const woken = is_awake ? nullptr : first->self;
  is_starved_ = is_starved_ || (is_awake && first->has_starved());
  if (is_starved_) {
    waiters_.pop();
    first->has_lock = true;
    const std::uint8_t others = waiters_.empty() ? 0 : waiting;
    state_.store(locked | others, std::memory_order_relaxed);  // partner of all: guard_
  } else {
    state_.store(waiting | awake, std::memory_order_release);  // partner: replace()
  }
  guard_.unlock();  // the first takes it before it goes on: until here nobody can destroy this
  return woken;
}

}  // namespace braid
