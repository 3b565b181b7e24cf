// The sampling strategies: how likely they make what, and that each run can be repeated.
//
// Oracle: laws of the papers, by chi-square with fixed seeds (so a test passes always or never),
// and dfs: its executions are the interleavings, each once.
#include <algorithm>
#include <braid/braid.hpp>
#include <cmath>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "search/session.hpp"
#include "strategy/catalogue.hpp"
#include "support/exploring.hpp"
#include "trace/run_token.hpp"
#include "trace/schedule.hpp"

namespace {

using braid::explore_options;
using braid::program;
using braid::report;
using braid::reported_outcome;
using braid::testing::outcomes_of;

// Goroutines that take as many steps each as `lengths` says and write down who took one. The last
// step of each lets main go on, which prints what was written.
program walkers(std::vector<int> lengths) {
  return {"walkers", [=] {
            std::string seen;
            braid::wait_group all;
            all.add(static_cast<int>(lengths.size()));
            for (std::size_t i = 0; i < lengths.size(); ++i) {
              braid::go([&, i] {
                for (int k = 1; k < lengths[i]; ++k) {
                  braid::this_goroutine::yield();
                  seen += static_cast<char>('a' + i);
                }
                all.done();
                seen += static_cast<char>('a' + i);
              });
            }
            all.wait();
            braid::println(seen);
          }};
}

std::map<std::string, double> counts_of(const report& r) {
  std::map<std::string, double> counts;
  for (const reported_outcome& o : r.outcomes) counts[o.output] += static_cast<double>(o.count);
  return counts;
}

report sample(const program& p, const std::string& strategy, std::uint64_t runs,
              std::uint64_t seed = 1) {
  return braid::explore(p, {.strategy = strategy, .seed = seed, .runs_max = runs});
}

// How far the counts are from equal, over all that dfs finds, in standard deviations of what is to
// be expected of equally likely ones.
double distance_from_uniform(const report& r, const report& all) {
  const std::map<std::string, double> counts = counts_of(r);
  const auto n = static_cast<double>(all.outcomes.size());
  const double expected = static_cast<double>(r.executions) / n;
  double chi_square = 0;
  for (const reported_outcome& o : all.outcomes) {
    const auto found = counts.find(o.output);
    const double off = (found == counts.end() ? 0 : found->second) - expected;
    chi_square += off * off / expected;
  }
  return (chi_square - (n - 1)) / std::sqrt(2 * (n - 1));
}

double share(const report& r, const std::string& output) {
  const auto counts = counts_of(r);
  const auto found = counts.find(output);
  return found == counts.end() ? 0 : found->second / static_cast<double>(r.executions);
}

double bad_share(const report& r) {
  double bad = 0;
  for (const reported_outcome& o : r.outcomes) {
    if (braid::is_finding(o.lowest)) bad += static_cast<double>(o.count);
  }
  return bad / static_cast<double>(r.executions);
}

// urw.

TEST_CASE("urw makes all interleavings equally likely, a random walk does not", "[checker]") {
  const program p = walkers({2, 10});
  const report all = braid::explore(p, {.strategy = "dfs"});
  REQUIRE(all.complete);
  REQUIRE(all.outcomes.size() == 66);  // 12! / (2! 10!)
  REQUIRE(all.executions == 66);
  CHECK(std::abs(distance_from_uniform(sample(p, "urw", 20'000), all)) < 4);
  CHECK(distance_from_uniform(sample(p, "random", 20'000), all) > 1000);
}

TEST_CASE("urw counts the events of children that are not yet there", "[checker]") {
  const program p{"family", [] {
                    std::string seen;
                    braid::wait_group all;
                    all.add(3);
                    const auto walk = [&](char name, int steps) {
                      for (; steps > 0; --steps) {
                        braid::this_goroutine::yield();
                        seen += name;
                      }
                    };
                    const auto done = [&](char name) {
                      all.done();
                      seen += name;
                    };
                    braid::go([&] {
                      walk('p', 1);
                      braid::go([&] {
                        walk('c', 4);
                        done('c');
                      });
                      done('p');
                    });
                    braid::go([&] {
                      walk('o', 1);
                      done('o');
                    });
                    all.wait();
                    braid::println(seen);
                  }};
  const report all = braid::explore(p, {.strategy = "dfs"});
  REQUIRE(all.complete);
  REQUIRE(all.executions == all.outcomes.size());
  CHECK(std::abs(distance_from_uniform(sample(p, "urw", 20'000), all)) < 4);
  CHECK(distance_from_uniform(sample(p, "random", 20'000), all) > 100);
}

// surw.

// Goroutines with private steps before their three writes to one variable.
program writers(std::vector<int> private_steps) {
  return {"writers", [=] {
            std::string seen;
            braid::var<int> x;
            braid::wait_group all;
            all.add(static_cast<int>(private_steps.size()));
            for (std::size_t i = 0; i < private_steps.size(); ++i) {
              braid::go([&, i] {
                for (int k = 0; k < private_steps[i]; ++k) braid::this_goroutine::yield();
                for (int k = 0; k < 3; ++k) {
                  x.write(k);
                  seen += static_cast<char>('a' + i);
                }
                all.done();
              });
            }
            all.wait();
            braid::println(seen);
          }};
}

TEST_CASE("surw makes all orders on an object equally likely, whatever else is done", "[checker]") {
  const report all = braid::explore(writers({0, 0}), {.strategy = "dfs"});
  REQUIRE(all.complete);
  REQUIRE(all.outcomes.size() == 20);  // 6! / (3! 3!)
  const program p = writers({0, 20});
  CHECK(std::abs(distance_from_uniform(sample(p, "surw", 20'000), all)) < 4);
  CHECK(distance_from_uniform(sample(p, "urw", 20'000), all) > 1000);
}

TEST_CASE("surw lets the one reader among many writers come first", "[checker]") {
  const program p{"reorder", [] {
                    constexpr int writers = 50;
                    braid::var<int> a;
                    braid::var<int> b;
                    braid::wait_group all;
                    all.add(writers + 1);
                    for (int i = 0; i < writers; ++i) {
                      braid::go([&] {
                        a.write(1);
                        b.write(1);
                        all.done();
                      });
                    }
                    braid::go([&] {
                      if (a.read() == 1 && b.read() == 0) braid::panic("a without b");
                      all.done();
                    });
                    all.wait();
                  }};
  // One object of two, the role in half of the executions, the reader's in half of those.
  CHECK(bad_share(sample(p, "surw", 2000)) == Approx(1 / 8.0).epsilon(0.2));
  CHECK(bad_share(sample(p, "urw", 2000)) < 0.03);
}

// pct.

// Bug of depth 2: the reader must come between the two writes.
program torn(int private_steps) {
  return {"torn", [=] {
            braid::var<int> x;
            const auto pass = [=] {
              for (int i = 0; i < private_steps; ++i) braid::this_goroutine::yield();
            };
            braid::go([&, pass] {
              pass();
              x.write(1);
              x.write(2);
              pass();
            });
            braid::go([&, pass] {
              pass();
              if (x.read() == 1) braid::panic("torn");
            });
            for (int i = 0; i < 6 * private_steps; ++i) braid::this_goroutine::yield();
          }};
}

TEST_CASE("pct finds a bug of depth 2 at least as often as it promises", "[checker]") {
  double found = 0;
  double promised = 0;
  constexpr int seeds = 10;
  constexpr std::uint64_t runs = 1000;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const report r = sample(torn(10), "pct:2", runs, seed);
    REQUIRE(r.guarantee);
    CHECK(r.guarantee->depth == 2);
    CHECK(r.guarantee->goroutines == 3);
    const auto pairs = static_cast<double>(r.guarantee->goroutines * r.guarantee->steps);
    CHECK(r.guarantee->chance == Approx(1 / pairs));
    found += bad_share(r) / seeds;
    promised += r.guarantee->chance / seeds;
  }
  CHECK(found > promised);
}

TEST_CASE("pct promises nothing for what it has not learned, and others promise nothing",
          "[checker]") {
  CHECK_FALSE(sample(torn(1), "pct:2", 4).guarantee);
  CHECK(sample(torn(1), "pct:2", 5).guarantee);
  CHECK_FALSE(sample(torn(1), "random", 5).guarantee);
  CHECK(sample(torn(1), "pct", 5).guarantee->depth == 3);
}

TEST_CASE("pct changes no priority at depth 1, so it cannot find a bug of depth 2", "[checker]") {
  CHECK(bad_share(sample(torn(3), "pct:1:90", 2000)) == 0);
  CHECK(bad_share(sample(torn(3), "pct:2:90", 2000)) > 0);
}

TEST_CASE("pct gives late goroutines a fair place among the others", "[checker]") {
  // When c is created, whoever has a higher priority than main has come to its end. So c goes on
  // before main does if its priority is the higher one of the two.
  const program p{"late", [] {
                    std::string seen;
                    braid::wait_group all;
                    all.add(3);
                    const auto step = [&](char name) {
                      braid::this_goroutine::yield();
                      seen += name;
                    };
                    const auto rest = [&, step](char name) {
                      for (int i = 0; i < 3; ++i) step(name);
                      all.done();
                    };
                    for (const char name : {'a', 'b'}) {
                      braid::go([rest, name] { rest(name); });
                    }
                    step('m');
                    braid::go([rest] { rest('c'); });
                    step('m');
                    all.wait();
                    braid::println(seen);
                  }};
  double first = 0;
  const report r = sample(p, "pct:1:30", 10'000);
  for (const auto& [output, count] : counts_of(r)) {
    if (output.find("mcccm") != std::string::npos) first += count;
  }
  CHECK(first / 10'000 == Approx(1 / 2.0).epsilon(0.05));
}

// pos.

TEST_CASE("pos finds the late event of many early often enough", "[checker]") {
  // b's write comes first only if its 21 events all draw higher than a's one: 1 in 22.
  const program p{"late", [] {
                    std::string seen;
                    braid::var<int> x;
                    braid::wait_group all;
                    all.add(2);
                    braid::go([&] {
                      x.write(1);
                      seen += 'a';
                      all.done();
                    });
                    braid::go([&] {
                      for (int i = 0; i < 20; ++i) braid::this_goroutine::yield();
                      x.write(2);
                      seen += 'b';
                      all.done();
                    });
                    all.wait();
                    braid::println(seen);
                  }};
  CHECK(share(sample(p, "pos", 20'000), "ba\n") == Approx(1 / 22.0).epsilon(0.1));
  CHECK(share(sample(p, "random", 20'000), "ba\n") < 0.001);
}

TEST_CASE("pos draws again after each race, so that early and late are alike each time",
          "[checker]") {
  // Each of b's six writes races with a's: a stays behind with a chance of 1/2 each time. With one
  // priority for all, it would be 1/7.
  const program racing{"racing", [] {
                         std::string seen;
                         braid::var<int> x;
                         braid::wait_group all;
                         all.add(2);
                         braid::go([&] {
                           x.write(1);
                           seen += 'a';
                           all.done();
                         });
                         braid::go([&] {
                           for (int i = 0; i < 6; ++i) {
                             x.write(2);
                             seen += 'b';
                           }
                           all.done();
                         });
                         all.wait();
                         braid::println(seen);
                       }};
  const report r = sample(racing, "pos", 20'000);
  CHECK(share(r, "abbbbbb\n") == Approx(1 / 2.0).epsilon(0.05));
  CHECK(share(r, "babbbbb\n") == Approx(1 / 4.0).epsilon(0.05));
  CHECK(share(r, "bbbbbba\n") == Approx(1 / 64.0).epsilon(0.2));
}

// portfolio.

// Nearly every execution has an output of its own, and a long schedule.
program long_walkers() { return walkers({60, 60, 60}); }

TEST_CASE("portfolio uses all members, and its tokens name them", "[checker]") {
  std::set<std::string> used;
  for (const reported_outcome& o : sample(long_walkers(), "portfolio", 70).outcomes) {
    if (o.token[0] == 'r') used.insert(o.token.substr(0, o.token.find_first_of("-:")));
  }
  CHECK(used == std::set<std::string>{"rurw", "rsurw", "rpos", "rpct", "rrandom"});
}

// Bounds.

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
  braid::session search(p, strategy, {.timers = timers}, {.runs_max = runs_max}, record);
  while (search.begin() == braid::search_state::more) {
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

std::vector<program> small_programs() {
  return {walkers({2, 3}),
          writers({0, 1}),
          braid::find_program("lock-order"),
          braid::find_program("timeout"),
          {"chooses", [] {
             braid::var<int> x;
             braid::go([&] { x.write(braid::choose(3)); });
             braid::this_goroutine::yield();
             braid::println(x.read());
           }}};
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
}

// Names and runs.

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

TEST_CASE("every run replays by its number, with nothing else known", "[checker]") {
  const bool is_supervised = GENERATE(true, false);
  for (const explore_options& options : searches()) {
    const program p = long_walkers();
    braid::execution record;
    braid::session search(p, options_of(options), {}, {.runs_max = 40}, record);
    std::vector<std::uint64_t> hashes;
    while (search.begin() == braid::search_state::more) {
      search.execute();
      search.account();
      hashes.push_back(record.facts().trace_hash);
    }
    for (std::uint64_t run = 0; run < hashes.size(); ++run) {
      const braid::run_name name = search.searching().name_of(options.strategy, run);
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
    const report r = sample(long_walkers(), name, 30, 7);
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
  constexpr std::uint64_t first = 40;  // nobody learns from it
  for (const explore_options& options : searches()) {
    const braid::strategy_options by = options_of(options);
    const program p = long_walkers();
    braid::execution record;
    braid::session all(p, by, {}, {.runs_max = 50}, record);
    std::vector<std::uint64_t> hashes;
    nlohmann::json learned;
    while (all.begin() == braid::search_state::more) {
      all.execute();
      all.account();
      hashes.push_back(record.facts().trace_hash);
      if (all.next_run() == all.searching().learning_runs()) learned = all.searching().save();
    }
    braid::session part(p, by, {}, {.runs_max = 5}, record, first);
    if (!learned.is_null()) part.searching().load(learned);
    for (std::uint64_t run = first; part.begin() == braid::search_state::more; ++run) {
      part.execute();
      part.account();
      CAPTURE(options.strategy, run);
      CHECK(record.facts().trace_hash == hashes[run]);
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

TEST_CASE("what samplers find is among what dfs finds", "[checker]") {
  for (const program& p : small_programs()) {
    for (const auto timers : {braid::timer_mode::ordered, braid::timer_mode::free}) {
      const report all = braid::explore(p, {.strategy = "dfs", .timers = timers});
      REQUIRE(all.complete);
      for (const char* name : {"urw", "surw", "pct:3", "pos", "portfolio"}) {
        const report some =
            braid::explore(p, {.strategy = name, .runs_max = 2000, .timers = timers});
        CAPTURE(p.name, name);
        CHECK(braid::testing::is_subset(outcomes_of(some), outcomes_of(all)));
        CHECK((all.outcomes.size() == 1 || some.outcomes.size() > 1));
      }
    }
  }
}

}  // namespace
