// The two modes of a mutex on the pool (rule M6). The programs' clocks make of any wait one that is
// shorter, or longer, than the millisecond after which a lock is starved.
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <string>

#include "support/pools.hpp"

namespace {

using braid::testing::park;

constexpr braid::run_options one_worker_without_starvation{.workers = 1, .time_scale = 1e6};
constexpr braid::run_options one_worker_with_starvation{.workers = 1, .time_scale = 1e-9};

// Waits for `lock`, then notes its name.
void join_queue(braid::mutex& lock, braid::wait_group& all, std::string& order, const char* name) {
  all.add(1);
  park([&lock, &all, &order, name] {
    lock.lock();
    order += name;
    lock.unlock();
    all.done();
  });
}

TEST_CASE("who runs may take a lock before the one who was woken for it", "[runtime][M6]") {
  std::string order;
  braid::run(
      [&] {
        braid::mutex lock;
        braid::wait_group all;
        lock.lock();
        join_queue(lock, all, order, "g");
        for (int i = 0; i < 2; ++i) {
          lock.unlock();
          lock.lock();
          order += "main ";
        }
        lock.unlock();
        all.wait();
      },
      one_worker_without_starvation);
  CHECK(order == "main main g");
}

TEST_CASE("who was woken for a lock and finds it taken stays the first in the queue",
          "[runtime][M6]") {
  std::string order;
  braid::run(
      [&] {
        braid::mutex lock;
        braid::wait_group all;
        lock.lock();
        join_queue(lock, all, order, "first ");
        join_queue(lock, all, order, "second ");
        for (int i = 0; i < 3; ++i) {
          lock.unlock();
          lock.lock();
          braid::this_goroutine::yield();  // the first looks at the lock
          order += "main ";
        }
        lock.unlock();
        all.wait();
      },
      one_worker_without_starvation);
  CHECK(order == "main main main first second ");
}

// Go's TestMutexFairness, with a goroutine from which nothing takes its thread.
TEST_CASE("who has waited for long gets a lock from one who takes it again and again",
          "[runtime][M6]") {
  constexpr int rounds_max = 1000;
  const bool yields = GENERATE(false, true);
  int rounds = 0;
  bool is_refused = false;
  braid::run(
      [&] {
        braid::mutex lock;
        braid::wait_group all;
        std::string order;
        lock.lock();
        join_queue(lock, all, order, "g");
        for (; order.empty() && rounds < rounds_max; ++rounds) {
          if (yields) braid::this_goroutine::yield();
          lock.unlock();
          is_refused = !lock.try_lock();  // it is handed over
          if (is_refused) lock.lock();
        }
        lock.unlock();
        all.wait();
      },
      one_worker_with_starvation);
  CHECK(rounds < rounds_max);
  CHECK(is_refused);
}

TEST_CASE("a lock is handed on to all who have waited for long, in their order", "[runtime][M6]") {
  std::string order;
  braid::run(
      [&] {
        braid::mutex lock;
        braid::wait_group all;
        lock.lock();
        join_queue(lock, all, order, "first ");
        join_queue(lock, all, order, "second ");
        lock.unlock();
        lock.lock();
        braid::this_goroutine::yield();  // the first finds the lock taken, and is late
        lock.unlock();
        lock.lock();
        order += "main";
        lock.unlock();
        all.wait();
      },
      one_worker_with_starvation);
  CHECK(order == "first second main");
}

}  // namespace
