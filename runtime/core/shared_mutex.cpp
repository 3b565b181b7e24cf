// shared_mutex; see <braid/shared_mutex.hpp>.
//
// A writer takes two steps, each an operation of its own: it becomes the one writer, from when on
// readers queue, and it waits until the readers of before have left.
#include <braid/panic.hpp>
#include <braid/shared_mutex.hpp>
#include <utility>

namespace braid {

bool shared_mutex::is_without_writer(const op& pending) {
  return !static_cast<const shared_mutex*>(pending.object)->has_writer_;
}

bool shared_mutex::is_without_readers(const op& pending) {
  return static_cast<const shared_mutex*>(pending.object)->readers_ == 0;
}

void shared_mutex::lock(where at) {
  announce_writer(at);
  await_readers(at);
}

void shared_mutex::announce_writer(where at) {
  const op next{
      .kind = op_kind::announce_write, .object = this, .guard = is_without_writer, .at = at};
  if (detail::watched() && !detail::announce(next)) return;
  guard_.lock();
  if (!std::exchange(has_writer_, true)) {
    guard_.unlock();
  } else {
    detail::waiter self;
    next_writers_.push(self);
    current_scheduler().park(next, detail::unlocking(guard_));
  }
  if (detail::watched()) detail::report({.done = next});
}

void shared_mutex::await_readers(where at) {
  const op next{
      .kind = op_kind::await_readers, .object = this, .guard = is_without_readers, .at = at};
  if (detail::watched() && !detail::announce(next)) return;
  guard_.lock();
  if (readers_ == 0) {
    is_taken_ = true;
    guard_.unlock();
  } else {
    detail::waiter self;
    waiting_.push(self);
    current_scheduler().park(next, detail::unlocking(guard_));
  }
  if (detail::watched()) detail::report({.done = next});
}

bool shared_mutex::try_lock(where at) {
  const op next{.kind = op_kind::try_write_lock, .object = this, .at = at};
  if (detail::watched() && !detail::announce(next)) return false;
  guard_.lock();
  const bool taken =
      !has_writer_ && readers_ == 0 && !detail::happens_if(detail::spurious.try_locks);
  if (taken) has_writer_ = is_taken_ = true;
  guard_.unlock();
  if (detail::watched()) detail::report({.done = next, .result = taken});
  return taken;
}

void shared_mutex::unlock(where at) {
  const op next{.kind = op_kind::write_unlock, .object = this, .at = at};
  if (detail::watched() && !detail::announce(next)) return;
  guard_.lock();
  if (!is_taken_) {
    guard_.unlock();
    if (detail::watched()) detail::report({.done = next, .result = -1});
    fatal("sync: Unlock of unlocked RWMutex", at);
  }
  is_taken_ = false;
  detail::waiter* reader = next_readers_.take_all();
  for (const detail::waiter* w = reader; w != nullptr; w = w->next) ++readers_;
  detail::waiter* const writer = next_writers_.pop();
  has_writer_ = writer != nullptr;
  guard_.unlock();
  if (detail::watched()) detail::report({.done = next});
  detail::ready_all(reader);
  if (writer != nullptr) current_scheduler().ready(*writer->self);
}

void shared_mutex::lock_shared(where at) {
  const op next{.kind = op_kind::read_lock, .object = this, .at = at};
  if (detail::watched() && !detail::announce(next)) return;
  guard_.lock();
  if (!has_writer_) {
    ++readers_;
    guard_.unlock();
  } else {
    detail::waiter self;
    next_readers_.push(self);
    current_scheduler().park(next, detail::unlocking(guard_));
  }
  if (detail::watched()) detail::report({.done = next});
}

bool shared_mutex::try_lock_shared(where at) {
  const op next{.kind = op_kind::try_read_lock, .object = this, .at = at};
  if (detail::watched() && !detail::announce(next)) return false;
  guard_.lock();
  const bool taken = !has_writer_ && !detail::happens_if(detail::spurious.try_locks);
  readers_ += taken;
  guard_.unlock();
  if (detail::watched()) detail::report({.done = next, .result = taken});
  return taken;
}

void shared_mutex::unlock_shared(where at) {
  const op next{.kind = op_kind::read_unlock, .object = this, .at = at};
  if (detail::watched() && !detail::announce(next)) return;
  guard_.lock();
  if (readers_ == 0) {
    guard_.unlock();
    if (detail::watched()) detail::report({.done = next, .result = -1});
    fatal("sync: RUnlock of unlocked RWMutex", at);
  }
  detail::waiter* const writer = --readers_ == 0 ? waiting_.pop() : nullptr;
  is_taken_ = is_taken_ || writer != nullptr;
  guard_.unlock();
  if (detail::watched()) detail::report({.done = next});
  if (writer != nullptr) current_scheduler().ready(*writer->self);
}

}  // namespace braid
