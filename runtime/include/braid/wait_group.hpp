// Waits for a set of goroutines to finish, as Go's sync.WaitGroup (rules W1-W7).
#pragma once

#include <braid/go_options.hpp>
#include <braid/goroutine_exit.hpp>
#include <braid/scheduler.hpp>
#include <braid/wait_queue.hpp>
#include <braid/where.hpp>
#include <functional>
#include <type_traits>
#include <utility>

namespace braid {

class wait_group {
 public:
  wait_group(where at = {}) {
    if (detail::watched()) detail::report_made(this, "wg", at);
  }
  wait_group(const wait_group&) = delete;
  wait_group& operator=(const wait_group&) = delete;
  ~wait_group() {
    if (detail::watched()) detail::report_destroyed(this);
  }

  // Adds `delta`, which may be negative. Panics "sync: negative WaitGroup counter" below zero.
  void add(int delta, where at = {});
  void done(where at = {}) { add(-1, at); }
  // Parks the caller until the count is zero.
  void wait(where at = {});
  // Adds 1 and calls f() in a new goroutine; done() follows when f has returned and is destroyed.
  // If f panics done() is not called, so that no wait can race with the crash (rule W6).
  template <class F>
  void go(F&& f, where at = {}) {
    go({}, std::forward<F>(f), at);
  }
  template <class F>
  void go(go_options options, F&& f, where at = {});

 private:
  static bool is_zero(const op& pending);

  spin_lock guard_;
  // Protected by guard_:
  int count_ = 0;
  detail::wait_queue waiters_;  // empty whenever count_ == 0
};

template <class F>
void wait_group::go(go_options options, F&& f, where at) {
  add(1, at);
  braid::go(
      options,
      [this, at, f = std::decay_t<F>(std::forward<F>(f))]() mutable {
        try {
          std::decay_t<F> call(std::move(f));
          std::invoke(call);
        } catch (const detail::goroutine_exit&) {
          done(at);
          throw;
        }
        done(at);
      },
      at);
}

}  // namespace braid
