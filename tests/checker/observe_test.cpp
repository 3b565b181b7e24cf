// call_history under both schedulers: what is written down, and how the search sees it.
//
// Oracle: dfs, which knows nothing of what depends on what; and the number of interval orders.
#include <rapidcheck.h>
#include <algorithm>
#include <atomic>
#include <braid/braid.hpp>
#include <braid/testing/models.hpp>
#include <braid/testing/observe.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "support/exploring.hpp"

namespace {

using braid::call_history;
using braid::verdict;
using braid::testing::outcomes;
using braid::testing::outcomes_of;
using registers = braid::register_model<int>;
using counter = braid::counter_model<int>;
using queue = braid::queue_model<int>;

braid::report explored(const std::string& strategy, const std::function<void()>& main) {
  return braid::explore({"observed", main}, {.strategy = strategy});
}

// Goroutines that do one call each, in which nothing happens.
void calls_alone(int goroutines) {
  call_history<counter> calls;
  braid::wait_group all;
  for (int i = 0; i < goroutines; ++i) {
    all.go([&] { calls.observe(0, [] { return 0; }); });
  }
  all.wait();
}

// The number of interval orders of 1, 2, 3 and 4 things: OEIS A079144.
TEST_CASE("the search visits each order of calls and returns that makes a difference once",
          "[checker][observe]") {
  const auto [goroutines, orders] =
      GENERATE(table<int, std::uint64_t>({{1, 1}, {2, 3}, {3, 19}, {4, 207}}));
  const braid::report r = explored("dpor", [n = goroutines] { calls_alone(n); });
  CHECK(r.why_incomplete == "");
  CHECK(r.classes == orders);
}

// A counter whose add is a load and a store.
void lost_update() {
  braid::atomic<int> n = 0;
  call_history<counter> calls;
  braid::wait_group all;
  for (int i = 0; i < 2; ++i) {
    all.go([&] {
      calls.observe(1, [&] {
        const int before = n.load();
        n.store(before + 1);
        return before;
      });
    });
  }
  all.wait();
  calls.check();
}

TEST_CASE("a history that is not linearizable is a finding with its explanation",
          "[checker][observe]") {
  const braid::report r = explored("dpor", lost_update);
  REQUIRE(r.has(verdict::not_linearizable));
  CHECK(r.exit_code() == 15);
  CHECK(outcomes_of(r) == outcomes{"", {"", "not-linearizable"}});
  REQUIRE(r.findings.size() == 1);
  const braid::finding& f = r.findings.front();
  CHECK(f.what == verdict::not_linearizable);
  CHECK_THAT(f.summary, Catch::Contains("add 1 -> 0 cannot be placed"));
  CHECK_THAT(f.explanation, Catch::Contains("|-add 1 -> 0-|"));
  CHECK_THAT(f.explanation, Catch::Contains("longest linearizable prefix: add 1 -> 0"));
  const braid::replay_result again = braid::replay({"observed", lost_update}, f.token);
  CHECK(again.same_trace);
  CHECK(again.outcome.has(verdict::not_linearizable));
  CHECK_THAT(again.told.refutation, Catch::StartsWith(f.summary));
}

TEST_CASE("calls and returns are rows of the history", "[checker][observe]") {
  const braid::replay_result told = braid::replay({"observed", lost_update}, "0");
  std::vector<std::string> rows;
  for (const braid::happening& h : told.told.rows) {
    if (h.object == "history1") rows.push_back(h.text);
  }
  CHECK(rows == std::vector<std::string>{"history1.call add 1", "history1.return 0",
                                         "history1.call add 1", "history1.return 1",
                                         "history1.call"});
}

// Only the order of the two calls tells: the reader has its result whenever it is asked.
TEST_CASE("a stale read is found though nothing else is shared", "[checker][observe]") {
  const std::string strategy = GENERATE("dfs", "dpor");
  const braid::report r = explored(strategy, [] {
    call_history<registers> calls;
    braid::wait_group all;
    all.go([&] { calls.observe(registers::write(1), [] { return 1; }); });
    all.go([&] { calls.observe(registers::read(), [] { return 0; }); });
    all.wait();
    calls.check();
  });
  CHECK(r.complete);
  CHECK(outcomes_of(r) == outcomes{"", {"", "not-linearizable"}});
}

TEST_CASE("observing hides no data race, and is none", "[checker][observe][races]") {
  const bool is_shared = GENERATE(true, false);
  const braid::report r = explored("dpor", [=] {
    braid::var<int> x = 0;
    braid::var<int> y = 0;
    call_history<counter> calls;
    braid::wait_group all;
    all.go([&] { calls.observe(0, [&] { return x.write(1), 0; }); });
    all.go([&] { calls.observe(0, [&] { return (is_shared ? x : y).write(2), 0; }); });
    all.wait();
    calls.check();
  });
  CHECK(r.has(verdict::race) == is_shared);
}

TEST_CASE("a call that never returns, or throws, is pending", "[checker][observe]") {
  const int popped = GENERATE(1, 2, 3);
  const braid::report r = explored("dpor", [=] {
    const auto calls = std::make_shared<call_history<queue>>();
    const auto pushed = braid::make_chan<int>();
    braid::go([=]() mutable {
      calls->observe(queue::push(1), [&]() -> std::optional<int> {
        pushed.send(1);
        return pushed.recv().value;
      });
    });
    try {
      calls->observe(queue::push(2), []() -> std::optional<int> { throw 2; });
    } catch (int) {
    }
    auto pushing = pushed;
    pushing.recv();
    calls->observe(queue::pop(), [=] { return std::optional(popped); });
    calls->check();
  });
  CHECK(r.complete);
  CHECK(r.has(verdict::leak) == (popped != 3));
  CHECK(r.has(verdict::not_linearizable) == (popped == 3));
}

TEST_CASE("who catches the panic of a check has no finding", "[checker][observe]") {
  const braid::report r = explored("dpor", [] {
    call_history<counter> calls;
    calls.observe(1, [] { return 7; });
    try {
      calls.check();
    } catch (const braid::not_linearizable& why) {
      braid::print(why.explanation().substr(0, why.explanation().find('\n')));
    }
  });
  CHECK(outcomes_of(r) == outcomes{"main: add 1 -> 7 cannot be placed"});
}

// Random programs: what each call does, and claims to do, is drawn.
struct act {
  bool writes = false;
  bool second = false;  // of two cells
};
struct small_object_program {
  std::vector<std::vector<std::vector<act>>> goroutines;  // the acts of each call

