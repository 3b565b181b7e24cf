// Condition variables under every schedule (rules W12-W16).
//
// Oracle: hand-made lists of outcomes.
#include <braid/braid.hpp>
#include <mutex>
#include <shared_mutex>
#include <type_traits>

#include "support/exploring.hpp"
#include "support/together.hpp"

namespace {

using braid::testing::all_outcomes;
using braid::testing::announce;
using braid::testing::outcomes;

TEST_CASE("no notification is lost between the look and the wait", "[checker][W12]") {
  CHECK(all_outcomes([] {
          braid::mutex lock;
          braid::cond changed;
          bool is_done = false;
          braid::wait_group all;
          announce(all, lock, changed, is_done);
          std::unique_lock held(lock);
          changed.wait(held, [&] { return is_done; });
          held.unlock();
          all.wait();
          braid::print("done");
        }) == outcomes{"done"});
}

TEST_CASE("who notifies without the lock, before it is waited, is not heard", "[checker][W12]") {
  CHECK(all_outcomes([] {
          braid::mutex lock;
          braid::cond changed;
          braid::go([&] { changed.notify_one(); });
          std::unique_lock held(lock);
          changed.wait(held);
          braid::print("woken");
        }) == outcomes{{"", "deadlock"}, "woken"});
}

TEST_CASE("wait gives the lock away and has it again when it returns", "[checker][W12]") {
  CHECK(all_outcomes([] {
          braid::mutex lock;
          braid::cond changed;
          braid::wait_group all;
          all.add(1);
          std::unique_lock held(lock);
          braid::go([&] {
            lock.lock();
            changed.notify_one();
            braid::print("a");
            braid::print("b");
            lock.unlock();
            all.done();
          });
          changed.wait(held);
          braid::print("c");
          held.unlock();
          all.wait();
        }) == outcomes{"abc"});
}

// The goroutines come in turn: each tells, with the lock held, that it waits.
void wait_in_turn(braid::mutex& lock, braid::cond& changed, braid::wait_group& all, int count,
                  int& waiting) {
  for (int i = 0; i < count; ++i) {
    braid::go([&, i] {
      std::unique_lock held(lock);
      ++waiting;
      changed.wait(held);
      braid::print(i);
      held.unlock();
      all.done();
    });
    braid::sleep_for(std::chrono::seconds(1));  // until it waits
  }
}

TEST_CASE("notify_one wakes the one that came first", "[checker][W13]") {
  CHECK(all_outcomes([] {
          braid::mutex lock;
          braid::cond changed;
          braid::wait_group all;
          all.add(2);
          int waiting = 0;
          wait_in_turn(lock, changed, all, 2, waiting);
          changed.notify_one();
          braid::sleep_for(std::chrono::seconds(1));
          changed.notify_one();
          all.wait();
          braid::print(waiting);
        }) == outcomes{"012"});
}

TEST_CASE("notify_one wakes no more than one", "[checker][W13]") {
  CHECK(all_outcomes([] {
          braid::mutex lock;
          braid::cond changed;
          braid::wait_group all;
          all.add(2);
          int waiting = 0;
          wait_in_turn(lock, changed, all, 2, waiting);
          changed.notify_one();
          all.wait();
        }) == outcomes{{"0", "deadlock"}});
}

TEST_CASE("notify_all wakes all who wait, and nobody who comes later", "[checker][W14]") {
  CHECK(all_outcomes([] {
          braid::mutex lock;
          braid::cond changed;
          braid::wait_group all;
          all.add(2);
          int waiting = 0;
          wait_in_turn(lock, changed, all, 2, waiting);
          changed.notify_all();
          all.wait();
          std::unique_lock held(lock);
          changed.wait(held);
        }) == outcomes{{"01", "deadlock"}, {"10", "deadlock"}});
}

TEST_CASE("notifying needs no lock", "[checker][W15]") {
  CHECK(all_outcomes([] {
          braid::mutex lock;
          braid::cond changed;
          braid::wait_group all;
          all.add(1);
          int waiting = 0;
          wait_in_turn(lock, changed, all, 1, waiting);
          changed.notify_one();
          all.wait();
        }) == outcomes{"0"});
}

TEST_CASE("a cond cannot be copied", "[checker][W16]") {
  CHECK_FALSE(std::is_copy_constructible_v<braid::cond>);
  CHECK_FALSE(std::is_copy_assignable_v<braid::cond>);
}

TEST_CASE("a cond works with the reading side of a shared mutex", "[checker][M12]") {
  CHECK(all_outcomes([] {
          braid::shared_mutex book;
          braid::cond changed;
          bool is_done = false;
          braid::wait_group all;
          announce(all, book, changed, is_done);
          std::shared_lock held(book);
          changed.wait(held, [&] { return is_done; });
          held.unlock();
          all.wait();
          braid::print("done");
        }) == outcomes{"done"});
}

}  // namespace
