// Panics, deferred calls, exits and deadlocks under the checker (groups G, P, D and R).
//
// Oracle: what Go prints of the same programs, which has to be the only outcome of all schedules;
// exact sets of outcomes where schedules differ.
#include <algorithm>
#include <braid/braid.hpp>
#include <braid/explore.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "report/page.hpp"
#include "report/waits.hpp"
#include "support/exploring.hpp"
#include "support/go_programs.hpp"
#include "support/go_text.hpp"

namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using braid::frame;
using braid::report;
using braid::with_defers;
using braid::testing::all_outcomes;
using braid::testing::explore_all;
using braid::testing::go_program;
using braid::testing::masked;
using braid::testing::only_output;
using braid::testing::outcomes;
using braid::testing::outcomes_of;
using braid::testing::text_of;

void check_only_outcome(const go_program& p, const std::string& strategy) {
  INFO(p.name << ", " << strategy);
  const report r = braid::explore({"test", p.main}, {.strategy = strategy});
  CHECK(r.complete);
  CHECK(outcomes_of(r) == outcomes{{p.out, p.verdict}});
  CHECK(r.outcomes.at(0).errors == p.err);
}

TEST_CASE("in every schedule panics that replace others are told after them",
          "[checker][P1][P3][P4][P6][P8][P9][P15]") {
  for (const go_program& p : braid::testing::programs_that_panic) {
    check_only_outcome(p, "dfs");
    check_only_outcome(p, "dpor");
  }
}

TEST_CASE("in every schedule an exit in main ends in Go's words when no goroutine is left",
          "[checker][P10][P11]") {
  for (const go_program& p : braid::testing::programs_that_exit) {
    check_only_outcome(p, "dfs");
    check_only_outcome(p, "dpor");
  }
}

TEST_CASE("when main has exited the others decide how the program ends", "[checker][P11][D1][G8]") {
  CHECK(all_outcomes([] {
          braid::go([] { braid::select{}; });
          braid::this_goroutine::exit();
        }) == outcomes{{"", "deadlock"}});
  CHECK(all_outcomes([] {
          braid::go([] { braid::println("a"); });
          braid::go([] { braid::exit(7); });
          braid::this_goroutine::exit();
        }) == outcomes{{"", "exit"}, {"a\n", "exit"}});
}

TEST_CASE("exit runs destructors and deferred calls, and others see them", "[checker][P7][P10]") {
  CHECK(only_output([] {
          braid::wait_group ended;
          ended.add(1);
          braid::go([&] {
            const braid::defer last([&] { ended.done(); });
            with_defers([&](frame& f) {
              f.defer([] { braid::print(1); });
              const braid::defer second([] { braid::print(2); });
              [] {
                const braid::defer first([] { braid::print(3); });
                braid::this_goroutine::exit();
              }();
            });
            braid::print("not reached");
          });
          ended.wait();
        }) == "321");
}

TEST_CASE("an exit that is caught and not rethrown is fatal", "[checker][P10][P12][dropped]") {
  const report r = explore_all([] {
    try {
      braid::this_goroutine::exit();
    } catch (...) {
    }
    braid::println("went on");
  });
  CHECK(outcomes_of(r) == outcomes{{"", "fatal"}});
  CHECK(r.outcomes.at(0).errors ==
        "fatal error: this_goroutine::exit() was caught and not rethrown: rethrow it in "
        "catch (...)\n");
}

// Which of two calls comes first, and whether the receiver sees the panic, is up to the schedule.
TEST_CASE("a deferred call that recovers races as any other code does", "[checker][P8][P15]") {
  CHECK(all_outcomes([] {
          auto c = braid::make_chan<int>(1);
          auto done = braid::make_chan<int>();
          braid::go([c, done]() mutable {
            with_defers([&](frame& f) {
              f.defer([&] {
                braid::print(text_of(f.recover()));
                done.send(1);
              });
              c.send(1);
            });
          });
          c.close();
          done.recv();
        }) == outcomes{{"<nil>", "race"}, {"send on closed channel", "race"}});
}

