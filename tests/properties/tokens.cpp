// Tokens and schedules: two forms of one thing.
//
// Oracle: the round trip. Whatever schedule is written down is read back as the same.
#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

#include <rapidcheck.h>
#include "trace/run_token.hpp"
#include "trace/schedule.hpp"

namespace {

using braid::decision_kind;
using braid::deviation;
using braid::schedule;

schedule any_schedule() {
  const auto number = rc::gen::nonNegative<std::uint32_t>();
  const auto one =
      rc::gen::construct<deviation>(rc::gen::positive<std::uint32_t>(),
                                    rc::gen::element(decision_kind::goroutine, decision_kind::timer,
                                                     decision_kind::arm, decision_kind::value),
                                    rc::gen::map(number, [](std::uint32_t n) { return n / 2; }));
  schedule s{.deviations = *rc::gen::container<std::vector<deviation>>(one),
             .data_seed = *rc::gen::arbitrary<std::uint64_t>()};
  std::sort(s.deviations.begin(), s.deviations.end(),
            [](const deviation& a, const deviation& b) { return a.step < b.step; });
  return s;
}

TEST_CASE("a schedule that is written as a token is read back", "[properties]") {
  CHECK(rc::check("schedules make the round trip", [] {
    const schedule s = any_schedule();
    const auto hash = *rc::gen::arbitrary<std::uint64_t>();
    const auto name = *rc::gen::arbitrary<std::string>();
    const std::string text = text_of(s) + "~" + braid::check_of(name, hash);
    RC_LOG() << text << '\n';
    const auto read = braid::parse_token(text);
    RC_ASSERT(read.has_value());
    RC_ASSERT(read->follow == s);
    RC_ASSERT(read->fits(name, hash));
    RC_ASSERT(!braid::parse_run_token(text));
  }));
}

TEST_CASE("what is read as a token is written back as it was, but for zeros", "[properties]") {
  CHECK(rc::check("tokens make the round trip", [] {
    const std::string text =
        *rc::gen::container<std::string>(rc::gen::elementOf(std::string("0123456789gtcvs.~abc")));
    const auto read = braid::parse_token(text);
    if (!read) return;
    const auto again = braid::parse_token(text_of(read->follow));
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->follow == read->follow);
  }));
}

std::optional<std::uint32_t> any_bound() {
  if (*rc::gen::arbitrary<bool>()) return std::nullopt;
  return *rc::gen::arbitrary<std::uint32_t>();
}

TEST_CASE("a run token is read back", "[properties]") {
  CHECK(rc::check("run tokens make the round trip", [] {
    const braid::run_token t{
        .strategy = *rc::gen::element<std::string>("random", "dfs", "pct:2", "pct:3:57"),
        .seed = *rc::gen::arbitrary<std::uint64_t>(),
        .run = *rc::gen::arbitrary<std::uint64_t>(),
        .timers = *rc::gen::element(braid::timer_mode::ordered, braid::timer_mode::free),
        .steps_max = *rc::gen::arbitrary<std::uint32_t>(),
        .preemptions_max = any_bound(),
        .delays_max = any_bound()};
    const auto read = braid::parse_run_token(text_of(t));
    RC_ASSERT(read.has_value());
    RC_ASSERT(text_of(*read) == text_of(t));
    RC_ASSERT(read->strategy == t.strategy);
    RC_ASSERT(read->preemptions_max == t.preemptions_max);
    RC_ASSERT(read->delays_max == t.delays_max);
    RC_ASSERT(!braid::parse_token(text_of(t)));
  }));
}

}  // namespace
