// shared_mutex (rules M7-M12) and cond (rules W12-W16) on the pool.
#include <atomic>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "support/build.hpp"
#include "support/child.hpp"
#include "support/together.hpp"

namespace {

using braid::testing::announce;
using braid::testing::run_in_child;
using braid::testing::scaled;

TEST_CASE("a shared mutex excludes writers from all, and readers from writers", "[runtime][M7]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int rounds = scaled(500);
  int value = 0;
  int twice = 0;
  std::atomic<int> overlaps = 0;
  braid::run(
      [&] {
        braid::shared_mutex book;
        braid::wait_group all;
        all.add(8);
        for (int i = 0; i < 8; ++i) {
          braid::go([&, i] {
            for (int k = 0; k < rounds; ++k) {
              if (i % 4 == 0) {
                const std::lock_guard held(book);
                ++value;
                if (k % 50 == 0) braid::this_goroutine::yield();
                twice += 2;
              } else {
                const std::shared_lock held(book);
                if (2 * value != twice) ++overlaps;
              }
            }
            all.done();
          });
        }
        all.wait();
      },
      {.workers = workers});
  CHECK(value == 2 * rounds);
  CHECK(twice == 4 * rounds);
  CHECK(overlaps.load() == 0);
}

TEST_CASE("readers are in at the same time", "[runtime][M7]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  int most = 0;
  braid::run(
      [&] {
        braid::shared_mutex book;
        braid::wait_group inside;
        braid::wait_group all;
        inside.add(3);
        all.add(3);
        for (int i = 0; i < 3; ++i) {
          braid::go([&] {
            book.lock_shared();
            inside.done();
            inside.wait();  // for the others to be in
            book.unlock_shared();
            all.done();
          });
        }
        all.wait();
        most = 3;
      },
      {.workers = workers});
  CHECK(most == 3);
}

// In turn, without a word about time: each step is told through a channel.
TEST_CASE("a writer that waits keeps new readers out, and readers come before the next writer",
          "[runtime][M8]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  std::string order;
  braid::run(
      [&] {
        braid::shared_mutex book;
        braid::wait_group all;
        all.add(2);
        book.lock_shared();
        braid::go([&] {
          book.lock();
          order += "w";
          book.unlock();
          all.done();
        });
        while (book.try_lock_shared()) {  // until the writer waits
          book.unlock_shared();
          braid::this_goroutine::yield();
        }
        braid::go([&] {
          book.lock_shared();
          order += "r";
          book.unlock_shared();
          all.done();
        });
        book.unlock_shared();
        all.wait();
      },
      {.workers = workers});
  CHECK(order == "wr");
}

TEST_CASE("a shared mutex's misuse is fatal", "[runtime][M9]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const bool reads = GENERATE(true, false);
  const auto child = run_in_child([&] {
    braid::run(
        [&] {
          braid::shared_mutex book;
          reads ? book.unlock_shared() : book.unlock();
        },
        {.workers = workers});
  });
  CHECK(child.code == 2);
  const std::string first = child.err.substr(0, child.err.find('\n'));
  CHECK(first == (reads ? "fatal error: sync: RUnlock of unlocked RWMutex"
                        : "fatal error: sync: Unlock of unlocked RWMutex"));
}

TEST_CASE("try_lock and try_lock_shared go by the state", "[runtime][M10]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  std::vector<bool> got;
  braid::run(
      [&] {
        braid::shared_mutex book;
        got.push_back(book.try_lock());
        got.push_back(book.try_lock());
        got.push_back(book.try_lock_shared());
        book.unlock();
        got.push_back(book.try_lock_shared());
        got.push_back(book.try_lock_shared());
        got.push_back(book.try_lock());
      },
      {.workers = workers});
  CHECK(got == std::vector<bool>{true, false, false, true, true, false});
}

TEST_CASE("std's locks fit a shared mutex and a cond", "[runtime][M11][M12]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  bool is_done = false;
  braid::run(
      [&] {
        braid::shared_mutex book;
        braid::mutex other;
        braid::cond changed;
        { const std::scoped_lock both(book, other); }
        braid::wait_group all;
        announce(all, book, changed, is_done);
        std::shared_lock held(book);
        changed.wait(held, [&] { return is_done; });
        all.wait();
      },
      {.workers = workers});
  CHECK(is_done);
}

TEST_CASE("a cond loses no notification: a queue of one, 1000 values", "[runtime][W12]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int values = scaled(1000);
  std::vector<int> received;
  braid::run(
      [&] {
        braid::mutex lock;
        braid::cond changed;
        braid::wait_group all;
        all.add(1);
        int slot = 0;
        braid::go([&] {
          for (int i = 1; i <= values; ++i) {
            std::unique_lock held(lock);
            changed.wait(held, [&] { return slot == 0; });
            slot = i;
            changed.notify_all();
          }
          all.done();
        });
        for (int i = 1; i <= values; ++i) {
          std::unique_lock held(lock);
          changed.wait(held, [&] { return slot != 0; });
          received.push_back(slot);
          slot = 0;
          changed.notify_all();
        }
        all.wait();
      },
      {.workers = workers});
  REQUIRE(received.size() == static_cast<std::size_t>(values));
  CHECK(received.front() == 1);
  CHECK(received.back() == values);
}

TEST_CASE("notify_one wakes in the order of the waits, one each", "[runtime][W13][W15]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  constexpr int count = 10;
  std::vector<int> woken;
  braid::run(
      [&] {
        braid::mutex lock;
        braid::cond changed;
        auto is_awake = braid::make_chan<int>();
        int waiting = 0;
        for (int i = 0; i < count; ++i) {
          braid::go([&, i] {
            std::unique_lock held(lock);
            ++waiting;
            changed.wait(held);
            held.unlock();
            is_awake.send(i);
          });
          for (bool waits = false; !waits;) {  // it gives the lock away only when it waits
            braid::this_goroutine::yield();
            const std::lock_guard held(lock);
            waits = waiting == i + 1;
          }
        }
        for (int i = 0; i < count; ++i) {
          changed.notify_one();
          woken.push_back(is_awake.recv().value);
        }
      },
      {.workers = workers});
  CHECK(woken == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("notify_all wakes all who wait, round after round", "[runtime][W14]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  constexpr int count = 20;
  const int rounds = scaled(100);
  int passed = 0;
  braid::run(
      [&] {
        braid::mutex lock;
        braid::cond changed;
        braid::wait_group all;
        int arrived = 0;
        int round = 0;
        all.add(count);
        for (int i = 0; i < count; ++i) {
          braid::go([&] {
            for (int r = 0; r < rounds; ++r) {
              std::unique_lock held(lock);
              if (++arrived == count) {
                arrived = 0;
                ++round;
                changed.notify_all();
              } else {
                changed.wait(held, [&] { return round > r; });
              }
              ++passed;
            }
            all.done();
          });
        }
        all.wait();
      },
      {.workers = workers});
  CHECK(passed == count * rounds);
}

}  // namespace