TEST_CASE("deferred calls of a goroutine that waits for ever are no output", "[checker][P7][G5]") {
  const report r = explore_all([] {
    auto never = braid::make_chan<int>();
    braid::go([never]() mutable {
      with_defers([&](frame& f) {
        f.defer([] { braid::println("not seen"); });
        f.defer([] { braid::panic("nobody's"); });
        never.recv();
      });
    });
  });
  CHECK(outcomes_of(r) == outcomes{{"", "leak"}});
  CHECK(r.dropped_stacks == 0);
}

struct unknown_thing {};

TEST_CASE("the values of panics are printed as in production", "[checker][P2][dropped]") {
  struct example {
    void (*thrower)();
    std::string text;
  };
  const auto [thrower, text] = GENERATE(values<example>({
      {[] { throw std::string("a\nb\n"); }, "a\n\tb\n\t"},
      {[] { throw true; }, "true"},
      {[] { throw -93.7; }, "-93.7"},
      {[] { throw ~0ULL; }, "18446744073709551615"},
      {[] { throw unknown_thing{}; }, "((anonymous namespace)::unknown_thing)"},
  }));
  const report r = explore_all(thrower);
  CHECK(outcomes_of(r) == outcomes{{"", "panic"}});
  CHECK(r.outcomes.at(0).errors == "panic: " + text + "\n");
}

class panics_when_asked : public std::exception {
 public:
  const char* what() const noexcept override { braid::panic("from what()"); }
};

TEST_CASE("a panic while a panic's value is printed ends the execution as fatal",
          "[checker][P14][dropped]") {
  const report r = explore_all([] { throw panics_when_asked(); });
  CHECK(outcomes_of(r) == outcomes{{"", "fatal"}});
  CHECK(r.outcomes.at(0).errors == "fatal error: panic while printing panic value: from what()\n");
}

TEST_CASE("deferred calls cannot help against what is fatal", "[checker][P12][G2][dropped]") {
  const auto error = GENERATE(values<void (*)()>({
      [] { braid::mutex().unlock(); },
      [] { braid::go(std::function<void()>()); },
  }));
  CHECK(all_outcomes([error] {
          with_defers([error](frame& f) {
            f.defer([] { braid::println("unwound"); });
            error();
          });
        }) == outcomes{{"", "fatal"}});
}

TEST_CASE("errors that the runtime raises are runtime panics, and can be recovered",
          "[checker][P5][P8]") {
  const auto error = GENERATE(values<void (*)()>({
      [] {
        auto c = braid::make_chan<int>(1);
        c.close();
        c.send(1);
      },
      [] { braid::chan<int>().close(); },
      [] { braid::make_chan<int>(-1); },
      [] { braid::wait_group().done(); },
  }));
  CHECK(only_output([error] {
          with_defers([error](frame& f) {
            f.defer([&f] {
              try {
                std::rethrow_exception(f.recover());
              } catch (const braid::runtime_panic&) {
                braid::print("runtime");
              }
            });
            error();
          });
        }) == "runtime");
}

// D4, D5, D7: what the checker knows beyond production.

std::string waits_of(const std::function<void()>& main, braid::verdict wrong) {
  const braid::program p{"test", main};
  const report r = braid::explore(p, {.strategy = "dfs"});
  REQUIRE(r.has(wrong));
  const auto replayed = braid::replay(p, r.first(wrong).token);
  braid::page to(braid::style{.unicode = false});
  write_waits(to, replayed.told, wrong, true);
  return to.take();
}

TEST_CASE("who locks twice is named as waiting for itself", "[checker][D5]") {
  const std::string told = waits_of(
      [] {
        braid::mutex lock;
        lock.lock();
        lock.lock();
      },
      braid::verdict::deadlock);
  CHECK(told.find("main --> mutex1 --> main") != std::string::npos);
}

