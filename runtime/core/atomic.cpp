// Waiting for an atomic in production; see <braid/atomic.hpp>.
#include <algorithm>
#include <braid/atomic.hpp>
#include <braid/go.hpp>
#include <braid/time.hpp>
#include <chrono>

namespace braid::detail {

void back_off(unsigned round, where at) {
  constexpr unsigned busy_rounds = 100;
  if (round < busy_rounds) return this_goroutine::yield(at);
  constexpr std::chrono::microseconds longest{1000};
  sleep_for(std::min(longest, std::chrono::microseconds{round - busy_rounds + 1}), at);
}

}  // namespace braid::detail
