// Lets so many callers through in each period.
//
// The bug: it looks whether a permit is left, and takes it afterwards.
#pragma once

#include <braid/braid.hpp>

#include "variant.hpp"

template <variant Variant>
class rate_limiter {
 public:
  rate_limiter(int permits, braid::duration period)
      : permits_(permits), period_(period), ends_(braid::clock::now() + period), left_(permits) {}

  // False if this period's permits are used up.
  bool allow() {
    begin_period_if_due();
    if (Variant == variant::buggy) {
      if (left_ <= 0) return false;
      --left_;
      return true;
    }
    int left = left_;
    while (left > 0) {
      if (left_.compare_exchange_strong(left, left - 1)) return true;
    }
    return false;
  }

 private:
  void begin_period_if_due() {
    const braid::lock_guard held(lock_);
    const braid::time_point now = braid::clock::now();
    if (now < ends_) return;
    while (ends_ <= now) ends_ += period_;
    left_ = permits_;
  }

  const int permits_;
  const braid::duration period_;
  braid::mutex lock_;
  braid::time_point ends_;  // protected by lock_
  braid::atomic<int> left_;
};
