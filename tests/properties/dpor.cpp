// The proof that dpor is exact: on random small programs over all primitives it visits the classes
// of equivalent executions that dfs visits, all of them, each once.
//
// The oracle is a class's canonical form: for each event its past in the happens-before order of
// the search. Executions of dfs with the same form are one class; they must have the same outcome.
#include <rapidcheck.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "properties/small_program.hpp"
#include "properties/visits.hpp"

namespace braid::testing {
namespace {

TEST_CASE("dpor visits the classes that dfs visits", "[properties][exact]") {
  CHECK(rc::check("dpor is complete", [] {
    const small_program main(numbers_of_few_kinds(), place_to_run::checker);
    const auto timers = *rc::gen::element(timer_mode::ordered, timer_mode::free);
    const visited all = visit(main, "dfs", timers);
    RC_PRE(all.is_complete);
    const visited reduced = visit(main, "dpor", timers);
    RC_PRE(!tells_of_counters(reduced));
    RC_ASSERT(reduced.outcomes == all.outcomes);
    RC_ASSERT(!was_led_astray(reduced));
    const visited in_jobs = visit_in_jobs(main, timers, *rc::gen::arbitrary<std::uint32_t>());
    RC_ASSERT(in_jobs.outcomes == all.outcomes);
    RC_ASSERT(!was_led_astray(in_jobs));
  }));
}

// But for rare programs: strategy/dpor.cpp.
TEST_CASE("dpor visits the classes that dfs visits, each once", "[properties][exact]") {
  CHECK(rc::check("dpor is exact", [] {
    const small_program main(*any_numbers(), place_to_run::checker);
    const auto timers = *rc::gen::element(timer_mode::ordered, timer_mode::free);
    const visited all = visit(main, "dfs", timers);
    RC_PRE(all.is_complete);
    const visited reduced = visit(main, "dpor", timers);
    RC_PRE(!tells_of_counters(reduced));
    RC_ASSERT(all.is_consistent);
    RC_ASSERT(reduced.is_complete);
    RC_ASSERT(reduced.outcomes == all.outcomes);
    RC_ASSERT(each_once(reduced));
  }));
}

// Whether an attempt fails is chosen where the lock is free, and only there.
TEST_CASE("dpor visits the classes that dfs visits, with spurious failures",
          "[properties][exact]") {
  CHECK(rc::check("dpor is exact with spurious failures", [] {
    std::vector<int> numbers = *any_numbers();
    const std::vector<int> locks = {7, 8, 30, 31, 33, 34, 35, 36, 37, 38};
    for (int& n : numbers) n = n % 3 == 0 ? n : locks[static_cast<std::size_t>(n) % locks.size()];
    const small_program main(numbers, place_to_run::checker);
    const lockstep_options options{.spurious = {.try_locks = true, .wake_ups = true}};
    const visited all = visit(main, "dfs", options);
    RC_PRE(all.is_complete);
    const visited reduced = visit(main, "dpor", options);
    RC_PRE(!tells_of_counters(reduced));
    RC_ASSERT(reduced.outcomes == all.outcomes);
    RC_ASSERT(each_once(reduced));
  }));
}

// Where the random programs of the past found a class that was lost.
TEST_CASE("dpor is exact where it once was not", "[properties][exact]") {
  using numbers = std::vector<int>;
  const numbers program = GENERATE(values<numbers>({
      {10, 16, 5, 6, 4},          // a select fills the buffer before a close
      {10, 9, 14, 14, 24, 12},    // selects that are no longer parked
      {15, 3, 1, 15, 0, 14, 17},  // a choice along a path that no execution has taken
      {21, 11, 29, 7},            // two choices in one event
      {2, 21, 19, 2, 17},         // a race before a choice, with another value of it
      {2, 4, 12, 16, 3},          // a race before an attempt, with another result of it
      {2, 4, 6, 4, 5, 6},         // a send that panics, between two closes
      {2, 5, 4, 6, 0, 4, 4},      // a receive from a closed channel, before the close
      {2, 6, 16, 5, 5},           // two such receives, one of them asleep
      {2, 31, 31, 19},            // a second fatal error, before the first one
      {1, 1, 40},                 // choices in turn before main's first operation
  }));
  const timer_mode timers = GENERATE(timer_mode::ordered, timer_mode::free);
  const small_program main(program, place_to_run::checker);
  const visited all = visit(main, "dfs", timers);
  REQUIRE(all.is_complete);
  const visited reduced = visit(main, "dpor", timers);
  CHECK(reduced.outcomes == all.outcomes);
  CHECK(each_once(reduced));
  for (const std::uint64_t seed : {1, 2, 3, 5}) {
    const visited in_jobs = visit_in_jobs(main, timers, seed);
    CHECK(in_jobs.outcomes == all.outcomes);
    CHECK(each_once(in_jobs));
  }
}

// The clock is there already when the second of two equal timers fires. What waits in a loop until
// the clock moves goes on after the first one only.
TEST_CASE("dpor is exact where it once was not, and dfs is long", "[properties][exact]") {
  const small_program main({2, 18, 9, 19, 29}, place_to_run::checker);
  constexpr std::size_t classes_of_dfs = 432;  // in 3,156,632 executions
  const visited whole = visit(main, "dpor", timer_mode::free);
  CHECK(whole.classes.size() == classes_of_dfs);
  CHECK(each_once(whole));
  const visited in_jobs = visit_in_jobs(main, timer_mode::free, 1);
  CHECK(in_jobs.outcomes == whole.outcomes);
  CHECK(each_once(in_jobs));

  // A select that is parked, and completed by a timer whose place is another one.
  const small_program timed({2, 0, 17, 2, 19, 3}, place_to_run::checker);
  for (const std::uint64_t seed : {11, 38, 41}) {
    CHECK(visit_in_jobs(timed, timer_mode::free, seed).classes.size() == 56);
  }
}

TEST_CASE("dpor in jobs visits the same classes, each once", "[properties][exact]") {
  CHECK(rc::check("dpor is exact in jobs", [] {
    const auto number = rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, 100));
    const auto numbers = *rc::gen::resize(8, rc::gen::container<std::vector<int>>(number));
    const small_program main(numbers, place_to_run::checker);
    const auto timers = *rc::gen::element(timer_mode::ordered, timer_mode::free);
    const auto seed = *rc::gen::arbitrary<std::uint32_t>();
    const visited whole = visit(main, "dpor", timers);
    RC_PRE(whole.is_complete);
    RC_PRE(!tells_of_counters(whole));
    const visited in_jobs = visit_in_jobs(main, timers, seed);
    RC_ASSERT(in_jobs.is_complete);
    RC_ASSERT(in_jobs.outcomes == whole.outcomes);
    RC_ASSERT(each_once(in_jobs));
  }));
}

std::set<std::string> set_of(const visited& seen) {
  std::set<std::string> all;
  for (const auto& [form, outcome] : seen.outcomes) all.insert(outcome);
  return all;
}

TEST_CASE("dpor finds nothing but what dfs finds", "[properties]") {
  CHECK(rc::check("dpor is a subset", [] {
    const small_program main(*any_numbers(), place_to_run::checker);
    const auto timers = *rc::gen::element(timer_mode::ordered, timer_mode::free);
    const visited all = visit(main, "dfs", timers);
    RC_PRE(all.is_complete);
    RC_ASSERT(all.is_consistent);
    const std::set<std::string> oracle = set_of(all);
    const std::set<std::string> found = set_of(visit(main, "dpor", timers));
    RC_ASSERT(!found.empty());
    RC_ASSERT(std::includes(oracle.begin(), oracle.end(), found.begin(), found.end()));
  }));
}

}  // namespace
}  // namespace braid::testing
