// Worker processes: they change nothing in the report, but that a crash is a finding.
//
// Oracle: the report of the search in this process, compared in all but its seconds; for programs
// that crash, lists by hand. A crash of the search itself would end the test.
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>
#include <braid/braid.hpp>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "support/build.hpp"
#include "support/child.hpp"
#include "support/exploring.hpp"

namespace {

using braid::explore_options;
using braid::program;
using braid::report;
using braid::reported_outcome;
using braid::timer_mode;
using braid::verdict;
using braid::testing::outcomes;
using braid::testing::outcomes_of;
using braid::testing::text_of;

std::vector<program> programs_for_workers() {
  return {braid::find_program("direct-goroutine-going"),
          braid::find_program("lock-order"),
          braid::find_program("timeout"),
          braid::find_program("send-on-closed"),
          {"draws", [] { braid::println(braid::random() % 3, braid::choose(3)); }}};
}

TEST_CASE("a search in worker processes reports the same as one in this process",
          "[checker][volume]") {
  const std::string strategy = GENERATE("dfs", "random", "auto", "surw", "portfolio");
  const auto timers = GENERATE(timer_mode::ordered, timer_mode::free);
  // A sanitizer makes forks slow.
  const std::uint64_t runs_max = braid::testing::has_asan ? GENERATE(7) : GENERATE(1, 7, 40);
  const bool fail_fast = GENERATE(true, false);
  for (const program& p : programs_for_workers()) {
    explore_options options{.strategy = strategy, .seed = 5, .runs_max = runs_max};
    options.timers = timers;
    options.fail_fast = fail_fast;
    const std::string here = text_of(braid::explore(p, options));
    options.supervise = true;
    for (const unsigned jobs : {1, 2, 3}) {
      options.workers = jobs;
      CHECK(text_of(braid::explore(p, options)) == here);
    }
    if (runs_max > 7) continue;  // a process for each execution takes its time
    options.isolate = true;
    CHECK(text_of(braid::explore(p, options)) == here);
    options.supervise = false;
    CHECK(text_of(braid::explore(p, options)) == here);
  }
}

TEST_CASE("a search that takes several rounds reports the same with any number of workers",
          "[checker]") {
  const std::string strategy = GENERATE("dfs", "random", "dpor");
  const auto runs_max = GENERATE(as<std::optional<std::uint64_t>>{}, 5000, std::nullopt);
  const program p = braid::find_program("loop-variable");
  explore_options options{.strategy = strategy, .runs_max = runs_max};
  options.timers = timer_mode::free;
  if (strategy == "random" && !runs_max) return;
  const std::string here = text_of(braid::explore(p, options));
  options.supervise = true;
  for (const unsigned jobs : {1, 2, 3, 0}) {
    options.workers = jobs;
    CHECK(text_of(braid::explore(p, options)) == here);
  }
}

// Crashes. The signal itself is looked at, not what a sanitizer or Catch makes of it.

void default_signals() {
  for (const int number : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE}) signal(number, SIG_DFL);
  const rlimit no_core{};
  setrlimit(RLIMIT_CORE, &no_core);
}

[[gnu::noinline]] int recurse(volatile int* depth) {
  volatile int here = *depth + 1;
  return here < 0 ? 0 : recurse(&here) + here;
}

// An address that nobody maps; not null, of which a sanitizer would make something else.
void touch_nowhere() {
  volatile std::uintptr_t nowhere = 64;
  *reinterpret_cast<volatile int*>(nowhere) = 1;
}

struct crash {
  const char* name;
  void (*happen)();
  int signal;
};

std::vector<crash> crashes() {
  std::vector<crash> all = {
      {"segmentation fault", touch_nowhere, SIGSEGV},
      {"abort", [] { std::abort(); }, SIGABRT},
      {"terminate", [] { std::terminate(); }, SIGABRT},
      {"kill", [] { raise(SIGKILL); }, SIGKILL},
  };
  if (!braid::testing::has_asan) {  // which reports it in its own way
    all.push_back({"stack overflow",
                   [] {
                     volatile int depth = 0;
                     recurse(&depth);
                   },
                   SIGSEGV});
  }
  return all;
}

