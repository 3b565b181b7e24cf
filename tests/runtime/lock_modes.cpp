// The two modes of a mutex on the pool (rule M6). The programs' clocks make of any wait one that is
// shorter, or longer, than the millisecond after which a lock is starved.
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <initializer_list>
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

// What is noted while main holds a lock for which those named wait, in their order, and does
// `body`, at whose end it holds it again.
template <class Body>
std::string noted(std::initializer_list<const char*> waiting, const braid::run_options& options,
                  Body body) {
  std::string order;
  braid::run(
      [&] {
        braid::mutex lock;
        braid::wait_group all;
        lock.lock();
        for (const char* name : waiting) join_queue(lock, all, order, name);
        body(lock, order);
        lock.unlock();
        all.wait();
      },
      options);
  return order;
}

TEST_CASE("who runs may take a lock before the one who was woken for it", "[runtime][M6]") {
  const auto body = [](braid::mutex& lock, std::string& order) {
    for (int i = 0; i < 2; ++i) {
      lock.unlock();
      lock.lock();
      order += "main ";
    }
  };
  CHECK(noted({"g"}, one_worker_without_starvation, body) == "main main g");
}

TEST_CASE("who was woken for a lock and finds it taken stays the first in the queue",
          "[runtime][M6]") {
  const auto body = [](braid::mutex& lock, std::string& order) {
    for (int i = 0; i < 3; ++i) {
      lock.unlock();
      lock.lock();
      braid::this_goroutine::yield();  // the first looks at the lock
      order += "main ";
    }
  };
  CHECK(noted({"first ", "second "}, one_worker_without_starvation, body) ==
        "main main main first second ");
}

// Go's TestMutexFairness, with a goroutine from which nothing takes its thread.
TEST_CASE("who has waited for long gets a lock from one who takes it again and again",
          "[runtime][M6]") {
  constexpr int rounds_max = 1000;
  const bool yields = GENERATE(false, true);
  int rounds = 0;
  bool is_refused = false;
  const auto body = [&](braid::mutex& lock, std::string& order) {
    for (; order.empty() && rounds < rounds_max; ++rounds) {
      if (yields) braid::this_goroutine::yield();
      lock.unlock();
      is_refused = !lock.try_lock();  // it is handed over
      if (is_refused) lock.lock();
    }
  };
  CHECK(noted({"g"}, one_worker_with_starvation, body) == "g");
  CHECK(rounds < rounds_max);
  CHECK(is_refused);
}

TEST_CASE("a lock is handed on to all who have waited for long, in their order", "[runtime][M6]") {
  const auto body = [](braid::mutex& lock, std::string& order) {
    lock.unlock();
    lock.lock();
    braid::this_goroutine::yield();  // the first finds the lock taken, and is late
    lock.unlock();
    lock.lock();
    order += "main";
  };
  CHECK(noted({"first ", "second "}, one_worker_with_starvation, body) == "first second main");
}

}  // namespace
