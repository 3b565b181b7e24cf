// errgroup, weighted_semaphore and singleflight (rules E1, E3-E8) on the pool.
//
// Oracle: golang.org/x/sync's rules and its tests.
#include <algorithm>
#include <atomic>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/build.hpp"
#include "support/child.hpp"

namespace {

using braid::error;
using braid::testing::run_in_child;
using braid::testing::scaled;

template <class F>
std::string panic_of(F&& act) {
  try {
    act();
  } catch (const braid::runtime_panic& panic) {
    return panic.what();
  }
  return "";
}

// Go's TestZeroGroup.
TEST_CASE("a group gives the first error, or none", "[runtime][E1]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  std::vector<std::string> found;
  braid::run(
      [&] {
        for (const std::vector<error>& results :
             {std::vector<error>{}, std::vector<error>{error()}, std::vector<error>{error("first")},
              std::vector<error>{error(), error("second")}}) {
          braid::errgroup group;
          for (const error& one : results) group.go([one] { return one; });
          const error e = group.wait();
          found.push_back(e ? e.message() : "none");
        }
        braid::errgroup in_turn;
        in_turn.set_limit(1);
        for (const char* text : {"a", "b", "c"}) in_turn.go([text] { return error(text); });
        found.push_back(in_turn.wait().message());
      },
      {.workers = workers});
  CHECK(found == std::vector<std::string>{"none", "none", "first", "second", "a"});
}

// Go's TestGoLimit.
TEST_CASE("no more goroutines of a group are active than its limit says", "[runtime][E3]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  constexpr int limit = 3;
  int most = 0;
  int calls = 0;
  braid::run(
      [&] {
        braid::errgroup group;
        group.set_limit(limit);
        braid::atomic<int> active = 0;
        braid::mutex lock;
        for (int i = 0; i < scaled(300); ++i) {
          group.go([&] {
            const int now = ++active;
            braid::this_goroutine::yield();
            --active;
            const std::lock_guard held(lock);
            most = std::max(most, now);
            ++calls;
            return error();
          });
        }
        group.wait();
      },
      {.workers = workers});
  CHECK(most <= limit);
  CHECK(most >= 1);
  CHECK(calls == scaled(300));
}

// Go's TestTryGo.
TEST_CASE("try_go refuses what is over the limit, and takes it when there is room again",
          "[runtime][E3]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  std::vector<bool> taken;
  braid::run(
      [&] {
        braid::errgroup group;
        auto gate = braid::make_chan<int>();
        const auto wait = [gate]() mutable {
          gate.recv();
          return error();
        };
        group.set_limit(2);
        for (int i = 0; i < 3; ++i) taken.push_back(group.try_go(wait));
        gate.close();
        group.wait();
        taken.push_back(group.try_go([] { return error(); }));
        group.wait();
        group.set_limit(0);
        taken.push_back(group.try_go([] { return error(); }));
        group.set_limit(-1);
        for (int i = 0; i < 10; ++i) taken.push_back(group.try_go([] { return error(); }));
        group.wait();
      },
      {.workers = workers});
  std::vector<bool> expected{true, true, false, true, false};
  expected.resize(15, true);
  CHECK(taken == expected);
}

TEST_CASE("a limit cannot change while goroutines are active", "[runtime][E3]") {
  std::string text;
  braid::run([&] {
    braid::errgroup group;
    group.set_limit(2);
    auto gate = braid::make_chan<int>();
    for (int i = 0; i < 2; ++i) {
      group.go([gate]() mutable {
        gate.recv();
        return error();
      });
    }
    text = panic_of([&] { group.set_limit(3); });
    gate.close();
    group.wait();
  });
  CHECK(text == "errgroup: modify limit while 2 goroutines in the group are still active");
}

TEST_CASE("a panic in a group is not forwarded to wait but ends the program", "[runtime][E4]") {
  const auto child = run_in_child([] {
    braid::run([] {
      braid::errgroup group;
      group.go([]() -> error { braid::panic("in the group"); });
      try {
        group.wait();
      } catch (...) {
        braid::println("forwarded");
      }
    });
  });
  CHECK(child.code == 2);
  CHECK(child.err.find("panic: in the group\n\n") == 0);
  CHECK(child.out.empty());
}

// x/sync's TestWeighted.
TEST_CASE("never more than the size of a semaphore is held", "[runtime][E5]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  constexpr int size = 7;
  int most = 0;
  braid::run(
      [&] {
        braid::weighted_semaphore semaphore(size);
        braid::atomic<int> held = 0;
        braid::mutex lock;
        braid::wait_group all;
        for (int i = 0; i < 8; ++i) {
          all.go([&, i] {
            const int n = 1 + i % size;
            for (int k = 0; k < scaled(100); ++k) {
              semaphore.acquire(n);
              const int now = held += n;
              braid::this_goroutine::yield();
              held -= n;
              semaphore.release(n);
              const std::lock_guard guard(lock);
              most = std::max(most, now);
            }
          });
        }
        all.wait();
      },
      {.workers = workers});
  CHECK(most <= size);
  CHECK(most > 0);
}

// x/sync's TestLargeAcquireDoesntStarve.
TEST_CASE("a large request is not starved by small ones", "[runtime][E5]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  bool served = false;
  braid::run(
      [&] {
        constexpr int size = 4;
        braid::weighted_semaphore semaphore(size);
        braid::atomic<bool> is_running = true;
        braid::wait_group all;
        semaphore.acquire(size);
        for (int i = 0; i < size; ++i) {
          all.go([&] {
            do {
              semaphore.acquire(1);
              braid::this_goroutine::yield();
              semaphore.release(1);
            } while (is_running);
          });
        }
        semaphore.release(size);
        semaphore.acquire(size);
        served = true;
        is_running = false;
        semaphore.release(size);
        all.wait();
      },
      {.workers = workers});
  CHECK(served);
}

TEST_CASE("a request that cannot be met is in nobody's way", "[runtime][E6]") {
  bool other = false;
  bool first = true;
  braid::run([&] {
    braid::weighted_semaphore semaphore(2);
    auto done = braid::make_chan<int>();
    auto result = braid::make_chan<bool>();
    braid::go([&, done, result]() mutable { result.send(semaphore.acquire_unless<int>(3, done)); });
    braid::this_goroutine::yield();
    semaphore.acquire(2);
    other = true;
    semaphore.release(2);
    done.close();
    first = result.recv().value;
  });
  CHECK(other);
  CHECK_FALSE(first);
}

TEST_CASE("a request that is given up takes nothing and lets the next ones through",
          "[runtime][E6]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int rounds = scaled(300);
  int wrong = 0;
  braid::run(
      [&] {
        for (int i = 0; i < rounds; ++i) {
          braid::weighted_semaphore semaphore(2);
          auto done = braid::make_chan<int>();
          auto gave_up = braid::make_chan<bool>();
          auto small = braid::make_chan<bool>();
          semaphore.acquire(1);
          braid::go([&, done, gave_up]() mutable {
            const bool taken = semaphore.acquire_unless<int>(2, done);
            if (taken) semaphore.release(2);
            gave_up.send(!taken);
          });
          braid::go([&, small]() mutable {
            semaphore.acquire(1);
            small.send(true);
          });
          done.close();
          wrong += !gave_up.recv().value;
          wrong += !small.recv().value;
          semaphore.release(2);
          wrong += !semaphore.try_acquire(2);
        }
      },
      {.workers = workers});
  CHECK(wrong == 0);
}

TEST_CASE("a done channel that is closed already wins over free tokens", "[runtime][E6]") {
  bool taken = true;
  braid::run([&] {
    braid::weighted_semaphore semaphore(1);
    auto done = braid::make_chan<int>();
    done.close();
    taken = semaphore.acquire_unless<int>(1, done);
  });
  CHECK_FALSE(taken);
}

TEST_CASE("try_acquire takes what is free, and a release of more than is held panics",
          "[runtime][E7]") {
  std::vector<bool> taken;
  std::string text;
  braid::run([&] {
    braid::weighted_semaphore semaphore(2);
    taken.push_back(semaphore.try_acquire(1));
    taken.push_back(semaphore.try_acquire(2));
    taken.push_back(semaphore.try_acquire(1));
    semaphore.release(2);
    text = panic_of([&] { semaphore.release(1); });
    taken.push_back(semaphore.try_acquire(2));
  });
  CHECK(taken == std::vector<bool>{true, false, true, true});
  CHECK(text == "semaphore: released more than held");
}

TEST_CASE("try_acquire fails while somebody waits, though enough is free", "[runtime][E7]") {
  bool taken = true;
  braid::run(
      [&] {
        braid::weighted_semaphore semaphore(2);
        braid::atomic<bool> begun = false;
        braid::wait_group large;
        semaphore.acquire(1);
        large.go([&] {
          begun = true;
          semaphore.acquire(2);
          semaphore.release(2);
        });
        while (!begun) braid::this_goroutine::yield();  // one worker: now it waits
        taken = semaphore.try_acquire(1);
        semaphore.release(1);
        large.wait();
      },
      {.workers = 1});
  CHECK_FALSE(taken);
}

// x/sync's TestDoDupSuppress.
TEST_CASE("calls for one key that overlap are one call", "[runtime][E8]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int rounds = scaled(200);
  int wrong = 0;
  braid::run(
      [&] {
        constexpr int callers = 8;
        for (int i = 0; i < rounds; ++i) {
          braid::singleflight<std::string, int> flights;
          braid::atomic<int> calls = 0;
          braid::atomic<int> sum = 0;
          braid::wait_group all;
          for (int k = 0; k < callers; ++k) {
            all.go([&] {
              sum += flights
                         .call("key",
                               [&] {
                                 braid::this_goroutine::yield();
                                 ++calls;
                                 return 5;
                               })
                         .value;
            });
          }
          all.wait();
          wrong += calls < 1 || calls > callers || sum != 5 * callers;
        }
      },
      {.workers = workers});
  CHECK(wrong == 0);
}

// One worker: when main has seen both begin, the second waits for the first.
TEST_CASE("who waits for another's call gets its value, and both are told", "[runtime][E8]") {
  int calls = 0;
  std::vector<bool> shared;
  std::vector<int> values;
  braid::run(
      [&] {
        braid::singleflight<int, int> flights;
        auto gate = braid::make_chan<int>();
        braid::atomic<int> begun = 0;
        braid::wait_group both;
        for (int i = 0; i < 2; ++i) {
          both.go([&, gate] {
            ++begun;
            const auto got = flights.call(1, [&]() {
              ++calls;
              return gate.recv().value + 7;
            });
            shared.push_back(got.shared);
            values.push_back(got.value);
          });
        }
        while (begun != 2) braid::this_goroutine::yield();
        gate.close();
        both.wait();
        shared.push_back(flights.call(1, [] { return 0; }).shared);
      },
      {.workers = 1});
  CHECK(calls == 1);
  CHECK(values == std::vector{7, 7});
  CHECK(shared == std::vector<bool>{true, true, false});
}

// x/sync's TestForget.
TEST_CASE("after forget the next call does not wait", "[runtime][E8]") {
  std::vector<int> values;
  braid::run([&] {
    braid::singleflight<int, int> flights;
    auto gate = braid::make_chan<int>();
    auto begun = braid::make_chan<int>();
    auto first = flights.call_chan(1, [gate, begun]() mutable {
      begun.send(0);
      return gate.recv().value + 1;
    });
    begun.recv();
    flights.forget(1);
    values.push_back(flights.call(1, [] { return 2; }).value);
    gate.close();
    values.push_back(first.recv_opt()->value);
  });
  CHECK(values == std::vector{2, 1});
}

// x/sync's TestPanicDo.
TEST_CASE("a panic reaches every caller of the call", "[runtime][E8]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  constexpr int callers = 5;
  std::atomic<int> caught = 0;
  braid::run(
      [&] {
        braid::singleflight<int, int> flights;
        braid::wait_group all;
        for (int i = 0; i < callers; ++i) {
          all.go([&] {
            try {
              flights.call(1, []() -> int {
                braid::this_goroutine::yield();
                throw std::runtime_error("failed");
              });
            } catch (const std::runtime_error&) {
              ++caught;
            }
          });
        }
        all.wait();
      },
      {.workers = workers});
  CHECK(caught.load() == callers);
}

// x/sync's TestPanicDoChan and TestPanicDoSharedByDoChan.
TEST_CASE("a panic that a channel waits for ends the program", "[runtime][E8]") {
  const bool is_shared_by_call = GENERATE(false, true);
  const auto child = run_in_child([=] {
    braid::run(
        [=] {
          braid::singleflight<int, int> flights;
          auto gate = braid::make_chan<int>();
          const auto fail = [gate]() -> int {
            gate.recv();
            braid::panic("in flight");
          };
          if (is_shared_by_call) {
            auto begun = braid::make_chan<int>();
            braid::go([&, begun]() mutable {
              try {
                flights.call(1, [&]() -> int {
                  begun.send(0);
                  return fail();
                });
              } catch (...) {
              }
            });
            begun.recv();
          }
          auto result = flights.call_chan(1, fail);
          gate.close();
          result.recv_opt();
          braid::println("received");
        },
        {.workers = 2});
  });
  CHECK(child.code == 2);
  CHECK(child.err.find("panic: in flight\n\n") == 0);
  CHECK(child.out.empty());
}

}  // namespace
