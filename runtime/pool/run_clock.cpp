// The time of a running program; see run_clock.hpp.
#include "pool/run_clock.hpp"

#include <time.h>
#include <algorithm>
#include <limits>

namespace braid {
namespace {

constexpr std::int64_t never_ns = std::numeric_limits<std::int64_t>::max();

std::int64_t saturated(double ns) {
  return ns >= static_cast<double>(never_ns) ? never_ns : static_cast<std::int64_t>(ns);
}

std::int64_t plus(std::int64_t a, std::int64_t b) { return b > never_ns - a ? never_ns : a + b; }

}  // namespace

std::int64_t monotonic_now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

run_clock::run_clock(double scale) : scale_(std::max(scale, 0.0)), start_ns_(monotonic_now_ns()) {}

time_point run_clock::now() const {
  const std::int64_t real_ns = monotonic_now_ns();
  if (scale_ == 1) return time_point(duration(real_ns));
  if (scale_ == 0) {
    return time_point(duration(real_ns + skipped_ns_.load(std::memory_order_acquire)));  // reach()
  }
  const double passed_ns = static_cast<double>(real_ns - start_ns_) / scale_;
  return time_point(duration(plus(start_ns_, saturated(passed_ns))));
}

void run_clock::reach(time_point when) {
  if (scale_ != 0) return;
  const std::int64_t ahead_ns = (when - now()).count();
  if (ahead_ns > 0) skipped_ns_.fetch_add(ahead_ns, std::memory_order_release);  // partner: now()
}

std::int64_t run_clock::monotonic_ns(time_point when) const {
  const std::int64_t when_ns = when.time_since_epoch().count();
  if (scale_ == 1 || when == time_point::max()) return when_ns;
  return plus(start_ns_, saturated(static_cast<double>(when_ns - start_ns_) * scale_));
}

}  // namespace braid