// Prints 0 to 4, and crashes for 2, in main or in another goroutine.
program crashes_sometimes(const crash& c, bool in_main) {
  return {"crashes", [=] {
            const auto n = braid::choose(5);
            braid::println(n);
            if (n != 2) return;
            default_signals();
            if (in_main) c.happen();
            braid::go(c.happen);
            braid::chan<int>().recv();
          }};
}

TEST_CASE("a crash is a finding with a token, and all other outcomes are found", "[checker]") {
  const bool in_main = GENERATE(true, false);
  const bool isolate = GENERATE(true, false);
  const unsigned jobs = GENERATE(1, 2);
  for (const crash& c : crashes()) {
    INFO(c.name);
    const program p = crashes_sometimes(c, in_main);
    explore_options options{.strategy = "dfs", .isolate = isolate};
    options.supervise = true;
    options.workers = jobs;
    const report r = braid::explore(p, options);
    CHECK(outcomes_of(r) == outcomes{"0\n", "1\n", {"2\n", "crash"}, "3\n", "4\n"});
    CHECK_FALSE(r.complete);  // what others could still do just before a crash is not explored
    CHECK(r.executions == 5);
    REQUIRE(r.findings.size() == 1);
    CHECK(r.findings[0].what == verdict::crash);
    CHECK(r.exit_code() == 18);
    const reported_outcome& crashed = r.first(verdict::crash);
    CHECK(crashed.exit_code == c.signal);
    const auto again = braid::replay(p, crashed.token, {.supervise = true});
    CHECK(again.same_trace);
    CHECK(outcomes_of(again.outcome) == outcomes{{"2\n", "crash"}});
    CHECK(again.told.rows.size() > 1);
  }
}

TEST_CASE("an execution that does not come back is cut, and the others go on", "[checker]") {
  const program p{"hangs", [] {
                    const auto n = braid::choose(3);
                    braid::println(n);
                    for (volatile bool goes_on = n == 1; goes_on;) continue;
                  }};
  explore_options options{.strategy = "dfs"};
  options.supervise = true;
  options.workers = GENERATE(1, 2);
  options.hang_after = std::chrono::milliseconds(300);
  const report r = braid::explore(p, options);
  CHECK(outcomes_of(r) == outcomes{"0\n", {"1\n", "steps"}, "2\n"});
  CHECK(r.findings.empty());
  CHECK(r.why_incomplete.find("1 execution was cut that did not come back to braid") == 0);
}

TEST_CASE("a program that crashes often is explored all the same", "[checker][volume]") {
  const std::string strategy = GENERATE("dfs", "random");
  const program p{"crashes", [] {
                    const auto n = braid::choose(8);
                    const auto m = braid::choose(8);
                    braid::println(n, m);
                    if (n % 2 == 0 || m % 2 == 0) {
                      default_signals();
                      std::abort();
                    }
                  }};
  explore_options options{.strategy = strategy, .runs_max = 64};
  options.supervise = true;
  const report r = braid::explore(p, options);
  CHECK(r.executions == 64);
  CHECK_FALSE(r.complete);
  std::uint64_t crashed = 0;
  for (const reported_outcome& o : r.outcomes) crashed += o.lowest == verdict::crash ? o.count : 0;
  if (strategy == "dfs") CHECK(crashed == 48);
  options.isolate = true;
  CHECK(text_of(braid::explore(p, options)) == text_of(r));
}

// The crash comes late, when workers have long sent some of their results. What is done again must
// neither be counted twice nor left out, nor start the budget anew.
TEST_CASE("a crash deep in a search is passed, whatever was sent before it", "[checker]") {
  const std::uint32_t side = braid::testing::scaled(1000);
  const std::uint64_t all = side * side;
  const std::uint64_t left_out = GENERATE(0, 100);
  const program p{"crashes", [=] {
                    const auto n = braid::choose(side) * side + braid::choose(side);
                    if (n != all - 200) return;
                    default_signals();
                    std::abort();
                  }};
  explore_options options{.strategy = "dfs", .runs_max = all - left_out};
  options.supervise = true;
  options.workers = GENERATE(1, 2);
  const report r = braid::explore(p, options);
  CHECK(r.executions == all - left_out);
  CHECK_FALSE(r.complete);
  const bool says_budget = r.why_incomplete.find("budget") != std::string::npos;
  CHECK(says_budget == (left_out > 0));
  CHECK(outcomes_of(r) == outcomes{"", {"", "crash"}});
  CHECK(r.first(verdict::ok).count == all - left_out - 1);
  CHECK(r.first(verdict::crash).count == 1);
}

