// cond; see <braid/cond.hpp>.
#include <braid/cond.hpp>

namespace braid {

bool cond::is_notified(const op& pending) {
  return static_cast<const place*>(pending.context)->notified;
}

void cond::enqueue(place& self, where at) {
  const op next{.kind = op_kind::enqueue, .object = this, .at = at};
  if (detail::watched() && !detail::announce(next)) return;
  // Once for each goroutine: else a loop that waits could go on for ever.
  bool& has_woken = goroutine::current().woke_spuriously;
  self.notified = detail::happens_if(detail::spurious.wake_ups && !has_woken);
  has_woken = has_woken || self.notified;
  if (!self.notified) {
    const spin_guard held(guard_);
    waiting_.push(self);
  }
  if (detail::watched()) detail::report({.done = next, .result = self.notified});
}

void cond::await(place& self, where at) {
  const op next{
      .kind = op_kind::cond_wait, .object = this, .guard = is_notified, .context = &self, .at = at};
  if (detail::watched() && !detail::announce(next)) return;
  guard_.lock();
  if (self.notified) {
    guard_.unlock();
  } else {
    self.parked = true;
    current_scheduler().park(next, detail::unlocking(guard_));
  }
  if (detail::watched()) detail::report({.done = next});
}

void cond::notify(bool all, where at) {
  const op next{.kind = op_kind::notify, .object = this, .argument = all, .at = at};
  if (detail::watched() && !detail::announce(next)) return;
  guard_.lock();
  detail::waiter* first = all ? waiting_.take_all() : waiting_.pop();
  if (!all && first != nullptr) first->next = nullptr;
  detail::waiter* woken = nullptr;  // those that have parked, in their order
  detail::waiter** last = &woken;
  while (first != nullptr) {
    auto& chosen = static_cast<place&>(*first);
    first = first->next;
    chosen.notified = true;
    if (detail::watched()) report_release(chosen, at);
    if (!chosen.parked) continue;
    *last = &chosen;
    last = &chosen.next;
  }
  *last = nullptr;
  guard_.unlock();
  if (detail::watched()) detail::report({.done = next});
  detail::ready_all(woken);
}

// Tells that one who waits was chosen by a notification.
void cond::report_release(const place& chosen, where at) {
  detail::report(
      {.done = {.kind = op_kind::released, .object = this, .context = chosen.self, .at = at}});
}

}  // namespace braid