  void operator()() const {
    braid::atomic<int> first = 0;
    braid::atomic<int> second = 0;
    call_history<counter> calls;
    braid::wait_group all;
    for (std::size_t g = 0; g < goroutines.size(); ++g) {
      all.go([&, g] {
        for (const std::vector<act>& one : goroutines[g]) {
          calls.observe(1, [&] {
            int seen = 0;
            for (const act& a : one) {
              auto& cell = a.second ? second : first;
              a.writes ? cell.store(seen + 1) : void(seen = cell.load());
            }
            return seen;
          });
        }
      });
    }
    all.wait();
    braid::print(orders(calls.operations()));
    calls.check();
  }

  // The results, and which call returned before which other was made.
  static std::string orders(std::vector<braid::operation<counter>> all) {
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
      return std::pair(a.goroutine, a.called) < std::pair(b.goroutine, b.called);
    });
    std::string text;
    for (const auto& a : all) {
      text += std::to_string(*a.result);
      for (const auto& b : all) text += a.returned < b.called ? '<' : '.';
    }
    return text;
  }
};

small_object_program random_program() {
  small_object_program p;
  p.goroutines.resize(2);
  for (auto& calls : p.goroutines) {
    calls.resize(static_cast<std::size_t>(*rc::gen::inRange(1, 3)));
    for (std::vector<act>& acts : calls) {
      acts.resize(static_cast<std::size_t>(*rc::gen::inRange(0, 3)));
      for (act& a : acts) a = {*rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>()};
    }
  }
  return p;
}

TEST_CASE("dpor has the histories and verdicts that dfs has", "[checker][observe][properties]") {
  CHECK(rc::check("observed programs", [] {
    const small_object_program p = random_program();
    const braid::report all =
        braid::explore({"observed", p}, {.strategy = "dfs", .runs_max = 4'000});
    RC_PRE(all.complete);
    const braid::report classes = explored("dpor", p);
    RC_ASSERT(classes.complete);
    RC_ASSERT(outcomes_of(classes) == outcomes_of(all));
  }));
}

TEST_CASE("calls are observed on several threads at once", "[checker][observe]") {
  constexpr int each = 500;
  const unsigned workers = GENERATE(1U, 4U);
  std::vector<braid::operation<counter>> seen;
  braid::judgement j;
  braid::run(
      [&] {
        std::atomic<int> n = 0;
        call_history<counter> calls;
        braid::wait_group all;
        for (int g = 0; g < 4; ++g) {
          all.go([&] {
            for (int i = 0; i < each; ++i) {
              calls.observe(1, [&] { return n.fetch_add(1); });
              if (i % 16 == 0) braid::this_goroutine::yield();
            }
          });
        }
        all.wait();
        calls.check();
        seen = calls.operations();
        j = calls.judge();
      },
      {.workers = workers});
  CHECK(seen.size() == 4 * each);
  CHECK(j);
  CHECK(j.order.size() == seen.size());
}

TEST_CASE("in production a check that fails is a panic with the explanation",
          "[checker][observe]") {
  std::string text;
  braid::run([&] {
    call_history<counter> calls;
    calls.observe(1, [] { return 7; });
    try {
      calls.check();
    } catch (const braid::panic_error& why) {
      text = why.what();
    }
  });
  CHECK(text ==
        "the history is not linearizable: main: add 1 -> 7 cannot be placed\n"
        "  main  |-add 1 -> 7-|  <- ?\n"
        "longest linearizable prefix: no operation\n"
        "then the state is 0, where main would get 0\n");
}

}  // namespace
