// Estimates of how large a search is.
//
// Oracle: programs whose number of executions is known by a formula.
#include <braid/braid.hpp>

#include "search/estimate.hpp"
#include "support/exploring.hpp"

namespace {

using braid::program;
using braid::report;
using braid::size_estimate;

// 10^6 executions, in a tree without bends.
program even() {
  return {"even", [] {
            for (int i = 0; i < 6; ++i) braid::choose(10);
          }};
}

// 1 + 9 (1 + 9 (1 + ...)) executions, six deep: most of them lie deep below the default.
program uneven() {
  return {"uneven", [] {
            for (int i = 0; i < 6 && braid::choose(10) != 0; ++i) continue;
          }};
}

TEST_CASE("an even tree is estimated exactly", "[checker]") {
  const bool supervise = GENERATE(true, false);
  const auto size = braid::estimate_size(even(), {}, supervise);
  REQUIRE(size);
  CHECK(size->executions == Approx(1e6));
  CHECK(size->low == Approx(1e6));
  CHECK(size->high == Approx(1e6));
  CHECK(size->probes == 1000);
}

TEST_CASE("the interval of an estimate holds the number of executions", "[checker][volume]") {
  const auto size = braid::estimate_size(uneven(), {}, false);
  REQUIRE(size);
  const report all = braid::explore(uneven(), {.strategy = "dfs"});
  CHECK(size->low < static_cast<double>(all.executions));
  CHECK(size->high > static_cast<double>(all.executions));
  CHECK(size->low < size->executions);
  CHECK(size->executions < size->high);
}

TEST_CASE("a number beyond all bounds is no estimate", "[checker]") {
  const program endless{"endless", [] {
                          for (int i = 0; i < 2000; ++i) braid::choose(1000);
                        }};
  CHECK_FALSE(braid::estimate_size(endless, {}, false));
}

TEST_CASE("a report has an estimate: exact if the search is complete, else about",
          "[checker][volume]") {
  const report complete = braid::explore(uneven(), {.strategy = "dfs"});
  CHECK(complete.estimate == static_cast<double>(complete.executions));
  const report small = braid::explore(even(), {.strategy = "dfs", .runs_max = 500});
  REQUIRE(small.estimate);
  CHECK(*small.estimate == Approx(1e6));
  CHECK_FALSE(small.probed);
  const report part = braid::explore(uneven(), {.strategy = "dfs", .runs_max = 100'000});
  REQUIRE(part.probed);
  REQUIRE(part.estimate);
  CHECK(*part.estimate > 300'000);
  CHECK(*part.estimate < 1'200'000);
  CHECK_FALSE(braid::explore(even(), {.strategy = "random", .runs_max = 10}).estimate);
  const report both = braid::explore(even(), {.runs_max = 20'000});
  CHECK(both.strategy == "portfolio");
  REQUIRE(both.estimate);
  CHECK(*both.estimate > 10'000);
  const program counter = braid::find_program("dpor/mutex_counter:4");
  const report classes = braid::explore(counter, {.strategy = "dpor", .runs_max = 1000});
  REQUIRE(classes.estimate);
  CHECK(*classes.estimate > 2520 / 3);  // of so many
  CHECK(*classes.estimate < 2520 * 3);
}

TEST_CASE("a bounded search has no estimate before it is done", "[checker]") {
  const program p = braid::find_program("dpor/fib_bench:5");
  const auto bounded = [&](std::uint64_t runs_max) {
    return braid::explore(p, {.strategy = "dfs", .runs_max = runs_max, .preemptions_max = 3});
  };
  const report all = bounded(1'000'000);
  REQUIRE(all.why_incomplete == "at most 3 preemptions");
  CHECK(all.estimate == static_cast<double>(all.executions));
  const report some = bounded(all.executions);
  REQUIRE(some.why_incomplete == "the budget is used up");
  CHECK_FALSE(some.probed);
  CHECK_FALSE(some.estimate);
}

TEST_CASE("progress tells a share that grows to one", "[checker][volume]") {
  const bool supervise = GENERATE(true, false);
  double last = 0;
  braid::explore_options options{.strategy = "dfs", .supervise = supervise};
  options.progress = [&](const report& so_far) {
    CHECK(so_far.share_done >= last - 1e-6);
    CHECK(so_far.share_done <= 1);
    last = so_far.share_done;
  };
  braid::explore(even(), options);
  CHECK(last > 0.9);
}

}  // namespace
