// A semaphore whose holders have weights, as golang.org/x/sync/semaphore (rules E5-E7).
//
//   braid::weighted_semaphore memory(1024);
//   memory.acquire(300);
//   ...
//   memory.release(300);
//
// First come, first served: a large request at the head makes smaller ones behind it wait, so that
// it does not starve.
#pragma once

#include <braid/chan.hpp>
#include <braid/context.hpp>
#include <braid/mutex.hpp>
#include <braid/select.hpp>
#include <braid/where.hpp>
#include <cstdint>
#include <list>
#include <variant>

namespace braid {

class weighted_semaphore {
 public:
  explicit weighted_semaphore(std::int64_t size, where at = {}) : size_(size), lock_(at) {}
  weighted_semaphore(const weighted_semaphore&) = delete;
  weighted_semaphore& operator=(const weighted_semaphore&) = delete;

  // Takes n, waiting until they are free and nobody waits before us. More than there are in all:
  // waits for ever, and is in nobody's way.
  void acquire(std::int64_t n, where at = {}) { acquire_unless(n, recv_chan<int>(), at); }
  // The same until `done` is closed: then false, and nothing is taken (E6). A `done` that was
  // closed before wins.
  template <class T>
  bool acquire_unless(std::int64_t n, recv_chan<T> done, where at = {});
  // The same until the context is cancelled: its error, or none if n were taken.
  error acquire(const context& until, std::int64_t n, where at = {}) {
    return acquire_unless(n, recv_chan<std::monostate>(until.done()), at) ? error() : until.err(at);
  }
  // Takes n if they are free and nobody waits. Never waits.
  bool try_acquire(std::int64_t n, where at = {});
  // Gives back n. Panics "semaphore: released more than held" (E7).
  void release(std::int64_t n, where at = {});

 private:
  using signal = chan<std::monostate>;
  struct waiter {
    std::int64_t n;
    signal taken;  // closed when they were taken for it
  };
  // A request that had to wait. Its place may be gone as soon as lock_ is free: `taken` tells.
  struct request {
    std::list<waiter>::iterator place;
    signal taken;  // nil if it cannot be met
  };

  // Leaves the queue, or gives back what was taken meanwhile.
  void withdraw(const request& own, std::int64_t n, where at);
  // REQUIRES, of these three: lock_ is held.
  // True: taken. Else `own` is in the queue, or cannot be met.
  bool take_or_queue(std::int64_t n, request& own, where at);
  void forget_left_overs();
  // Serves the queue from its head.
  void serve(where at);

  const std::int64_t size_;
  mutex lock_;
  // Protected by lock_:
  std::int64_t held_ = 0;
  std::list<waiter> waiters_;
  std::uint64_t program_ = 0;  // during which they came
};

template <class T>
bool weighted_semaphore::acquire_unless(std::int64_t n, recv_chan<T> done, where at) {
  request own;
  // A look before the lock would miss a `done` that closes ahead of the release that serves us.
  lock_.lock(at);
  const bool is_done = done && select(recv(done), otherwise, at) == 0;
  const bool is_taken = !is_done && take_or_queue(n, own, at);
  lock_.unlock(at);
  if (is_done || is_taken) return is_taken;
  if (!own.taken) {
    done.recv(at);
    return false;
  }
  if (select(recv(own.taken), recv(done), at) == 0) {
    if (!done || select(recv(done), otherwise, at) != 0) return true;
    release(n, at);
    return false;
  }
  withdraw(own, n, at);
  return false;
}

}  // namespace braid
