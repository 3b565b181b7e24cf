// Sampled runs: each has a name by which it is repeated, and depends on no other but those that the
// strategy learns from.
//
// Oracle: the trace hashes of a search in one go.
#include <algorithm>
#include <braid/braid.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "explain/replayer.hpp"
#include "search/session.hpp"
#include "strategy/catalogue.hpp"
#include "support/exploring.hpp"
#include "support/walkers.hpp"
#include "trace/run_token.hpp"
#include "trace/schedule.hpp"

namespace {

using braid::explore_options;
using braid::program;
using braid::report;
using braid::reported_outcome;
using braid::testing::long_walkers;

report sample(const std::string& strategy, std::uint64_t runs, std::uint64_t seed = 1) {
  return braid::explore(long_walkers(), {.strategy = strategy, .seed = seed, .runs_max = runs});
}

TEST_CASE("the parameters of a strategy are numbers from 1, and only pct has some", "[checker]") {
  for (const char* name : {"pct", "pct:1", "pct:4", "pct:3:57"}) CHECK(braid::is_strategy(name));
  for (const char* name : {"pct:", "pct:0", "pct:x", "pct:-1", "pct:3x", "pct:2:3:4",
                           "pct:2:", "urw:2", "random:", ":", "", "pc"}) {
    CAPTURE(name);
    CHECK_FALSE(braid::is_strategy(name));
    CHECK_THROWS_AS(braid::make_strategy({.name = name}), std::invalid_argument);
  }
}

std::vector<explore_options> searches() {
  std::vector<explore_options> all;
  for (const char* name :
       {"random", "urw", "surw", "pct", "pct:2", "pct:5:40", "pos", "portfolio"}) {
    all.push_back({.strategy = name, .seed = 7});
  }
  all.push_back({.strategy = "urw", .preemptions_max = 30});
  all.push_back({.strategy = "pct:20", .delays_max = 50});
  return all;
}

braid::strategy_options options_of(const explore_options& options) {
  return {.name = options.strategy,
          .seed = options.seed,
          .preemptions_max = options.preemptions_max,
          .delays_max = options.delays_max};
}

TEST_CASE("every run replays by its number, with nothing else known", "[checker][volume]") {
  const bool is_supervised = GENERATE(true, false);
  for (const explore_options& options : searches()) {
    const program p = long_walkers();
    braid::execution record;
    braid::session search(p, options_of(options), {}, record);
    std::vector<std::uint64_t> hashes;
    while (hashes.size() < 40 && search.begin() == braid::search_state::more) {
      search.execute();
      search.account();
      hashes.push_back(record.facts().trace_hash);
    }
    const std::uint64_t runs = make_strategy(options_of(options))->learning_runs();
    const auto by = braid::replayer(p, {}, false).learned(options_of(options), runs);
    for (std::uint64_t run = 0; run < hashes.size(); ++run) {
      const braid::run_name name = by->name_of(options.strategy, run);
      const std::string token = text_of(braid::run_token{.strategy = name.strategy,
                                                         .seed = options.seed,
                                                         .run = name.run,
                                                         .steps_max = options.steps_max,
                                                         .preemptions_max = options.preemptions_max,
                                                         .delays_max = options.delays_max});
      CAPTURE(options.strategy, token);
      CHECK(braid::replay(p, token + "~" + braid::check_of(p.name, hashes[run]),
                          {.supervise = is_supervised})
                .same_trace);
    }
  }
}

TEST_CASE("long tokens are those of runs, and lead to their outcome again", "[checker]") {
  for (const char* name : {"random", "urw", "surw", "pos", "portfolio"}) {
    const report r = sample(name, 30, 7);
    CAPTURE(name);
    CHECK(std::any_of(r.outcomes.begin(), r.outcomes.end(),
                      [](const reported_outcome& o) { return o.token[0] == 'r'; }));
    for (const reported_outcome& o : r.outcomes) {
      const braid::replay_result again = braid::replay(long_walkers(), o.token);
      CAPTURE(o.token);
      CHECK(again.unfit.empty());
      CHECK(again.same_trace);
      CHECK(again.outcome.outcomes.at(0).output == o.output);
    }
  }
}

TEST_CASE("a run is the same in whatever range it is executed", "[checker]") {
  for (const explore_options& options : searches()) {
    const braid::strategy_options by = options_of(options);
    const program p = long_walkers();
    braid::execution record;
    std::vector<std::uint64_t> hashes;
    braid::session all(p, by, {}, record);
    while (hashes.size() < 50 && all.begin() == braid::search_state::more) {
      all.execute();
      all.account();
      hashes.push_back(record.facts().trace_hash);
    }
    for (const std::uint64_t first : {40ULL, 2ULL, 45ULL, 0ULL}) {
      braid::session part(p, by, {}, record);
      part.load(to_value(braid::run_range{first, first + 5, 1}), {});
      for (std::uint64_t run = first; part.begin() == braid::search_state::more; ++run) {
        part.execute();
        part.account();
        CAPTURE(options.strategy, run);
        CHECK(record.facts().trace_hash == hashes[run]);
      }
    }
  }
}

TEST_CASE("samplers learn from executions that crash", "[checker]") {
  const program p{"crashes", [] {
                    braid::var<int> x;
                    braid::go([&] {
                      if (x.read() == 1) std::abort();
                    });
                    x.write(1);
                    x.write(2);
                  }};
  for (const char* name : {"urw", "surw", "pct:2", "portfolio"}) {
    const report r = braid::explore(
        p, {.strategy = name, .runs_max = 60, .check_leaks = false, .supervise = true});
    CAPTURE(name);
    CHECK(r.has(braid::verdict::crash));
    CHECK(r.has(braid::verdict::ok));
    CHECK(r.executions == 60);
  }
}

TEST_CASE("portfolio uses all members, and its tokens name them", "[checker]") {
  std::set<std::string> used;
  for (const reported_outcome& o : sample("portfolio", 70).outcomes) {
    if (o.token[0] == 'r') used.insert(o.token.substr(0, o.token.find_first_of("-:")));
  }
  CHECK(used == std::set<std::string>{"rurw", "rsurw", "rpos", "rpct", "rrandom"});
}

}  // namespace