// Each crash is far from the others, or near, or there are several in a row.
TEST_CASE("crashes near and far are passed and accounted for", "[checker][volume]") {
  const program p{"crashes", [] {
                    const auto n = braid::choose(40) * 40 + braid::choose(40);
                    const bool is_far = n == 100 || n == 800 || n == 1599;
                    if (!is_far && n % 400 > 30 && n % 7 != 0) return;
                    if (!is_far && n < 1200) return;
                    default_signals();
                    std::abort();
                  }};
  explore_options options{.strategy = "dfs"};
  options.isolate = true;
  options.supervise = true;
  const report apart = braid::explore(p, options);
  CHECK(apart.executions == 1600);
  CHECK(apart.first(verdict::crash).count == 87);
  options.isolate = false;
  options.workers = GENERATE(1, 3);
  CHECK(text_of(braid::explore(p, options)) == text_of(apart));
}

TEST_CASE("workers that are killed between executions end the search", "[checker]") {
  const auto child = braid::testing::run_in_child([] {
    explore_options options{.strategy = "dfs", .isolate = true};
    options.supervise = true;
    try {
      braid::explore({"kills", [] { kill(getppid(), SIGKILL); }}, options);
    } catch (const std::runtime_error& why) {
      const std::string text = why.what();
      _exit(text.find("worker processes die between two executions (signal 9") == 0 ? 42 : 1);
    }
  });
  CHECK(child.code == 42);
}

TEST_CASE("an execution that does not end does not take others with it", "[checker]") {
  const program p{"stuck", [] {
                    const auto n = braid::choose(50);
                    braid::println(n % 3);
                    for (volatile bool is_stuck = n == 30; is_stuck;) continue;
                  }};
  explore_options options{.strategy = "dfs", .supervise = true};
  std::uint64_t seen = 0;
  options.progress = [&](const report& so_far) { seen = so_far.executions; };
  options.interrupted = [&] { return seen == 30; };
  const report r = braid::explore(p, options);
  CHECK(r.executions == 30);
  CHECK(outcomes_of(r) == outcomes{"0\n", "1\n", "2\n"});
  CHECK_FALSE(r.complete);
}

TEST_CASE("fail_fast stops at a crash", "[checker]") {
  const program p = crashes_sometimes(crashes().at(1), true);
  const bool isolate = GENERATE(true, false);
  explore_options options{.strategy = "dfs", .fail_fast = true, .isolate = isolate};
  options.supervise = true;
  const report r = braid::explore(p, options);
  CHECK(r.executions == 3);
  CHECK(outcomes_of(r) == outcomes{"0\n", "1\n", {"2\n", "crash"}});
}

TEST_CASE("a crash after main's end does not count, but leaves leaks unjudged", "[checker]") {
  const program p{"crashes", [] {
                    braid::go([] {
                      braid::this_goroutine::yield();
                      default_signals();
                      std::abort();
                    });
                  }};
  explore_options options{.strategy = "dfs"};
  options.supervise = true;
  const report r = braid::explore(p, options);
  CHECK(outcomes_of(r) == outcomes{"", {"", "crash"}});
  CHECK(r.executions == 2);
  CHECK(r.run_ons_cut == 1);
  CHECK_FALSE(r.complete);
}

// A program may call the system's exit instead of braid's; the search must not run in a circle.
TEST_CASE("a program that ends its process is a finding, and does not stop the search",
          "[checker]") {
  const auto child = braid::testing::run_in_child([] {
    alarm(10);
    const program p{"leaves", [] {
                      const auto n = braid::choose(3);
                      braid::println(n);
                      if (n == 1) _exit(3);
                    }};
    explore_options options{.strategy = "dfs"};
    options.supervise = true;
    const report r = braid::explore(p, options);
    const bool is_right = r.executions == 3 && !r.findings.empty() && r.has(verdict::ok);
    _exit(is_right ? 42 : 1);
  });
  CHECK(child.code == 42);
}

}  // namespace