// Go's detector says nothing of it: main returns.
TEST_CASE("a part of the program that can never go on is named, with who holds what",
          "[checker][D4][D5]") {
  const auto opposite = [] {
    auto first = std::make_shared<braid::mutex>();
    auto second = std::make_shared<braid::mutex>();
    const auto take = [](auto a, auto b) {
      a->lock();
      b->lock();
      b->unlock();
      a->unlock();
    };
    braid::go(take, first, second);
    braid::go(take, second, first);
    braid::sleep_for(1h);
  };
  CHECK(all_outcomes(opposite) == outcomes{"", {"", "leak"}});
  const std::string told = waits_of(opposite, braid::verdict::leak);
  CHECK(told.find("g1 --> mutex2 --> g2 --> mutex1 --> g1") != std::string::npos);
  CHECK(told.find("holds mutex1 since step") != std::string::npos);
}

TEST_CASE("a program in which all sleep goes on at the next timer", "[checker][D7]") {
  CHECK(only_output([] {
          const auto begin = braid::clock::now();
          auto c = braid::make_chan<int>();
          braid::go([c]() mutable {
            braid::sleep_for(24h);
            c.send(1);
          });
          c.recv();
          braid::print((braid::clock::now() - begin) / 1h);
        }) == "24");
}

TEST_CASE("an await that can never hold is a deadlock", "[checker][D1]") {
  CHECK(all_outcomes([] {
          const braid::atomic<int> never = 0;
          never.await([](int v) { return v == 1; });
        }) == outcomes{{"", "deadlock"}});
}

TEST_CASE("who waits has Go's reason for it", "[checker][D3]") {
  struct example {
    void (*wait)();
    std::string reason;
  };
  const auto [wait, reason] = GENERATE(values<example>({
      {[] { braid::make_chan<int>().recv(); }, "chan receive"},
      {[] { braid::chan<int>().recv(); }, "chan receive (nil chan)"},
      {[] { braid::make_chan<int>().send(1); }, "chan send"},
      {[] { braid::chan<int>().send(1); }, "chan send (nil chan)"},
      {[] { braid::select{}; }, "select (no cases)"},
      {[] {
         auto c = braid::make_chan<int>();
         braid::select{braid::recv(c), braid::send(c, 1)};
       },
       "select"},
      {[] {
         braid::mutex lock;
         lock.lock();
         lock.lock();
       },
       "sync.Mutex.Lock"},
      {[] {
         braid::wait_group group;
         group.add(1);
         group.wait();
       },
       "sync.WaitGroup.Wait"},
      {[] { braid::atomic<int>(0).await([](int v) { return v == 1; }); }, "atomic await"},
  }));
  const braid::program p{"test", wait};
  const auto replayed = braid::replay(p, braid::explore(p).first(braid::verdict::deadlock).token);
  const int row = replayed.told.goroutines.at(0).waiting_row;
  REQUIRE(row >= 0);
  CHECK(replayed.told.rows.at(static_cast<std::size_t>(row)).reason == reason);
}

// G: the go statement.

TEST_CASE("goroutines start in any order, and none is promised", "[checker][G7]") {
  CHECK(all_outcomes([] {
          auto started = braid::make_chan<int>(2);
          for (int i = 0; i < 2; ++i) {
            braid::go([started, i]() mutable {
              braid::print(i);
              started.send(i);
            });
          }
          for (int i = 0; i < 2; ++i) started.recv();
        }) == outcomes{"01", "10"});
}

TEST_CASE("what is done before go is done when the goroutine starts, its end is no sign",
          "[checker][G3][G4]") {
  CHECK(all_outcomes([] {
          auto value = std::make_shared<braid::atomic<int>>(0);
          value->store(1);
          braid::go([value] { braid::print(value->exchange(2)); });
          braid::print(value->load());
        }) == outcomes{"1", "11", "12", "2", "21"});
}

