// The sampling strategies: how likely they make what.
//
// Oracle: laws of the papers, by chi-square with fixed seeds (so a test passes always or never),
// and dfs: its executions are the interleavings, each once.
#include <braid/braid.hpp>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "support/exploring.hpp"
#include "support/walkers.hpp"

namespace {

using braid::program;
using braid::report;
using braid::reported_outcome;
using braid::testing::outcomes_of;
using braid::testing::small_programs;
using braid::testing::walkers;
using braid::testing::writers;

std::map<std::string, double> counts_of(const report& r) {
  std::map<std::string, double> counts;
  for (const reported_outcome& o : r.outcomes) counts[o.output] += static_cast<double>(o.count);
  return counts;
}

report sample(const program& p, const std::string& strategy, std::uint64_t runs,
              std::uint64_t seed = 1) {
  return braid::explore(
      p, {.strategy = strategy, .seed = seed, .runs_max = runs, .check_races = false});
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

TEST_CASE("surw makes all orders on an object equally likely, whatever else is done", "[checker]") {
  const report all = braid::explore(writers({0, 0}), {.strategy = "dfs"});
  REQUIRE(all.complete);
  REQUIRE(all.outcomes.size() == 20);  // 6! / (3! 3!)
  const program p = writers({0, 20});
  CHECK(std::abs(distance_from_uniform(sample(p, "surw", 20'000), all)) < 4);
  CHECK(distance_from_uniform(sample(p, "urw", 20'000), all) > 1000);
}

TEST_CASE("surw makes all orders of what is written equally likely", "[checker]") {
  const auto writes = [](int private_steps) {
    return program{"writes", [=] {
                     for (const char* name : {"a", "b"}) {
                       braid::go([=] {
                         for (int i = 0; *name == 'b' && i < private_steps; ++i) {
                           braid::this_goroutine::yield();
                         }
                         for (int i = 0; i < 3; ++i) braid::print(name);
                       });
                     }
                     braid::chan<int>().recv();
                   }};
  };
  const report all = braid::explore(writes(0), {.strategy = "dfs"});
  REQUIRE(all.complete);
  REQUIRE(all.outcomes.size() == 20);  // 6! / (3! 3!)
  CHECK(std::abs(distance_from_uniform(sample(writes(20), "surw", 20'000), all)) < 4);
}

TEST_CASE("surw lets what is written come before main's end as often as behind", "[checker]") {
  const program p{"late", [] {
                    braid::go([] {
                      for (int i = 0; i < 20; ++i) braid::this_goroutine::yield();
                      braid::print("late");
                    });
                  }};
  CHECK(share(sample(p, "surw", 20'000), "late") == Approx(1 / 2.0).epsilon(0.05));
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
    CHECK(r.guarantee->holds());
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
  CHECK_FALSE(sample(torn(1), "pct:2:1", 5).guarantee->holds());
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
