// The rate limiter: never more callers than permits, in any schedule and in each period.
#include "rate_limiter.hpp"

#include <braid/explore.hpp>
#include <catch2/catch.hpp>

namespace {

using namespace std::chrono_literals;

constexpr int permits = 1;

template <variant Variant>
void two_callers_in_two_periods() {
  rate_limiter<Variant> limiter(permits, 1s);
  for (int period = 0; period < 2; ++period) {
    braid::atomic<int> passed = 0;
    braid::wait_group all;
    for (int i = 0; i < 2; ++i) {
      all.go([&] {
        if (limiter.allow()) ++passed;
      });
    }
    all.wait();
    if (passed > permits) braid::panic("more callers than permits");
    if (passed < permits) braid::panic("a permit that nobody got");
    braid::sleep_for(1s);
  }
}

template <variant Variant>
braid::report explore_limiter() {
  return braid::explore({"rate_limiter", two_callers_in_two_periods<Variant>},
                        {.strategy = "dpor"});
}

TEST_CASE("a limiter that looks before it takes lets too many through", "[rate_limiter]") {
  const braid::report r = explore_limiter<variant::buggy>();
  REQUIRE(r.has(braid::verdict::panic));
  CHECK(r.findings.front().summary == "panic: more callers than permits");
}

TEST_CASE("a limiter that takes in one step lets as many through as it should", "[rate_limiter]") {
  const braid::report r = explore_limiter<variant::fixed>();
  CHECK(r.why_incomplete == "");
  CHECK(r.findings.empty());
}

}  // namespace