TEST_CASE("a loop of a select with a default and a yield lets others go on", "[checker][G11]") {
  CHECK(only_output([] {
          auto c = braid::make_chan<int>();
          braid::go([c]() mutable { c.send(1); });
          for (;;) {
            int value = 0;
            bool ok = false;
            if (braid::select{braid::recv(c, value, ok), braid::otherwise} == 0) break;
            braid::this_goroutine::yield();
          }
          braid::print("received");
        }) == "received");
}

// R1, R4, G6.

TEST_CASE("numbers of goroutines are the same in every schedule", "[checker][G6]") {
  CHECK(only_output([] {
          std::vector<std::uint64_t> ids(3);
          braid::wait_group all;
          all.add(3);
          for (auto& id : ids) {
            braid::go([&] {
              id = braid::this_goroutine::id();
              all.done();
            });
          }
          all.wait();
          braid::print(braid::this_goroutine::id(), ids[0], ids[1], ids[2]);
        }) == "1234");
}

TEST_CASE("num_goroutines counts those that have not finished in this schedule", "[checker][R1]") {
  CHECK(all_outcomes([] {
          auto done = std::make_shared<braid::atomic<int>>(0);
          braid::go([done] { done->store(1); });
          done->load();
          braid::print(braid::num_goroutines());
        }) == outcomes{"1", "2"});
}

TEST_CASE("a dump under the checker tells who waits for what", "[checker][R4][D3]") {
  std::string dumped;
  only_output([&] {
    auto c = braid::make_chan<int>();
    auto lock = std::make_shared<braid::mutex>();
    lock->lock();
    braid::go({.name = "receiver"}, [c]() mutable { c.recv(); });
    braid::go([lock] { lock->lock(); });
    c.send(1);
    std::ostringstream out;
    braid::dump(out);
    dumped = out.str();
    lock->unlock();
  });
  CHECK(masked(dumped) ==
        "goroutine 1 [running]:\noperator()(...)\n\tFILE:LINE\n"
        "\ngoroutine N [sync.Mutex.Lock]:\noperator()(...)\n\tFILE:LINE\n"
        "created by operator() in goroutine 1\n\tFILE:LINE\n");
}

TEST_CASE("a report shows the names that goroutines were given", "[checker][R4]") {
  const braid::program p{"test", [] { braid::go({.name = "fetcher"}, [] { braid::select{}; }); }};
  const auto replayed = braid::replay(p, braid::explore(p).outcomes.at(0).token);
  REQUIRE(replayed.told.goroutines.size() == 2);
  CHECK(replayed.told.goroutines[1].name == "g1");
  CHECK(replayed.told.goroutines[1].label == "fetcher");
}

// Others run on after it, quietly: what they do is not told, nor taken for the cause.
TEST_CASE("the use of what is destroyed ends the program, and what is told of it",
          "[checker][findings]") {
  const braid::program late = {"late", [] {
                                 auto lock = std::make_unique<braid::mutex>();
                                 braid::go([m = lock.get()] { m->lock(); });
                                 braid::go([] { braid::panic("boom"); });
                                 lock.reset();
                                 braid::println("after");
                               }};
  const report r = braid::explore(late, {});
  const auto fatal =
      std::find_if(r.findings.begin(), r.findings.end(),
                   [](const braid::finding& f) { return f.what == braid::verdict::fatal; });
  REQUIRE(fatal != r.findings.end());
  CHECK_THAT(fatal->summary, Catch::Contains("use of an object after its destruction"));
  CHECK(fatal->goroutines.at(0).name == "g1");
  const auto rows = braid::replay(late, fatal->token).told.rows;
  CHECK(rows.back().text == "fatal error: use of an object after its destruction");
  CHECK(rows.back().goroutine == 1);
  CHECK(std::max_element(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
          return a.step < b.step;
        })->step == fatal->steps);
}

}  // namespace
