// A lock for many readers or one writer, as Go's sync.RWMutex (rules M7-M12); SharedLockable, so
// std::shared_lock, std::unique_lock and std::scoped_lock work.
//
// A writer that waits keeps new readers out (M8): so a goroutine that reads twice at once can wait
// for ever. When a writer leaves, all readers that wait by then come first.
#pragma once

#include <braid/scheduler.hpp>
#include <braid/wait_queue.hpp>
#include <braid/where.hpp>

namespace braid {

class shared_mutex {
 public:
  shared_mutex(where at = {}) {
    if (detail::watched()) detail::report_made(this, "rwmutex", at);
  }
  shared_mutex(const shared_mutex&) = delete;
  shared_mutex& operator=(const shared_mutex&) = delete;
  ~shared_mutex() {
    if (detail::watched()) detail::report_destroyed(this);
  }

  // As a writer: parks until no other writer has the lock, announces itself, and parks until the
  // readers have left.
  void lock(where at = {});
  // False if a writer has the lock or waits for it, or a reader has it. Never parks (M10).
  bool try_lock(where at = {});
  // Fatal "sync: Unlock of unlocked RWMutex" if no writer has it (M9).
  void unlock(where at = {});

  // As a reader: parks while a writer has the lock or waits for it.
  void lock_shared(where at = {});
  bool try_lock_shared(where at = {});
  // Fatal "sync: RUnlock of unlocked RWMutex" if no reader has it (M9).
  void unlock_shared(where at = {});

 private:
  static bool is_without_writer(const op& pending);
  static bool is_without_readers(const op& pending);

  void announce_writer(where at);
  void await_readers(where at);

  spin_lock guard_;
  // Protected by guard_:
  bool has_writer_ = false;          // that has the lock, or waits for readers to leave
  bool is_taken_ = false;            // by that writer
  int readers_ = 0;                  // that have it
  detail::wait_queue next_readers_;  // empty unless has_writer_
  detail::wait_queue next_writers_;  // empty unless has_writer_; the first comes after it
  detail::wait_queue waiting_;       // the writer, until the last reader leaves
};

}  // namespace braid
