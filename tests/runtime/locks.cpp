// mutex (rules M1-M4) and wait_group (rules W1-W7) on the pool.
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "support/build.hpp"
#include "support/child.hpp"

namespace {

using braid::testing::run_in_child;
using braid::testing::scaled;

// With clocks for which whoever waits is starved at once, or now and then, or never.
TEST_CASE("a mutex excludes: 10 goroutines count to 10 x 1000", "[runtime][M1][M6]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const double time_scale = GENERATE(1e-9, 1e-2, 1e6);
  constexpr int goroutines = 10;
  constexpr int rounds = 1000;
  int count = 0;
  int inside = 0;
  int overlaps = 0;
  braid::run(
      [&] {
        braid::mutex lock;
        braid::wait_group all;
        all.add(goroutines);
        for (int i = 0; i < goroutines; ++i) {
          braid::go([&] {
            for (int k = 0; k < rounds; ++k) {
              const std::lock_guard held(lock);
              overlaps += inside++ != 0;
              ++count;
              if (k % 100 == 0) braid::this_goroutine::yield();
              --inside;
            }
            all.done();
          });
        }
        all.wait();
      },
      {.workers = workers, .time_scale = time_scale});
  CHECK(count == goroutines * rounds);
  CHECK(overlaps == 0);
}

// Others may still be leaving unlock() then, whether or not somebody waited.
TEST_CASE("who holds a mutex last may destroy it", "[runtime][M1]") {
  struct shared_state {
    braid::mutex lock;
    int users = 4;
  };
  const unsigned workers = GENERATE(1u, 2u, 4u);
  const double time_scale = GENERATE(1e-9, 1e6);
  const int rounds = scaled(1000);
  int destroyed = 0;
  braid::run(
      [&] {
        for (int i = 0; i < rounds; ++i) {
          auto state = std::make_unique<shared_state>();
          braid::wait_group all;
          for (int user = state->users; user > 0; --user) {
            all.go([&] {
              state->lock.lock();
              if (i % 2 == 0) braid::this_goroutine::yield();
              const bool is_last = --state->users == 0;
              state->lock.unlock();
              if (!is_last) return;
              state.reset();
              ++destroyed;
            });
          }
          all.wait();
        }
      },
      {.workers = workers, .time_scale = time_scale});
  CHECK(destroyed == rounds);
}

TEST_CASE("try_lock takes a free mutex and refuses a held one", "[runtime][M5]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const int rounds = scaled(1000);
  bool first = false;
  bool second = true;
  int count = 0;
  int taken = 0;
  braid::run(
      [&] {
        braid::mutex lock;
        first = lock.try_lock();
        second = lock.try_lock();
        lock.unlock();
        braid::wait_group both;
        both.add(2);
        for (int i = 0; i < 2; ++i) {
          braid::go([&] {
            for (int k = 0; k < rounds; ++k) {
              if (!lock.try_lock()) continue;
              ++count;
              ++taken;
              lock.unlock();
            }
            both.done();
          });
        }
        both.wait();
      },
      {.workers = workers});
  CHECK(first);
  CHECK_FALSE(second);
  CHECK(count == taken);
  CHECK(taken > 0);
}

TEST_CASE("a mutex may be unlocked by another goroutine", "[runtime][M2]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  bool locked_again = false;
  braid::run(
      [&] {
        braid::mutex lock;
        lock.lock();
        braid::go([&] { lock.unlock(); });
        lock.lock();
        locked_again = true;
      },
      {.workers = workers});
  CHECK(locked_again);
}

TEST_CASE("the unlock of an unlocked mutex is fatal and cannot be caught", "[runtime][M4]") {
  const auto child = run_in_child([] {
    braid::run([] {
      braid::mutex lock;
      try {
        lock.unlock();
      } catch (...) {
      }
    });
  });
  CHECK(child.code == 2);
  CHECK(child.err.find("fatal error: sync: unlock of unlocked mutex\n\n") == 0);
}

// W5: wait() may return, and the group die, the moment the last done() has taken effect.
TEST_CASE("a wait group on the waiter's stack may die right after wait", "[runtime][W5]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const int rounds = scaled(2000);
  int finished = 0;
  braid::run(
      [&] {
        for (int i = 0; i < rounds; ++i) {
          std::optional<braid::wait_group> group;
          group.emplace();
          group->add(2);
          braid::go([&group] { group->done(); });
          braid::go([&group] { group->done(); });
          group->wait();
          group.reset();
          ++finished;
        }
      },
      {.workers = workers});
  CHECK(finished == rounds);
}

TEST_CASE("wait returns to all waiters once the count is zero, and not before", "[runtime][W1]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  constexpr int waiters = 10;
  constexpr int parts = 10;
  int too_early = 0;
  int woken = 0;
  braid::run(
      [&] {
        braid::wait_group work;
        braid::atomic<int> done = 0;
        auto results = braid::make_chan<int>();
        work.add(parts);
        for (int i = 0; i < waiters; ++i) {
          braid::go([&, results]() mutable {
            work.wait();
            results.send(done.load());
          });
        }
        for (int i = 0; i < parts; ++i) {
          braid::go([&] {
            braid::this_goroutine::yield();
            ++done;
            work.done();
          });
        }
        for (; woken < waiters; ++woken) too_early += results.recv().value != parts;
      },
      {.workers = workers});
  CHECK(too_early == 0);
}

TEST_CASE("a wait group panics below zero", "[runtime][W2]") {
  std::string text;
  braid::run([&] {
    braid::wait_group group;
    try {
      group.done();
    } catch (const braid::runtime_panic& panic) {
      text = panic.what();
    }
  });
  CHECK(text == "sync: negative WaitGroup counter");
}

TEST_CASE("a wait group and what is built of locks cannot be copied or moved",
          "[runtime][W7][M1]") {
  CHECK_FALSE(std::is_copy_constructible_v<braid::wait_group>);
  CHECK_FALSE(std::is_move_constructible_v<braid::wait_group>);
  CHECK_FALSE(std::is_copy_assignable_v<braid::wait_group>);
  CHECK_FALSE(std::is_copy_constructible_v<braid::mutex>);
  CHECK_FALSE(std::is_move_constructible_v<braid::mutex>);
  CHECK_FALSE(std::is_copy_constructible_v<braid::once>);
  CHECK_FALSE(std::is_copy_constructible_v<braid::errgroup>);
  CHECK_FALSE(std::is_copy_constructible_v<braid::weighted_semaphore>);
}

// Go's TestNoRaceWaitGroupTransitive. Under ThreadSanitizer a missing edge is an error of its own.
TEST_CASE("what was written before any done is seen after the wait", "[runtime][W5]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const int rounds = scaled(500);
  int wrong = 0;
  braid::run(
      [&] {
        for (int i = 0; i < rounds; ++i) {
          braid::wait_group group;
          int data[4] = {};
          group.add(4);
          for (int& one : data) {
            braid::go([&] {
              one = 1;
              group.done();
            });
          }
          group.wait();
          wrong += data[0] + data[1] + data[2] + data[3] != 4;
        }
      },
      {.workers = workers});
  CHECK(wrong == 0);
}

// Go's TestWaitGroup: two groups are used as barriers again and again.
TEST_CASE("a wait group can be used again once all waits have returned", "[runtime][W1]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  int wrong = 0;
  braid::run(
      [&] {
        braid::wait_group first;
        braid::wait_group second;
        for (int round = 0; round < 8; ++round) {
          constexpr int goroutines = 16;
          first.add(goroutines);
          second.add(goroutines);
          braid::atomic<int> exited = 0;
          for (int i = 0; i < goroutines; ++i) {
            braid::go([&] {
              first.done();
              second.wait();
              ++exited;
              first.done();
            });
          }
          first.wait();
          wrong += exited != 0;
          first.add(goroutines);
          for (int i = 0; i < goroutines; ++i) second.done();
          first.wait();
          wrong += exited != goroutines;
        }
      },
      {.workers = workers});
  CHECK(wrong == 0);
}

}  // namespace
