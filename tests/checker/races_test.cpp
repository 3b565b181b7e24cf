// Data races as a user meets them: findings with both accesses, in every strategy, in a replay, and
// not with --no-race. What is a race, and what is not, is in race_suite_*_test.cpp.
#include <algorithm>
#include <braid/braid.hpp>
#include <braid/explore.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "explain/cause.hpp"
#include "support/exploring.hpp"

namespace {

using namespace braid;
using braid::testing::outcomes;
using braid::testing::outcomes_of;

constexpr int increments_at = __LINE__ + 1;
void increment_twice() {
  const auto n = std::make_shared<var<int>>(0, where());
  const auto increment = [n] { n->write(n->read() + 1); };
  wait_group both;
  both.add(2);
  for (int i = 0; i < 2; ++i) {
    go([&both, increment] {
      increment();
      both.done();
    });
  }
  both.wait();
  println(n->read());
}

// `lines` below the head of increment_twice().
std::string place(int lines) { return "races_test.cpp:" + std::to_string(increments_at + lines); }

TEST_CASE("a race is a finding with both accesses, one for each two places", "[checker][races]") {
  const auto strategy = GENERATE("dfs", "dpor", "random", "pct:3", "auto");
  const report r = explore({"counter", increment_twice}, {.strategy = strategy, .runs_max = 200});
  CHECK(outcomes_of(r) == outcomes{{"1\n", "race"}, {"2\n", "race"}});
  CHECK(r.exit_code() == 12);
  REQUIRE(r.findings.size() == 2);
  std::vector<std::string> kinds;
  for (const finding& f : r.findings) {
    CHECK(f.what == verdict::race);
    CHECK(f.summary.starts_with("data race on var1 (" + place(1) + "): g"));
    REQUIRE(f.accesses.size() == 2);
    kinds.push_back(std::min(f.accesses[0].kind, f.accesses[1].kind));
    for (const raced_access& a : f.accesses) {
      CHECK(a.goroutine.starts_with("g"));
      CHECK(a.at == place(2));
      CHECK(a.created_at == place(6));
      CHECK(a.writes == (a.kind == "write"));
      CHECK(a.step > 0);
    }
  }
  std::sort(kinds.begin(), kinds.end());
  CHECK(kinds == std::vector<std::string>{"read", "write"});
}

TEST_CASE("a race is shown by the replay of its token", "[checker][races]") {
  const program counter{"counter", increment_twice};
  const report r = explore(counter, {.strategy = "dpor"});
  for (const finding& f : r.findings) {
    const replay_result again = replay(counter, f.token);
    CHECK(again.same_trace);
    CHECK(again.outcome.has(verdict::race));
    CHECK(std::any_of(again.outcome.findings.begin(), again.outcome.findings.end(),
                      [&](const finding& told) { return cause_of(told) == cause_of(f); }));
  }
}

TEST_CASE("without the check a race is no finding", "[checker][races]") {
  const program counter{"counter", increment_twice};
  const report r = explore(counter, {.strategy = "dpor", .check_races = false});
  CHECK(outcomes_of(r) == outcomes{"1\n", "2\n"});
  CHECK(r.findings.empty());
  CHECK(replay(counter, r.outcomes[0].token, {.check_races = false}).outcome.exit_code() == 0);
}

TEST_CASE("races do not change what is explored", "[checker][races]") {
  const program counter{"counter", increment_twice};
  for (const char* strategy : {"dfs", "dpor"}) {
    const report with = explore(counter, {.strategy = strategy});
    const report without = explore(counter, {.strategy = strategy, .check_races = false});
    CHECK(with.executions == without.executions);
    CHECK(with.steps == without.steps);
  }
}

// Which of the two write depends on when they look.
TEST_CASE("pairs that only some schedules of an outcome have are all found", "[checker][races]") {
  const program p{"pairs", [] {
                    var<int> x = 0;
                    atomic<int> flag = 0;
                    wait_group both;
                    both.add(2);
                    go([&] {
                      if (flag.load() == 0) x.write(1);
                      both.done();
                    });
                    go([&] {
                      if (flag.load() == 1) x.write(2);
                      both.done();
                    });
                    flag.store(1);
                    x.read();
                    both.wait();
                  }};
  for (const char* strategy : {"dfs", "dpor"}) {
    const report r = explore(p, {.strategy = strategy});
    std::vector<std::string> summaries;
    for (const finding& f : r.findings) {
      CHECK(f.what == verdict::race);
      summaries.push_back(f.summary);
    }
    INFO(strategy);
    CHECK(r.complete);
    CHECK(outcomes_of(r) == outcomes{{"", "ok"}, {"", "race"}});
    CHECK(summaries.size() == 3);  // each write with the read, and the writes
  }
}

// The third goroutine begins after the panic of the second, which has ended the program.
TEST_CASE("a race with a goroutine that begins too late is told", "[checker][races]") {
  const report r = explore({"late",
                            [] {
                              auto c = make_chan<int>(1);
                              go([=] {
                                c.send(1);
                                c.close();
                              });
                              go([=] { c.send(2); });
                              c.recv();
                              go([=] { c.close(); });
                            }},
                           {.strategy = "dpor"});
  CHECK(r.complete);
  CHECK(std::any_of(r.findings.begin(), r.findings.end(), [](const finding& f) {
    return f.accesses.size() == 2 &&
           (f.accesses[0].goroutine == "g3" || f.accesses[1].goroutine == "g3");
  }));
}

// The detector begins to listen at the first variable, in the middle of an execution.
TEST_CASE("a variable that is made late races as one that is made at once", "[checker][races]") {
  const program late{"late", [] {
                       auto c = make_chan<int>(1);
                       c.send(1);
                       const bool makes_one = choose(2) == 1;
                       if (!makes_one) return;
                       const auto x = std::make_shared<var<int>>();
                       go([=]() mutable {
                         c.recv();
                         x->write(1);
                       });
                       c.send(2);
                       x->write(2);
                     }};
  for (const char* strategy : {"dfs", "dpor"}) {
    const report r = explore(late, {.strategy = strategy, .check_leaks = false});
    CHECK(r.complete);
    CHECK(outcomes_of(r) == outcomes{"", {"", "race"}});
    CHECK(r.findings.size() == 1);
  }
}

TEST_CASE("a race without a place is told as an operator's", "[checker][races]") {
  const report r = explore({"operator",
                            [] {
                              const auto x = std::make_shared<var<int>>();
                              go([=] { *x = 1; });
                              *x = 2;
                            }},
                           {.strategy = "dpor"});
  REQUIRE(r.findings.size() == 1);
  CHECK(r.findings[0].summary.find("(operator)") != std::string::npos);
}

TEST_CASE("what makes a variable races with who finds it without order", "[checker][races]") {
  const report r = explore({"published",
                            [] {
                              const auto x = std::make_shared<std::optional<var<int>>>();
                              const auto is_there = std::make_shared<atomic<bool>>();
                              go([=] {
                                // Partner: the store below, which it does not acquire.
                                if (is_there->load(std::memory_order_relaxed)) x->value().read();
                              });
                              x->emplace(1);
                              is_there->store(true);
                            }},
                           {.strategy = "dpor"});
  REQUIRE(r.has(verdict::race));
  CHECK(r.findings[0].accesses[0].kind == "made");
  CHECK(r.findings[0].summary.find("main makes it") != std::string::npos);
}

}  // namespace
