// The search: how many executions there are, when a search is complete, what ends it early.
//
// Oracle for dfs: closed formulas. In a program of n goroutines that yield k times each and a main
// that just returns, an interleaving is a word with n letters k times each and one letter for
// main's return: (nk + 1)! / k!^n of them.
#include <braid/braid.hpp>
#include <braid/regression.hpp>
#include <braid/testing/synctest.hpp>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/exploring.hpp"

namespace {

using namespace std::chrono_literals;
using braid::explore_options;
using braid::program;
using braid::report;
using braid::reported_outcome;
using braid::timer_mode;
using braid::verdict;
using braid::testing::outcomes;
using braid::testing::outcomes_of;
using braid::testing::text_of;

program yielders(int n, int k) {
  return {"yielders", [=] {
            for (int i = 0; i < n; ++i) {
              braid::go([=] {
                for (int j = 0; j < k; ++j) braid::this_goroutine::yield();
              });
            }
          }};
}

std::uint64_t factorial(int n) { return n < 2 ? 1 : factorial(n - 1) * std::uint64_t(n); }

TEST_CASE("dfs runs each interleaving once", "[checker]") {
  const int n = GENERATE(1, 2, 3);
  const int k = GENERATE(0, 1, 2);
  const report r = braid::explore(yielders(n, k), {.strategy = "dfs"});
  std::uint64_t expected = factorial(n * k + 1);
  for (int i = 0; i < n; ++i) expected /= factorial(k);
  CHECK(r.executions == expected);
  CHECK(r.complete);
}

TEST_CASE("the counts of the outcomes add up to the executions", "[checker]") {
  const std::string strategy = GENERATE("dfs", "random", "auto");
  const report r = braid::explore(braid::find_program("direct-goroutine-going"),
                                  {.strategy = strategy, .runs_max = 100});
  std::uint64_t sum = 0;
  for (const reported_outcome& o : r.outcomes) sum += o.count;
  CHECK(sum == r.executions);
  CHECK(r.executions == (strategy == "random" ? 100 : strategy == "dfs" ? 20 : 4));
}

// Completeness.

TEST_CASE("dfs is complete as soon as its budget holds every execution", "[checker]") {
  const program p = yielders(2, 2);  // 5! / 2!^2 = 30
  const bool is_supervised = GENERATE(true, false);
  const auto with_budget = [&](std::uint64_t runs) {
    return braid::explore(p, {.strategy = "dfs", .runs_max = runs, .supervise = is_supervised});
  };
  CHECK(with_budget(31).complete);
  CHECK(with_budget(30).complete);
  CHECK_FALSE(with_budget(29).complete);
  CHECK(with_budget(29).executions == 29);
  CHECK(with_budget(29).why_incomplete == "the budget is used up");
  CHECK(with_budget(0).executions == 0);
  CHECK_FALSE(with_budget(0).complete);
}

TEST_CASE("sampling is never complete", "[checker]") {
  const report r = braid::explore(yielders(1, 0), {.strategy = "random", .runs_max = 100});
  CHECK_FALSE(r.complete);
  CHECK(r.executions == 100);
  CHECK(r.sampled == 100);
}

TEST_CASE("auto is complete where dpor is, and samples with half of the budget where it is not",
          "[checker]") {
  const report small = braid::explore(yielders(2, 2));
  CHECK(small.complete);
  CHECK(small.strategy == "dpor");
  CHECK(small.executions == 1);
  CHECK(small.sampled == 0);
  const report large = braid::explore(braid::find_program("dpor/fib_bench:5"), {.runs_max = 3000});
  CHECK_FALSE(large.complete);
  CHECK(large.strategy == "portfolio");
  CHECK(large.executions == 3000);
  CHECK(large.sampled == 1500);
}

TEST_CASE("auto samples with half of a small budget, too", "[checker]") {
  const program p = braid::find_program("dpor/fib_bench:5");
  for (const std::uint64_t runs : {2U, 3U, 20U, 999U, 1500U}) {
    const report r = braid::explore(p, {.runs_max = runs});
    CAPTURE(runs);
    CHECK(r.strategy == "portfolio");
    CHECK(r.executions == runs);
    CHECK(r.sampled == runs / 2);
  }
  CHECK(braid::explore(p, {.runs_max = 1}).strategy == "dpor");
}

// They are made while nobody has been asked anything yet.
TEST_CASE("dpor takes all values of choices that follow each other", "[checker]") {
  const program p{"choices", [] {
                    braid::go([] {
                      if (braid::choose(2) == 1) return braid::println("a");
                      if (braid::choose(2) == 1 && braid::choose(2) == 1) braid::println("b");
                    });
                    braid::println("m");
                  }};
  const report all = braid::explore(p, {.strategy = "dfs"});
  const report reduced = braid::explore(p, {.strategy = "dpor"});
  CHECK(outcomes_of(reduced) == outcomes_of(all));
  CHECK(all.outcomes.size() == 5);
  CHECK(reduced.classes == 8);
}

// The process that explores must survive it.
TEST_CASE("a crash after main's end sends auto to dfs", "[checker]") {
  const program p{"late", [] {
                    braid::go([] {
                      braid::this_goroutine::yield();
                      std::_Exit(7);
                    });
                    braid::println("m");
                  }};
  const report reduced = braid::explore(p, {.strategy = "dpor", .supervise = true});
  CHECK_THAT(reduced.why_incomplete, Catch::Contains("crashed or hung after main's end"));
  const report r = braid::explore(p, {.supervise = true});
  CHECK(r.strategy == "dfs");
  CHECK(r.has(verdict::crash));
}

// An object that several own: who destroys it, and with it a timer, depends on the order.
TEST_CASE("dpor does not take for chance what it cannot see", "[checker]") {
  const program p{"owned", [] {
                    auto scope =
                        std::make_shared<braid::cancel_scope>(braid::context::background(), 2ms);
                    braid::go([scope] { braid::println("d"); });
                    braid::go([scope] { scope->ctx().done().recv(); });
                    scope.reset();
                  }};
  const explore_options free{.timers = timer_mode::free};
  const report r = braid::explore(p, free);
  CHECK(r.strategy == "dfs");
  CHECK(r.complete);
  CHECK(r.findings.empty());
}

TEST_CASE("auto samples where executions were cut", "[checker]") {
  const program p{"polls", [] {
                    auto c = braid::make_chan<int>(1);
                    braid::var<int> x = 0;
                    braid::wait_group all;
                    all.go([&, c]() mutable {
                      x.write(1);
                      c.send(1);
                    });
                    while (c.size() == 0) braid::this_goroutine::yield();
                    x.write(2);
                    all.wait();
                  }};
  const report r = braid::explore(p, {.runs_max = 40, .steps_max = 200});
  CHECK(r.strategy == "portfolio");
  CHECK(r.has(verdict::race));
}

TEST_CASE("auto takes dfs where dpor has a gap", "[checker]") {
  const program p{"lifetime", [] {
                    braid::var<int> x = 0;
                    braid::go([&x] { x.write(1); });
                    braid::println(x.read());
                  }};
  const report reduced = braid::explore(p, {.strategy = "dpor"});
  CHECK_FALSE(reduced.complete);
  CHECK_THAT(reduced.why_incomplete, Catch::Contains("destroyed before its last use"));
  const report r = braid::explore(p);
  CHECK(r.complete);
  CHECK(r.strategy == "dfs");
  CHECK_THAT(r.why_dfs, Catch::Contains("destroyed before its last use"));
  CHECK(reduced.why_dfs.empty());
  CHECK(r.outcomes.size() == braid::explore(p, {.strategy = "dfs"}).outcomes.size());
  // What dpor has used is no longer in the budget.
  const std::uint64_t one_left = reduced.executions + 1;
  CHECK(braid::explore(p, {.runs_max = one_left}).executions == one_left);
}

// What another thread is told that calls `other` while a program is explored.
std::string told_meanwhile(const std::function<void()>& other) {
  std::string told;
  braid::explore({"first", [&] {
                    told = std::async(std::launch::async, [&]() -> std::string {
                             try {
                               other();
                             } catch (const std::logic_error& why) {
                               return why.what();
                             }
                             return "";
                           }).get();
                  }});
  return told;
}

TEST_CASE("while one thread explores, another one is refused with a line", "[checker]") {
  const program second = yielders(1, 1);
  const std::string refusal =
      "braid: '" + second.name +
      "' would be explored while another exploration is under way; in one process they follow one "
      "another";
  CHECK(told_meanwhile([&] { braid::explore(second); }) == refusal);
  CHECK(told_meanwhile([&] { braid::replay(second, "0"); }) == refusal);
  CHECK(told_meanwhile([&] { braid::shrink(second, "0"); }) == refusal);
  CHECK(told_meanwhile([&] { braid::diff(second, "0", "0"); }) == refusal);
  CHECK(told_meanwhile([&] { braid::record(second, "0"); }) == refusal);
  CHECK(told_meanwhile([&] { braid::follow(second, braid::regression{}); }) == refusal);
  CHECK_THAT(told_meanwhile([] { braid::synctest([] {}); }),
             Catch::Contains("'synctest' would be"));
  CHECK(braid::explore(second).complete);
  std::async(std::launch::async, [&] { CHECK(braid::explore(second).complete); }).get();
}

TEST_CASE("an exploration from within a goroutine is refused with a line", "[checker]") {
  std::string told;
  braid::explore({"outer", [&] {
                    try {
                      braid::explore(yielders(1, 1));
                    } catch (const std::logic_error& why) {
                      told = why.what();
                    }
                  }});
  CHECK_THAT(told, Catch::Contains("would be explored from within a goroutine"));
}

TEST_CASE("an unknown strategy is refused", "[checker]") {
  CHECK_THROWS_AS(braid::explore(yielders(1, 1), {.strategy = "guess"}), std::invalid_argument);
}

// Seeds.

TEST_CASE("the same seed gives the same report, another seed other counts", "[checker]") {
  const program p = braid::find_program("direct-goroutine-going");
  const auto with_seed = [&](std::uint64_t seed) {
    explore_options options{.strategy = "random", .seed = seed, .runs_max = 500};
    options.timers = timer_mode::free;
    return text_of(braid::explore(p, options));
  };
  CHECK(with_seed(1) == with_seed(1));
  CHECK(with_seed(1) != with_seed(2));
}

TEST_CASE("a longer search begins with the runs of a shorter one", "[checker]") {
  const program p = braid::find_program("loop-variable");
  std::map<std::string, std::uint64_t> shorter;
  for (const auto& o : braid::explore(p, {.strategy = "random", .runs_max = 50}).outcomes) {
    shorter[o.output] = o.count;
  }
  const report longer = braid::explore(p, {.strategy = "random", .runs_max = 80});
  for (const reported_outcome& o : longer.outcomes) CHECK(o.count >= shorter[o.output]);
}

// What ends a search early.

TEST_CASE("fail_fast stops at the first finding", "[checker]") {
  const program p = braid::find_program("lock-order");
  const bool is_supervised = GENERATE(true, false);
  const report all = braid::explore(p, {.strategy = "dfs", .supervise = is_supervised});
  const report first =
      braid::explore(p, {.strategy = "dfs", .fail_fast = true, .supervise = is_supervised});
  CHECK(first.executions < all.executions);
  CHECK(first.findings.size() == 1);
  CHECK(first.first(verdict::deadlock).count == 1);
  CHECK_FALSE(first.complete);
  CHECK(first.why_incomplete == "stopped at the first finding");
}

TEST_CASE("an interrupted search reports what it has, and says so", "[checker]") {
  const bool is_supervised = GENERATE(true, false);
  int asked = 0;
  const report r = braid::explore(
      yielders(4, 100),
      {.strategy = "dfs", .supervise = is_supervised, .interrupted = [&] { return ++asked > 0; }});
  CHECK(asked > 0);
  CHECK(r.was_interrupted);
  CHECK_FALSE(r.complete);
  CHECK(r.why_incomplete == "interrupted");
  CHECK(r.exit_code() == 130);
  CHECK(r.executions > 0);
  CHECK(outcomes_of(r) == outcomes{""});
}

TEST_CASE("time that is used up ends the search, and the report says so", "[checker]") {
  const report r = braid::explore(yielders(4, 100), {.strategy = "dfs", .time_max = 0s});
  CHECK_FALSE(r.complete);
  CHECK_FALSE(r.was_interrupted);
  CHECK(r.why_incomplete.find("time") != std::string::npos);
}

TEST_CASE("progress grows, and is not told more than what is known", "[checker]") {
  std::vector<std::uint64_t> told;
  const report r = braid::explore(
      yielders(4, 100),
      {.strategy = "random",
       .interrupted = [&] { return told.size() > 1; },
       .progress = [&](const report& so_far) { told.push_back(so_far.executions); }});
  REQUIRE(told.size() == 2);
  CHECK(told[0] < told[1]);
  CHECK(told[1] <= r.executions);
}

// What the program's own state does.

TEST_CASE("a program with a state of its own is found out", "[checker]") {
  const bool is_supervised = GENERATE(true, false);
  int counter = 0;  // survives from execution to execution
  const program p{"counts", [&] {
                    braid::choose(4);
                    braid::println(++counter);
                  }};
  const report r = braid::explore(p, {.strategy = "dfs", .supervise = is_supervised});
  CHECK(r.outcomes.size() == 4);
  REQUIRE_FALSE(r.findings.empty());
  for (const braid::finding& f : r.findings) CHECK(f.what == verdict::nondeterministic);
  CHECK(r.exit_code() == 17);
  // Only in processes of its own can it be executed as if for the first time.
  const bool is_named = r.findings[0].summary.find("; first at step ") != std::string::npos;
  CHECK(is_named == is_supervised);
}

TEST_CASE("a program whose steps depend on a state of its own is found out", "[checker]") {
  int counter = 0;
  const program p{"counts", [&] {
                    for (int i = counter++ % 3; i > 0; --i) braid::this_goroutine::yield();
                    braid::choose(2);
                  }};
  const report r = braid::explore(p, {.strategy = "dfs"});
  CHECK(r.has(verdict::ok));
  CHECK(r.exit_code() == 17);
}

}  // namespace
