// wait_group; see <braid/wait_group.hpp>.
#include <braid/panic.hpp>
#include <braid/wait_group.hpp>

namespace braid {

bool wait_group::is_zero(const op& pending) {
  return static_cast<const wait_group*>(pending.object)->count_ == 0;
}

void wait_group::add(int delta, where at) {
  const op next{.kind = op_kind::add, .object = this, .argument = delta, .at = at};
  if (detail::watched() && !detail::announce(next)) return;
  guard_.lock();
  if (count_ + delta < 0) {
    guard_.unlock();
    if (detail::watched()) detail::report({.done = next, .result = -1});
    throw runtime_panic("sync: negative WaitGroup counter", at);
  }
  count_ += delta;
  detail::waiter* waiting = count_ == 0 ? waiters_.take_all() : nullptr;
  guard_.unlock();
  // From here on a waiter may return and destroy this group: only the waiters taken are touched.
  if (detail::watched()) detail::report({.done = next});
  detail::ready_all(waiting);
}

void wait_group::wait(where at) {
  const op next{.kind = op_kind::wait, .object = this, .guard = is_zero, .at = at};
  if (detail::watched() && !detail::announce(next)) return;
  guard_.lock();
  if (count_ == 0) {
    guard_.unlock();
  } else {
    detail::waiter self;
    waiters_.push(self);
    current_scheduler().park(next, detail::unlocking(guard_));
  }
  if (detail::watched()) detail::report({.done = next});
}

}  // namespace braid
