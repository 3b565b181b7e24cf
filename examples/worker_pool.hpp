// Goroutines that do the jobs that are handed to them, until the pool is stopped.
//
// The bug: submit looks whether the pool was stopped, and sends afterwards. If it is stopped in
// between, the channel is closed: that is a panic.
#pragma once

#include <braid/braid.hpp>
#include <functional>
#include <shared_mutex>

#include "variant.hpp"

template <variant Variant>
class worker_pool {
 public:
  using job = std::function<void()>;

  explicit worker_pool(int workers) {
    for (int i = 0; i < workers; ++i) {
      all_.go([jobs = jobs_]() mutable {
        for (const job& next : jobs) next();
      });
    }
  }

  // False if the pool was stopped; then the job is not done.
  bool submit(job what) {
    std::shared_lock held(lock_);
    if (is_stopped_) return false;
    if (Variant == variant::buggy) held.unlock();
    jobs_.send(std::move(what));
    return true;
  }
  // Waits until all jobs that were accepted are done.
  void stop() {
    {
      const braid::lock_guard held(lock_);
      is_stopped_ = true;
      jobs_.close();
    }
    all_.wait();
  }

 private:
  braid::chan<job> jobs_ = braid::make_chan<job>(1);
  braid::wait_group all_;
  braid::shared_mutex lock_;
  bool is_stopped_ = false;  // protected by lock_
};
