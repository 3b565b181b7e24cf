// Small pieces of programs, for tests on either scheduler.
#pragma once

#include <braid/cond.hpp>
#include <braid/time.hpp>
#include <braid/wait_group.hpp>

namespace braid::testing {

// Runs `act(i)` in `count` goroutines and waits for all.
template <class F>
void together(int count, F act) {
  wait_group all;
  for (int i = 0; i < count; ++i) all.go([&act, i] { act(i); });
  all.wait();
}

// Starts a goroutine of `all` that sets `is_done` with `lock` held, and notifies once.
template <class Lock>
void announce(wait_group& all, Lock& lock, cond& changed, bool& is_done) {
  all.go([&] {
    lock.lock();
    is_done = true;
    changed.notify_one();
    lock.unlock();
  });
}

// Under the checker with ordered timers: returns when all other goroutines wait.
inline void let_others_park() { sleep_for(duration(1)); }

}  // namespace braid::testing
