// The checker's scheduler: what is enumerated and what is not; how programs end.
//
// Oracle: the outcomes of these programs are few enough to be listed by hand, from Go's rules. Each
// list is compared with what dfs finds in all schedules, so an outcome too many fails as well.
#include <braid/braid.hpp>
#include <functional>
#include <set>
#include <stdexcept>
#include <string>

#include "support/exploring.hpp"

namespace {

using braid::report;
using braid::timer_mode;
using braid::verdict;
using braid::testing::all_outcomes;
using braid::testing::explore_all;
using braid::testing::only_output;
using braid::testing::outcomes;
using braid::testing::outcomes_of;

// choose() and random().

TEST_CASE("each value of choose is explored, each combination once", "[checker]") {
  const report r = explore_all([] {
    const auto first = braid::choose(2);
    const auto second = braid::choose(3);
    braid::println(first, second);
  });
  CHECK(r.complete);
  CHECK(outcomes_of(r) == outcomes{"0 0\n", "0 1\n", "0 2\n", "1 0\n", "1 1\n", "1 2\n"});
  CHECK(r.executions == 6);
}

TEST_CASE("a choice of one value is no choice, and one of none is a panic", "[checker]") {
  CHECK(only_output([] { braid::println(braid::choose(1)); }) == "0\n");
  CHECK(all_outcomes([] { braid::choose(0); }) == outcomes{{"", "panic"}});
}

TEST_CASE("random is not enumerated", "[checker]") {
  const report r = explore_all([] { braid::println(braid::random(), braid::random()); });
  CHECK(r.complete);
  CHECK(r.executions == 1);
}

TEST_CASE("random differs between sampled runs, and is the same in each replay", "[checker]") {
  const braid::program draws{"draws", [] { braid::println(braid::random()); }};
  const report r = braid::explore(draws, {.strategy = "random", .runs_max = 50});
  CHECK(r.outcomes.size() == 50);
  for (const auto& o : r.outcomes) {
    CHECK(braid::replay(draws, o.token).outcome.outcomes[0].output == o.output);
  }
}

TEST_CASE("random depends on the seed under dfs too", "[checker]") {
  const braid::program draws{"draws", [] { braid::println(braid::random()); }};
  const auto with_seed = [&](std::uint64_t seed) {
    return braid::explore(draws, {.strategy = "dfs", .seed = seed}).outcomes.at(0).output;
  };
  CHECK(with_seed(1) == with_seed(1));
  CHECK(with_seed(1) != with_seed(2));
}

TEST_CASE("what a goroutine draws does not depend on the schedule", "[checker]") {
  std::set<std::string> drawn;
  only_output([&] {
    braid::wait_group both;
    both.add(2);
    std::uint64_t numbers[2] = {};
    for (std::uint64_t& number : numbers) {
      braid::go([&] {
        braid::random();
        braid::this_goroutine::yield();
        number = braid::random();
        both.done();
      });
    }
    both.wait();
    drawn.insert(std::to_string(numbers[0]));
    drawn.insert(std::to_string(numbers[1]));
    braid::println(numbers[0], numbers[1]);
  });
  CHECK(drawn.size() == 2);  // and two goroutines draw different numbers
}

// Exit, panic, fatal.

TEST_CASE("exit ends the program at once, with its code, and is no finding", "[checker][G8]") {
  const report r = explore_all([] {
    braid::go([] {
      braid::println("bye");
      braid::exit(3);
    });
    braid::chan<int>().recv();
  });
  CHECK(outcomes_of(r) == outcomes{{"bye\n", "exit"}});
  CHECK(r.outcomes.at(0).exit_code == 3);
  CHECK(r.findings.empty());
  CHECK(r.exit_code() == 0);
}

TEST_CASE("what others print after an exit is no output", "[checker]") {
  CHECK(all_outcomes([] {
          braid::go([] { braid::println("late"); });
          braid::exit(0);
        }) == outcomes{{"", "exit"}, {"late\n", "exit"}});
}

TEST_CASE("exit does not run the destructors of its own goroutine", "[checker][G8]") {
  CHECK(all_outcomes([] {
          struct speaker {
            ~speaker() { braid::println("destroyed"); }
          } const on_stack;
          braid::exit(1);
        }) == outcomes{{"", "exit"}});
}

struct unknown_thing {};

TEST_CASE("an uncaught exception is a panic, whose text says what was thrown",
          "[checker][P1][P2]") {
  struct example {
    void (*thrower)();
    std::string text;
  };
  const auto [thrower, text] = GENERATE(values<example>({
      {[] { braid::panic("it broke"); }, "panic: it broke\n"},
      {[] { throw std::runtime_error("lost"); }, "panic: lost\n"},
      {[] { throw std::string("a string"); }, "panic: a string\n"},
      {[] { throw "characters"; }, "panic: characters\n"},
      {[] { throw 42; }, "panic: 42\n"},
      {[] { throw unknown_thing{}; }, "panic: ((anonymous namespace)::unknown_thing)\n"},
  }));
  const bool in_main = GENERATE(true, false);
  const report r = explore_all([=, thrower = thrower] {
    if (in_main) thrower();
    braid::go(thrower);
    braid::chan<int>().recv();
  });
  CHECK(outcomes_of(r) == outcomes{{"", "panic"}});
  CHECK(r.outcomes.at(0).errors == text);
  CHECK(r.findings.at(0).summary + "\n" == text);
  CHECK(r.exit_code() == 10);
}

TEST_CASE("under the checker, a panic that is caught ends nothing", "[checker][P8]") {
  CHECK(only_output([] {
          try {
            braid::panic("caught");
          } catch (const braid::panic_error& e) {
            braid::println(e.what());
          }
        }) == "caught\n");
}

TEST_CASE("a fatal error cannot be caught", "[checker][P12]") {
  const report r = explore_all([] {
    try {
      braid::fatal("no way on");
    } catch (...) {
      braid::println("caught");
    }
  });
  CHECK(outcomes_of(r) == outcomes{{"", "fatal"}});
  CHECK(r.outcomes.at(0).errors == "fatal error: no way on\n");
  CHECK(r.exit_code() == 10);
}

TEST_CASE("go of a null function is fatal in the caller", "[checker][G2]") {
  const report r = explore_all([] { braid::go(std::function<void()>()); });
  CHECK(outcomes_of(r) == outcomes{{"", "fatal"}});
  CHECK(r.outcomes.at(0).errors == "fatal error: go of nil func value\n");
}

TEST_CASE("arguments of go are evaluated and copied in the caller", "[checker][G1]") {
  CHECK(only_output([] {
          auto done = braid::make_chan<int>();
          std::string word = "then";
          braid::go([&](const std::string& mine) { done.send(mine == "then"); }, word);
          word = "now";
          braid::println(done.recv().value);
        }) == "1\n");
}

// After main's end.

TEST_CASE("a panic, an exit or a fatal error after main's end does not count", "[checker][G5]") {
  const auto [ends, verdict] = GENERATE(table<void (*)(), const char*>({
      {[] { braid::panic("late"); }, "panic"},
      {[] { braid::exit(4); }, "exit"},
      {[] { braid::fatal("late"); }, "fatal"},
  }));
  const report r = explore_all([ends = ends] { braid::go(ends); });
  CHECK(outcomes_of(r) == outcomes{"", {"", verdict}});
  CHECK(r.executions == 2);  // main's end first, or last
  CHECK(r.outcomes.at(0).count == 1);
}

// Deadlocks and leaks.

TEST_CASE("when nobody can go on before main has returned, it is a deadlock", "[checker][D1]") {
  const report r = explore_all([] {
    auto never = braid::make_chan<int>();
    braid::println("waiting");
    never.recv();
  });
  CHECK(outcomes_of(r) == outcomes{{"waiting\n", "deadlock"}});
  REQUIRE(r.findings.size() == 1);
  REQUIRE(r.findings[0].goroutines.size() == 1);
  CHECK(r.findings[0].goroutines[0].name == "main");
  CHECK(r.findings[0].goroutines[0].waits_for == "chan1");
  CHECK(r.exit_code() == 11);
}

TEST_CASE("a goroutine that can never go on after main's end is a leak", "[checker][G5][L1]") {
  const report r = explore_all([] {
    auto never = braid::make_chan<int>();
    braid::go([=]() mutable { never.send(1); });
  });
  CHECK(outcomes_of(r) == outcomes{{"", "leak"}});
  REQUIRE(r.findings.size() == 1);
  REQUIRE(r.findings[0].goroutines.size() == 1);
  CHECK(r.findings[0].goroutines[0].name == "g1");
  CHECK(r.exit_code() == 13);
}

TEST_CASE("a goroutine that was merely not done at main's end is no leak", "[checker][G5][L2]") {
  CHECK(only_output([] {
          auto box = braid::make_chan<int>();
          braid::go([=]() mutable { box.send(1); });
          braid::go([=]() mutable {
            braid::sleep_for(std::chrono::hours(1));
            box.recv();
          });
        }).empty());
}

TEST_CASE("leaks and deadlocks are findings only as far as they are asked for", "[checker]") {
  const braid::program leaks{"leaks", [] { braid::go([] { braid::chan<int>().recv(); }); }};
  CHECK(braid::explore(leaks, {.strategy = "dfs"}).exit_code() == 13);
  CHECK(braid::explore(leaks, {.strategy = "dfs", .check_leaks = false}).exit_code() == 0);
  const braid::program stands{"stands", [] { braid::chan<int>().recv(); }};
  CHECK(braid::explore(stands, {.strategy = "dfs"}).exit_code() == 11);
  CHECK(braid::explore(stands, {.strategy = "dfs", .check_deadlocks = false}).exit_code() == 0);
}

// Limits.

TEST_CASE("an execution beyond the step limit is reported, and the report is not complete",
          "[checker]") {
  const report r = braid::explore({"spins",
                                   [] {
                                     if (braid::choose(2) == 0) return;
                                     for (braid::atomic<int> n = 0;;) n.fetch_add(1);
                                   }},
                                  {.strategy = "dfs", .steps_max = 50});
  CHECK(outcomes_of(r) == outcomes{"", {"", "steps"}});
  CHECK(r.first(verdict::steps).steps == 50);
  CHECK_FALSE(r.complete);
  CHECK(r.why_incomplete.find("50 steps") != std::string::npos);
  CHECK(r.findings.empty());
}

TEST_CASE("what runs on for ever after main's end makes the report incomplete", "[checker]") {
  const bool check_leaks = GENERATE(true, false);
  const report r = braid::explore({"spins",
                                   [] {
                                     braid::go([] {
                                       for (;;) braid::this_goroutine::yield();
                                     });
                                     braid::exit(0);
                                   }},
                                  {.strategy = "random", .runs_max = 10});
  CHECK(r.run_ons_cut == 0);  // after an exit nobody asks who would have been left
  const report s =
      braid::explore({"spins",
                      [] {
                        braid::go([] {
                          for (braid::atomic<int> n = 0;;) n.fetch_add(1);
                        });
                      }},
                     {.strategy = "random", .runs_max = 10, .check_leaks = check_leaks});
  CHECK(outcomes_of(s) == outcomes{""});
  CHECK(s.run_ons_cut == (check_leaks ? 10 : 0));
}

}  // namespace
