// Random small programs: what one search finds, the other must know.
//
// Oracle: dfs with free timers, where it ends. All other ways to run a program may have nothing but
// its outcomes: samplers, ordered timers, and production on one thread and on several.
#include <algorithm>
#include <string>
#include <vector>

#include <rapidcheck.h>
#include "properties/small_program.hpp"
#include "support/build.hpp"
#include "support/exploring.hpp"
#include "support/production.hpp"

namespace {

using braid::explore_options;
using braid::program;
using braid::report;
using braid::timer_mode;
using braid::testing::any_numbers;
using braid::testing::is_subset;
using braid::testing::outcomes;
using braid::testing::outcomes_of;
using braid::testing::run_in_production;
using braid::testing::scaled;
using braid::testing::small_program;

constexpr std::uint64_t executions_max = 20000;

report explore_as(const program& p, const std::string& strategy, timer_mode timers,
                  std::uint64_t runs_max) {
  return braid::explore(p, {.strategy = strategy, .runs_max = runs_max, .timers = timers});
}

// Everything that a program can do; discards programs that can do too much.
outcomes all_outcomes(const program& p, timer_mode timers) {
  const report r = explore_as(p, "dfs", timers, executions_max);
  RC_PRE(r.complete);
  return outcomes_of(r);
}

bool replays(const program& p, const report& r) {
  return std::all_of(r.outcomes.begin(), r.outcomes.end(), [&](const auto& o) {
    const auto again = braid::replay(p, o.token);
    return again.unfit.empty() && again.same_trace && again.outcome.outcomes[0].token == o.token &&
           again.outcome.outcomes[0].output == o.output &&
           again.outcome.outcomes[0].verdicts == o.verdicts;
  });
}

TEST_CASE("samplers find nothing but what dfs finds, and their tokens replay", "[properties]") {
  CHECK(rc::check("samples are a subset", [] {
    const program p{"small", small_program(*any_numbers())};
    const auto timers = *rc::gen::element(timer_mode::ordered, timer_mode::free);
    const outcomes all = all_outcomes(p, timers);
    const auto* strategy = *rc::gen::element("random", "urw", "surw", "pct:2", "pos", "portfolio");
    RC_LOG() << strategy << '\n';
    const report sampled = explore_as(p, strategy, timers, 100);
    RC_ASSERT(is_subset(outcomes_of(sampled), all));
    RC_ASSERT(replays(p, sampled));
  }));
}

TEST_CASE("dfs reports tokens that replay", "[properties]") {
  CHECK(rc::check("dfs tokens replay", [] {
    const program p{"small", small_program(*any_numbers())};
    const auto timers = *rc::gen::element(timer_mode::ordered, timer_mode::free);
    const report found = explore_as(p, "dfs", timers, 500);
    RC_ASSERT(std::none_of(found.findings.begin(), found.findings.end(), [](const auto& f) {
      return f.what == braid::verdict::nondeterministic;
    }));
    RC_ASSERT(replays(p, found));
  }));
}

TEST_CASE("what ordered timers allow, free ones allow too", "[properties]") {
  CHECK(rc::check("ordered is a subset of free", [] {
    const program p{"small", small_program(*any_numbers())};
    const outcomes all = all_outcomes(p, timer_mode::free);
    RC_ASSERT(is_subset(all_outcomes(p, timer_mode::ordered), all));
  }));
}

// Production sees no leaks and no data races: there they end well.
outcomes as_production_sees(const outcomes& all) {
  outcomes seen;
  for (const auto& o : all) {
    const bool is_seen = o.verdict != "leak" && o.verdict != "race";
    seen.emplace(o.output, is_seen ? o.verdict : "ok");
  }
  return seen;
}

TEST_CASE("production does nothing but what dfs with free timers finds", "[properties]") {
  CHECK(rc::check("production is a subset", [] {
    const small_program body(*any_numbers());
    const outcomes all = as_production_sees(all_outcomes({"small", body}, timer_mode::free));
    for (const unsigned workers : {1u, 2u, 4u}) {
      for (int run = 0; run < 2; ++run) {
        const braid::expected_outcome seen = run_in_production(body, workers);
        RC_LOG() << workers << " workers: \"" << seen.output << "\" " << seen.verdict << '\n';
        RC_ASSERT(all.count(seen) == 1);
      }
    }
  }));
}

// Only the limit of steps ends it.
bool can_go_on_for_ever(const outcomes& all) {
  return std::any_of(all.begin(), all.end(), [](const auto& o) { return o.verdict == "steps"; });
}

TEST_CASE("scenarios do in production nothing but what they register for free timers",
          "[properties]") {
  for (const braid::scenario& s : braid::scenarios()) {
    // These poll, or keep a worker busy: in production they may never end.
    if (s.name() == "dpor/await_deadlock" || s.name().rfind("spin/", 0) == 0) continue;
    const braid::expected_outcomes& registered = s.expected(true);
    const outcomes all = as_production_sees({registered.begin(), registered.end()});
    if (can_go_on_for_ever(all)) continue;
    const bool is_benchmark = s.name().find('/') != std::string::npos;
    const int runs = scaled(s.options().exhaustible && !is_benchmark ? 20 : 3);
    for (const unsigned workers : {1u, 2u, 4u}) {
      outcomes seen;
      for (int run = 0; run < runs; ++run)
        seen.insert(run_in_production(s.with_size().main, workers));
      INFO(s.name() << " on " << workers << " workers");
      CHECK(is_subset(seen, all));
    }
  }
}

}  // namespace
