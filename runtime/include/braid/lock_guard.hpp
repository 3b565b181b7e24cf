// Locks for a scope, as std::lock_guard and std::shared_lock, but with the place at which they are
// made: those have only lines of their own, in std's headers, to show in reports.
//
//   const braid::lock_guard held(m);
#pragma once

#include <braid/where.hpp>

namespace braid {

// Of anything with lock(where) and unlock(where): mutex, shared_mutex.
template <class Lock>
class [[nodiscard]] lock_guard {
 public:
  using mutex_type = Lock;

  explicit lock_guard(Lock& held, where at = {}) : held_(held), at_(at) { held_.lock(at); }
  lock_guard(const lock_guard&) = delete;
  lock_guard& operator=(const lock_guard&) = delete;
  ~lock_guard() { held_.unlock(at_); }

 private:
  Lock& held_;
  const where at_;
};

// For reading.
template <class Lock>
class [[nodiscard]] shared_lock_guard {
 public:
  using mutex_type = Lock;

  explicit shared_lock_guard(Lock& held, where at = {}) : held_(held), at_(at) {
    held_.lock_shared(at);
  }
  shared_lock_guard(const shared_lock_guard&) = delete;
  shared_lock_guard& operator=(const shared_lock_guard&) = delete;
  ~shared_lock_guard() { held_.unlock_shared(at_); }

 private:
  Lock& held_;
  const where at_;
};

}  // namespace braid
