// mutex; see <braid/mutex.hpp>.
#include <braid/mutex.hpp>
#include <braid/panic.hpp>

namespace braid {

bool mutex::is_free(const op& pending) {
  return !static_cast<const mutex*>(pending.object)->locked_;
}

void mutex::lock(where at) {
  const op next{.kind = op_kind::lock, .object = this, .guard = is_free, .at = at};
  if (detail::watched() && !detail::announce(next)) return;
  guard_.lock();
  if (!locked_) {
    locked_ = true;
    guard_.unlock();
  } else {
    detail::waiter self;
    waiters_.push(self);
    current_scheduler().park(next, detail::unlocking(guard_));
  }
  if (detail::watched()) detail::report({.done = next});
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

void mutex::unlock(where at) {
  const op next{.kind = op_kind::unlock, .object = this, .at = at};
  if (detail::watched() && !detail::announce(next)) return;
  guard_.lock();
  if (!locked_) {
    guard_.unlock();
    if (detail::watched()) detail::report({.done = next, .result = -1});
    fatal("sync: unlock of unlocked mutex", at);
  }
  detail::waiter* first = waiters_.pop();
  if (first == nullptr) locked_ = false;
  guard_.unlock();
  if (detail::watched()) detail::report({.done = next});
  if (first != nullptr) current_scheduler().ready(*first->self);
}

}  // namespace braid
