// mutex (rules M1-M4) and wait_group (rules W1-W7) on the pool.
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "support/build.hpp"
#include "support/child.hpp"

namespace {

using braid::testing::run_in_child;
using braid::testing::scaled;

TEST_CASE("a mutex excludes: 10 goroutines count to 10 x 1000", "[runtime]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
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
      {.workers = workers});
  CHECK(count == goroutines * rounds);
  CHECK(overlaps == 0);
}

TEST_CASE("try_lock takes a free mutex and refuses a held one", "[runtime]") {
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

TEST_CASE("a mutex may be unlocked by another goroutine", "[runtime]") {
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

TEST_CASE("the unlock of an unlocked mutex is fatal and cannot be caught", "[runtime]") {
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
TEST_CASE("a wait group on the waiter's stack may die right after wait", "[runtime]") {
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

TEST_CASE("wait returns to all waiters once the count is zero, and not before", "[runtime]") {
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

TEST_CASE("a wait group panics below zero", "[runtime]") {
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

}  // namespace
