// The time of a running program: CLOCK_MONOTONIC, or that clock made faster for `time_scale`.
//
// With scale s a second of the program lasts s seconds, for those who sleep and for those who look
// at the clock, so that a program finds its sleeps as long as it asked. With scale 0 every timer is
// due at once; the clock then goes at its usual speed and jumps to each deadline as it is reached.
//
// Thread safety: all functions may be called from any thread.
#pragma once

#include <atomic>
#include <braid/scheduler.hpp>
#include <cstdint>

namespace braid {

class run_clock {
 public:
  explicit run_clock(double scale);

  time_point now() const;
  bool is_due(time_point when) const { return scale_ == 0 || when <= now(); }
  // A deadline was reached: with scale 0 the clock jumps there.
  void reach(time_point when);
  // When `when` comes, in nanoseconds of CLOCK_MONOTONIC.
  std::int64_t monotonic_ns(time_point when) const;

 private:
  const double scale_;
  const std::int64_t start_ns_;
  std::atomic<std::int64_t> skipped_ns_ = 0;
};

std::int64_t monotonic_now_ns();

}  // namespace braid
