// synctest: one schedule of a program, in virtual time (rules Y1-Y10).
//
// Oracle: Go's tests of internal/synctest; where synctest::wait() is explored, lists of outcomes.
#include <braid/braid.hpp>
#include <braid/testing/synctest.hpp>
#include <mutex>
#include <string>
#include <vector>

#include "support/child.hpp"
#include "support/exploring.hpp"

namespace {

using namespace std::chrono_literals;
using braid::synctest;
using braid::synctest_failure;
using braid::testing::outcomes;
using braid::testing::outcomes_of;

std::string failure_of(const std::function<void()>& body) {
  try {
    synctest{body};
  } catch (const synctest_failure& why) {
    return why.what();
  }
  return {};
}

TEST_CASE("the clock of a bubble begins at midnight of the year 2000", "[checker][Y1]") {
  braid::duration begun{};
  synctest([&] { begun = braid::clock::now().time_since_epoch(); });
  CHECK(begun == 946'684'800s);
}

TEST_CASE("time passes in a bubble only when all wait, and then at once", "[checker][Y2]") {
  const std::optional<std::uint64_t> seed = GENERATE(std::optional<std::uint64_t>(), 1, 2, 3);
  std::vector<std::string> told;
  synctest(
      [&] {
        const auto begun = braid::clock::now();
        auto ticks = braid::make_chan<int>();
        for (const int i : {3, 1, 2}) {
          braid::go([=]() mutable {
            braid::sleep_for(i * 1h);
            ticks.send(i);
          });
        }
        for (int i = 0; i < 3; ++i) told.push_back(std::to_string(ticks.recv().value));
        CHECK(braid::clock::now() - begun == 3h);
      },
      seed);
  CHECK(told == std::vector<std::string>{"1", "2", "3"});
}

// Go's synctest hangs here.
TEST_CASE("who waits for a mutex lets time pass", "[checker][Y3]") {
  bool is_done = false;
  synctest([&] {
    braid::mutex lock;
    braid::wait_group all;
    lock.lock();
    all.go([&] {
      const std::lock_guard held(lock);
      is_done = true;
    });
    braid::sleep_for(1h);
    synctest::wait();
    CHECK_FALSE(is_done);
    lock.unlock();
    all.wait();
  });
  CHECK(is_done);
}

TEST_CASE("wait returns when all others wait", "[checker][Y4]") {
  const std::string strategy = GENERATE("dfs", "dpor");
  const braid::report r = braid::explore({"wait",
                                          [] {
                                            auto stop = braid::make_chan<int>();
                                            for (int i = 0; i < 2; ++i) {
                                              braid::go([=]() mutable {
                                                braid::print(i);
                                                braid::this_goroutine::yield();
                                                braid::print(i);
                                                stop.recv();
                                              });
                                            }
                                            synctest::wait();
                                            braid::print("all wait");
                                            stop.close();
                                          }},
                                         {.strategy = strategy});
  CHECK(r.why_incomplete == "");
  CHECK(outcomes_of(r) == outcomes{"0011all wait", "0101all wait", "0110all wait", "1001all wait",
                                   "1010all wait", "1100all wait"});
}

TEST_CASE("only one goroutine can wait for all others", "[checker][Y4]") {
  CHECK(failure_of([] {
          braid::go([] { synctest::wait(); });
          braid::this_goroutine::yield();
          synctest::wait();
        }) == "panic: wait already in progress\n");
}

TEST_CASE("in production there is nothing to wait for", "[checker][Y4]") {
  const auto child = braid::testing::run_in_child([] { braid::run([] { synctest::wait(); }); });
  CHECK(child.code == 2);
  CHECK_THAT(child.err, Catch::StartsWith("panic: goroutine is not in a bubble\n"));
}

TEST_CASE("what others did by then comes before the end of a wait", "[checker][Y5][races]") {
  const bool waits = GENERATE(true, false);
  const braid::report r = braid::explore({"wait",
                                          [=] {
                                            auto stop = braid::make_chan<int>();
                                            const auto x = std::make_shared<braid::var<int>>(0);
                                            braid::go([=]() mutable {
                                              x->write(1);
                                              stop.recv();
                                            });
                                            if (waits) synctest::wait();
                                            x->read();
                                            stop.send(0);
                                          }},
                                         {.strategy = "dfs"});
  CHECK(r.why_incomplete == "");
  CHECK(r.has(braid::verdict::race) == !waits);
}

// Go's TestDeadlockRoot, TestDeadlockChild, TestDeadlockTicker.
TEST_CASE("a bubble in which all wait for ever fails, and so does one that leaves some behind",
          "[checker][Y6]") {
  CHECK(failure_of([] { braid::select{}; }) == "deadlock: all goroutines in bubble are blocked");
  CHECK(failure_of([] { braid::go([] { braid::select{}; }); }) ==
        "deadlock: main bubble goroutine has exited but blocked goroutines remain");
  CHECK(failure_of([] { braid::panic("broken"); }) == "panic: broken\n");
  CHECK(failure_of([] {}).empty());
}

// Go's TestTimerRunsImmediately and TestAfterFuncRunsImmediately.
TEST_CASE("timers of no time fire before a wait returns, without time passing", "[checker][Y8]") {
  synctest([] {
    const auto begun = braid::clock::now();
    bool is_called = false;
    const auto called = braid::after_func(0s, [&] { is_called = true; });
    synctest::wait();
    CHECK(is_called);
    CHECK(braid::clock::now() == begun);
  });
}

TEST_CASE("what was made in one bubble is refused in another", "[checker][Y9]") {
  braid::chan<int> made;
  synctest([&] { made = braid::make_chan<int>(1); });
  CHECK_THAT(failure_of([&] { made.send(1); }),
             Catch::Contains("an object that was made outside of the program"));
}

// Go's example of a context with a deadline.
TEST_CASE("sleep comes back when all that is due by then is done", "[checker][Y10]") {
  synctest([] {
    braid::cancel_scope scope(braid::context::background(), 5s);
    const braid::context ctx = scope.ctx();
    bool is_told = false;
    const auto told = ctx.after_func([&] { is_told = true; });
    synctest::sleep(5s - 1ns);
    CHECK_FALSE(ctx.err());
    CHECK_FALSE(is_told);
    synctest::sleep(1ns);
    CHECK(ctx.err() == braid::deadline_exceeded);
    CHECK(is_told);
  });
}

}  // namespace
