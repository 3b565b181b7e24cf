// Loops that wait are set aside; those that nobody can end are a livelock, with the loop.
//
// Oracle: what the programs are for. A lock excludes, whoever waits for a flag goes on when it is
// set, and a loop that counts ends.
#include <braid/braid.hpp>
#include <braid/explore.hpp>
#include <braid/scenario.hpp>
#include <memory>
#include <string>

#include "report/page.hpp"
#include "report/story.hpp"
#include "support/exploring.hpp"

namespace {

using braid::timer_mode;
using braid::verdict;
using braid::testing::outcomes;
using braid::testing::outcomes_of;
using Catch::Matchers::Contains;

braid::report explored(std::function<void()> main, const std::string& strategy = "dpor",
                       timer_mode timers = timer_mode::ordered) {
  return braid::explore({"test", std::move(main)},
                        {.strategy = strategy, .steps_max = 500, .timers = timers});
}

outcomes of_scenario(const char* name, const std::string& strategy) {
  const auto found = braid::explore(braid::find_program(name), {.strategy = strategy});
  INFO(found.why_incomplete);
  CHECK(found.complete);
  return outcomes_of(found);
}

TEST_CASE("a loop that waits ends, and the search with it", "[checker][loops]") {
  const std::string strategy = GENERATE("dfs", "dpor", "auto");
  CHECK(of_scenario("spin/flag", strategy) == outcomes{"ready\n"});
  CHECK(of_scenario("spin/lock", strategy) == outcomes{"2\n"});
  CHECK(of_scenario("spin/peterson", strategy) == outcomes{"2\n"});
}

// g++ -O1 keeps whether it swapped in one byte of a register, and what the checker left in the
// rest.
TEST_CASE("a loop of compare_exchange is set aside in the same step each time",
          "[checker][loops]") {
  const auto found = explored([] {
    braid::atomic<int> flag = 0;
    braid::wait_group all;
    all.go([&] {
      int expected = 1;
      while (!flag.compare_exchange_strong(expected, 2)) expected = 1;
    });
    all.go([&] { flag.store(1); });
    all.wait();
  });
  CHECK(found.complete);
  CHECK(found.findings.empty());
  CHECK(found.classes == 5);
}

TEST_CASE("a loop that draws at random does not repeat itself", "[checker][loops]") {
  const auto found = explored([] {
    braid::atomic<int> never = 0;
    braid::wait_group all;
    all.go([&] {
      while (never.load() == 0 && braid::random() % 16 != 0) {
      }
    });
    all.wait();
  });
  CHECK_FALSE(found.has(verdict::livelock));
  CHECK(found.has(verdict::ok));
}

TEST_CASE("two that step back for each other are no livelock", "[checker][loops]") {
  const auto found = braid::explore(braid::find_program("spin/back-off"),
                                    {.strategy = "dpor", .runs_max = 500, .steps_max = 100});
  CHECK_FALSE(found.has(verdict::livelock));
  CHECK(found.has(verdict::ok));
  CHECK_FALSE(found.complete);
}

TEST_CASE("loops that nobody can end are a livelock, and are shown", "[checker][loops]") {
  const std::string strategy = GENERATE("dfs", "dpor", "random");
  const auto found =
      braid::explore(braid::find_program("spin/livelock"), {.strategy = strategy, .runs_max = 100});
  REQUIRE(found.findings.size() == 1);
  const braid::finding& f = found.findings.front();
  CHECK(f.what == verdict::livelock);
  CHECK(found.exit_code() == 14);
  REQUIRE(f.goroutines.size() == 2);
  REQUIRE(f.goroutines[1].loop.size() == 2);
  CHECK(f.goroutines[1].loop[0].operation == "atomic1.load");
  CHECK(f.goroutines[1].loop[0].value == "false");
  CHECK(f.goroutines[1].loop[1].operation == "yield");
  const auto again = braid::replay(braid::find_program("spin/livelock"), f.token);
  CHECK(again.same_trace);
  CHECK(again.outcome.has(verdict::livelock));
}

TEST_CASE("who waits beside a loop that nobody can end waits in a livelock", "[checker][loops]") {
  const auto main = [] {
    braid::atomic<bool> flag = false;
    braid::wait_group done;
    done.add(1);
    braid::go([&] {
      while (!flag.load()) {
      }
      done.done();
    });
    done.wait();
  };
  const auto found = explored(main);
  CHECK(outcomes_of(found) == outcomes{{"", "livelock"}});
  CHECK(found.complete);
  const braid::reported_outcome& worst = found.outcomes.front();
  braid::page to(braid::style{});
  braid::write_story(to, worst, braid::replay({"test", main}, worst.token).told, {});
  const std::string told = to.take();
  CHECK_THAT(told, Contains("g1   atomic1.load -> false"));
  CHECK_THAT(told, Contains("main wg1.wait"));
  CHECK_THAT(told, Contains("1 to go: g1"));
}

TEST_CASE("a loop that counts is no repetition", "[checker][loops]") {
  const std::string strategy = GENERATE("dfs", "dpor");
  CHECK(of_scenario("spin/counted:5", strategy) == outcomes{"gave up\n", "ready\n"});
  const auto endless = explored(
      [] {
        braid::atomic<int> never = 0;
        for (int i = 0; never.load() != i + 1; ++i) {
        }
      },
      strategy);
  CHECK(outcomes_of(endless) == outcomes{{"", "steps"}});
  CHECK(endless.why_incomplete.find("--max-steps") != std::string::npos);
}

TEST_CASE("a loop that counts on the heap is no livelock, and the report says why",
          "[checker][loops]") {
  const auto found =
      braid::explore(braid::find_program("spin/counted-on-heap:8"), {.strategy = "dpor"});
  CHECK(outcomes_of(found) == outcomes{{"", "steps"}});
  CHECK(found.why_incomplete.find("does not see") != std::string::npos);
}

TEST_CASE("after main's return who loops is no leak, but who waits for it is", "[checker][loops]") {
  struct shared {
    braid::atomic<bool> flag = false;
    braid::chan<int> done = braid::make_chan<int>();
  };
  const auto looping = explored([] {
    braid::go([s = std::make_shared<shared>()] {
      while (!s->flag.load()) {
      }
    });
  });
  CHECK(outcomes_of(looping) == outcomes{""});
  CHECK(looping.complete);
  const auto waiting = explored([] {
    const auto s = std::make_shared<shared>();
    braid::go([s] {
      while (!s->flag.load()) {
      }
    });
    braid::go([s]() mutable { s->done.recv(); });
  });
  CHECK(outcomes_of(waiting) == outcomes{{"", "leak"}});
}

TEST_CASE("a loop that reads the clock goes on when it moves", "[checker][loops]") {
  const auto timers = GENERATE(timer_mode::ordered, timer_mode::free);
  const auto found = explored(
      [] {
        braid::go([] { braid::sleep_for(std::chrono::seconds(1)); });
        const auto end = braid::clock::now() + std::chrono::seconds(1);
        while (braid::clock::now() < end) {
        }
        braid::println("late");
      },
      "dpor", timers);
  CHECK(found.has(verdict::ok));
  CHECK_FALSE(found.has(verdict::livelock));
  CHECK(found.first(verdict::ok).output == "late\n");
}

}  // namespace
