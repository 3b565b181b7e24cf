// Objects that outlive a program which left goroutines waiting in them (rule G5): in a later one
// nobody waits there. Those goroutines' stacks are gone, so whoever looked at them would be caught
// by the build with sanitizers, and crash in most others.
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "support/pools.hpp"

namespace {

using braid::testing::park;

// A program that ends while a goroutine waits in each of these.
void leave_waiting(const std::vector<std::function<void()>>& waits) {
  braid::run(
      [&] {
        for (const auto& wait : waits) park(wait);
      },
      {.workers = 1});
}

TEST_CASE("a channel forgets those who waited in it when their program ended", "[runtime][G5]") {
  auto c = braid::make_chan<int>();
  auto other = braid::make_chan<int>();
  bool is_sent = true;
  bool is_received = true;
  std::string got;
  const auto probe = [&] {
    int value = 0;
    is_sent = c.try_send(1);
    is_received = c.try_recv(value);
    braid::go([&] { c.send(2); });
    got += std::to_string(c.recv().value);
    braid::go([&] { got += std::to_string(c.recv().value); });
    c.send(3);
    braid::this_goroutine::yield();
  };
  SECTION("to receive") {
    leave_waiting({[&] { c.recv(); }, [&] { c.recv(); }});
  }
  SECTION("to send") {
    leave_waiting({[&] { c.send(9); }, [&] { c.send(9); }});
  }
  SECTION("in a select") {
    leave_waiting({[&] { braid::select{braid::send(c, 9), braid::recv(other)}; }});
  }
  braid::run(probe, {.workers = 1});
  CHECK_FALSE(is_sent);
  CHECK_FALSE(is_received);
  CHECK(got == "23");
  leave_waiting({[&] { c.recv(); }});
  CHECK(braid::run([&] { c.close(); }, {.workers = 1}) == 0);
}

TEST_CASE("a mutex forgets those who waited for it when their program ended", "[runtime][G5]") {
  braid::mutex lock;
  const bool is_woken = GENERATE(false, true);
  braid::run(
      [&] {
        lock.lock();
        park([&] { lock.lock(); });
        park([&] { lock.lock(); });
        if (is_woken) lock.unlock();  // the first has not come yet when main returns
      },
      {.workers = 1});
  bool is_free = false;
  std::string order;
  braid::run(
      [&] {
        if (!is_woken) lock.unlock();
        is_free = lock.try_lock();
        braid::wait_group all;
        all.add(2);
        for (const char* name : {"first ", "second "}) {
          park([&, name] {
            lock.lock();
            order += name;
            lock.unlock();
            all.done();
          });
        }
        lock.unlock();
        all.wait();
      },
      {.workers = 1});
  CHECK(is_free);
  CHECK(order == "first second ");
}

TEST_CASE("a shared mutex forgets those who waited for it when their program ended",
          "[runtime][G5]") {
  braid::shared_mutex lock;
  braid::run(
      [&] {
        lock.lock();
        park([&] { lock.lock(); });
        park([&] { lock.lock_shared(); });
      },
      {.workers = 1});
  int readers = 0;
  bool is_free = true;
  braid::run(
      [&] {
        lock.unlock();
        readers += lock.try_lock_shared();
        readers += lock.try_lock_shared();
        park([&] { lock.lock(); });  // waits for the readers when the program ends
      },
      {.workers = 1});
  braid::run(
      [&] {
        lock.unlock_shared();
        lock.unlock_shared();
        is_free = lock.try_lock();
      },
      {.workers = 1});
  CHECK(readers == 2);
  CHECK_FALSE(is_free);  // the writer is next for ever, as a lock stays locked
}

TEST_CASE("a wait group and a cond forget those who waited when their program ended",
          "[runtime][G5]") {
  braid::wait_group group;
  braid::mutex lock;
  braid::cond changed;
  braid::run(
      [&] {
        group.add(1);
        park([&] { group.wait(); });
        for (int i = 0; i < 2; ++i) {
          park([&] {
            lock.lock();
            changed.wait(lock);
          });
        }
      },
      {.workers = 1});
  bool is_woken = false;
  braid::run(
      [&] {
        changed.notify_one();
        changed.notify_all();
        park([&] {
          lock.lock();
          changed.wait(lock);
          is_woken = true;
          group.done();
        });
        changed.notify_one();
        group.wait();
      },
      {.workers = 1});
  CHECK(is_woken);
}

TEST_CASE("a semaphore gives nothing to those who waited when their program ended",
          "[runtime][G5]") {
  braid::weighted_semaphore free(2);
  braid::run(
      [&] {
        free.acquire(1);
        park([&] { free.acquire(2); });
      },
      {.workers = 1});
  bool is_taken = false;
  braid::run(
      [&] {
        free.release(1);
        is_taken = free.try_acquire(2);
      },
      {.workers = 1});
  CHECK(is_taken);
}

}  // namespace
