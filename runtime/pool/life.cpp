// A pool's start, stop and end; see pool.hpp.
#include <algorithm>
#include <braid/panic.hpp>
#include <chrono>
#include <system_error>

#include "pool/ending.hpp"
#include "pool/pool.hpp"
#include "pool/watchdog.hpp"

namespace braid {

pool::pool(unsigned workers, const run_options& options)
    : stall_after_(options.stall_after), state_(workers, options.time_scale), random_(workers) {}

void pool::start(std::function<void()> main) {
  goroutine& first = goroutine::make(nullptr, where::unknown());
  first.function.set([main = std::move(main)] {
    main();
    current_scheduler().end(ending::returned, 0, {}, where::unknown());
  });
  state_.workers.front()->spawn(first);
  for (const auto& one : state_.workers) {
    std::unique_lock held(lock_);
    const bool is_started = start_thread(*one);
    held.unlock();
    if (!is_started) end_process_fatally("the system does not give a thread to a worker", {});
  }
}

// REQUIRES: lock_. False if the system gives none.
bool pool::start_thread(worker& one) {
  try {
    threads_.emplace_back([this, &one] { run_worker(one); });
  } catch (const std::system_error&) {
    return false;
  }
  ++running_;
  return true;
}

void pool::run_worker(worker& one) {
  one.run();
  // Under the lock, so that wait() cannot destroy the condition while it is signalled.
  const std::lock_guard held(lock_);
  --running_;
  worker_ended_.notify_one();
}

void pool::stop() {
  state_.stopping.store(true, std::memory_order_release);  // partner: is_stopping()
  detail::watch.store(true, std::memory_order_relaxed);    // seen at the latest when joined
  state_.idle.wake_all();
  const std::lock_guard held(lock_);
  for (const auto& one : dedicated_) one->interrupt();
}

bool pool::wait() {
  constexpr std::chrono::seconds grace(1);
  watchdog(state_, stall_after_).run();                  // until main returns
  detail::watch.store(true, std::memory_order_relaxed);  // as in stop(): the watchdog changes it
  {
    std::unique_lock held(lock_);
    worker_ended_.wait_for(held, grace, [&] { return running_ == 0; });
    if (running_ > 0) {
      // Go ends the process here, whatever still computes. We cannot: the caller has more to do.
      for (std::thread& thread : threads_) thread.detach();
      return false;
    }
  }
  for (std::thread& thread : threads_) thread.join();
  return true;
}

void pool::unwind_left_overs() {
  unwinder_ = &goroutine::current();
  state_.timers_armed.drop_all();
  std::vector<goroutine*> left;
  for (const auto& one : state_.workers) one->live().append_to(left);
  // A child before its parent, as far as anybody can tell.
  std::sort(left.begin(), left.end(), [](const goroutine* a, const goroutine* b) {
    return a->born != b->born ? a->born > b->born : a->home > b->home;
  });
  for (goroutine* g : left) {
    releases_ = 0;
    (void)g->abandon();  // a stack that could not be unwound is dropped, and nobody need know
    g->retire();
  }
}

std::vector<std::uint64_t> pool::first_runs() const {
  std::vector<std::uint64_t> counts;
  for (const auto& one : state_.workers) counts.push_back(one->first_runs());
  return counts;
}

}  // namespace braid
