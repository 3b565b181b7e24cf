// Bounds on preemptions and delays: which executions a bounded search runs.
//
// Oracle: all executions that dfs runs, filtered by what they cost.
#include <algorithm>
#include <braid/braid.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "search/session.hpp"
#include "support/exploring.hpp"
#include "support/walkers.hpp"

namespace {

using braid::explore_options;
using braid::program;
using braid::testing::small_programs;
using braid::testing::walkers;
using braid::testing::writers;

// An execution as the bounds see it.
struct bounded_execution {
  std::string output;
  std::uint64_t preemptions = 0;
  std::uint64_t delays = 0;
};

// Executions in their order; those that were run before do not count.
std::vector<bounded_execution> executions_of(const program& p,
                                             const braid::strategy_options& strategy,
                                             std::uint64_t runs_max = ~0ULL,
                                             braid::timer_mode timers = {}) {
  std::vector<bounded_execution> all;
  braid::execution record;
  braid::session search(p, strategy, {.timers = timers}, record);
  while (search.found().runs() < runs_max && search.begin() == braid::search_state::more) {
    search.execute();
    search.account();
    if (record.facts().is_redundant) continue;
    bounded_execution& e = all.emplace_back();
    e.output = record.output();
    for (const braid::decision& d : record.decisions()) {
      e.preemptions += d.preempts;
      const bool is_schedule =
          d.kind == braid::decision_kind::goroutine || d.kind == braid::decision_kind::timer;
      e.delays += is_schedule ? d.rank : 0;
    }
  }
  return all;
}

using cost = std::uint64_t bounded_execution::*;

std::multiset<std::string> outputs_within(const std::vector<bounded_execution>& all, cost of,
                                          std::uint64_t bound) {
  std::multiset<std::string> outputs;
  for (const bounded_execution& e : all) {
    if (e.*of <= bound) outputs.insert(e.output);
  }
  return outputs;
}

braid::strategy_options bounded(const std::string& name, cost of, std::uint32_t bound) {
  braid::strategy_options options{.name = name};
  (of == &bounded_execution::preemptions ? options.preemptions_max : options.delays_max) = bound;
  return options;
}

TEST_CASE("a bounded dfs runs what is within its bound, each once, and nothing else", "[checker]") {
  const cost of = GENERATE(&bounded_execution::preemptions, &bounded_execution::delays);
  const auto timers = GENERATE(braid::timer_mode::ordered, braid::timer_mode::free);
  const std::uint32_t bound = GENERATE(0, 1, 2, 3, 100);
  for (const program& p : small_programs()) {
    const auto all = executions_of(p, {.name = "dfs"}, ~0ULL, timers);
    const auto some = executions_of(p, bounded("dfs", of, bound), ~0ULL, timers);
    CAPTURE(p.name, bound);
    CHECK(outputs_within(some, of, bound) == outputs_within(all, of, bound));
    CHECK(some.size() == outputs_within(all, of, bound).size());
    CHECK(std::is_sorted(some.begin(), some.end(),
                         [&](const auto& a, const auto& b) { return a.*of < b.*of; }));
  }
}

TEST_CASE("a bounded dfs is complete if nothing was left out", "[checker]") {
  const program p = walkers({2, 2});
  const bool is_supervised = GENERATE(true, false);
  const auto within = [&](std::uint32_t preemptions) {
    return braid::explore(
        p, {.strategy = "dfs", .preemptions_max = preemptions, .supervise = is_supervised});
  };
  const auto all = executions_of(p, {.name = "dfs"});
  std::uint64_t most = 0;
  for (const bounded_execution& e : all) most = std::max(most, e.preemptions);
  REQUIRE(most == 2);
  CHECK_FALSE(within(0).complete);
  CHECK(within(0).why_incomplete == "at most 0 preemptions");
  CHECK(within(1).why_incomplete == "at most 1 preemption");
  CHECK(within(2).complete);
  CHECK(within(2).executions == all.size());
  CHECK(within(50).complete);
  // In more than one job: what those with smaller bounds left out was done by others.
  CHECK(braid::explore(walkers({5, 5}), {.strategy = "dfs", .preemptions_max = 50}).complete);
}

TEST_CASE("samplers stay within their bound", "[checker]") {
  const cost of = GENERATE(&bounded_execution::preemptions, &bounded_execution::delays);
  const std::string strategy = GENERATE("random", "urw", "surw", "pct:4", "pos", "portfolio");
  const std::uint32_t bound = GENERATE(0, 2);
  for (const program& p : {walkers({9, 9}), writers({3, 3}), braid::find_program("timeout")}) {
    std::uint64_t most = 0;
    for (const bounded_execution& e :
         executions_of(p, bounded(strategy, of, bound), 200, braid::timer_mode::free)) {
      most = std::max(most, e.*of);
    }
    CHECK(most == bound);
  }
}

TEST_CASE("bounds that do not fit are refused", "[checker]") {
  const program p = walkers({1});
  const auto search = [&](const explore_options& options) { return braid::explore(p, options); };
  CHECK_THROWS_AS(search({.strategy = "dpor", .preemptions_max = 1}), std::invalid_argument);
  CHECK_THROWS_AS(search({.preemptions_max = 1, .delays_max = 1}), std::invalid_argument);
  CHECK(search({.preemptions_max = 1}).strategy == "dfs");
  CHECK(search({.strategy = "pos", .runs_max = 5, .delays_max = 2}).why_incomplete ==
        "sampled, at most 2 delays: other outcomes may exist");
}

}  // namespace
