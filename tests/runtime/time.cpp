// Sleeping and timers (rules T1, T6-T8, T15) on the pool. Nothing here depends on how long things
// take: only on orders, and on a sleep not being too short.
#include <algorithm>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <vector>

#include "support/build.hpp"

namespace {

using namespace std::chrono_literals;

TEST_CASE("a sleep lasts at least as long as it says", "[runtime][T1]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const double time_scale = GENERATE(1.0, 0.1, 0.0);
  bool long_enough = false;
  braid::run(
      [&] {
        const auto start = braid::clock::now();
        braid::sleep_for(3ms);
        long_enough = braid::clock::now() - start >= 3ms;
      },
      {.workers = workers, .time_scale = time_scale});
  CHECK(long_enough);
}

TEST_CASE("a sleep of nothing returns at once", "[runtime][T1]") {
  bool returned = false;
  braid::run([&] {
    braid::sleep_for(0ns);
    braid::sleep_for(-1h);
    returned = true;
  });
  CHECK(returned);
}

// With one worker the order of waking is that of firing, and nobody's timer can fire between its
// arming and the receive that waits for it. What is received is the deadline. They are close to
// each other, so that several fire in one round.
TEST_CASE("timers fire in the order of their deadlines", "[runtime][T7]") {
  const double time_scale = GENERATE(1.0, 0.0);
  constexpr int sleepers = 50;
  std::vector<braid::time_point> deadlines;
  braid::run(
      [&] {
        braid::wait_group all;
        all.add(sleepers);
        for (int i = 0; i < sleepers; ++i) {
          braid::go([&, i] {
            deadlines.push_back(braid::after(10us * ((i * 37) % sleepers)).recv().value);
            all.done();
          });
        }
        all.wait();
      },
      {.workers = 1, .time_scale = time_scale});
  CHECK(deadlines.size() == sleepers);
  CHECK(std::is_sorted(deadlines.begin(), deadlines.end()));
}

TEST_CASE("sleepers on any number of workers all wake, none too early", "[runtime][T1]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  constexpr int sleepers = 100;
  braid::atomic<int> woken = 0;
  int too_early = 0;
  braid::run(
      [&] {
        braid::wait_group all;
        braid::mutex lock;
        all.add(sleepers);
        for (int i = 0; i < sleepers; ++i) {
          braid::go([&, i] {
            const auto start = braid::clock::now();
            const auto length = 100us * (i % 10);
            braid::sleep_for(length);
            const std::lock_guard held(lock);
            too_early += braid::clock::now() - start < length;
            woken = woken + 1;
            all.done();
          });
        }
        all.wait();
      },
      {.workers = workers});
  CHECK(too_early == 0);
}

// T8: what arrives is the deadline, not the time of the receive.
TEST_CASE("after delivers the time of expiry, once", "[runtime][T6][T8]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  bool in_time = false;
  bool again = true;
  braid::run(
      [&] {
        const auto start = braid::clock::now();
        auto alarm = braid::after(1ms);
        const auto expiry = alarm.recv().value;
        in_time = expiry >= start + 1ms && expiry <= braid::clock::now();
        again = braid::select{braid::recv(alarm), braid::otherwise} == 0;
      },
      {.workers = workers});
  CHECK(in_time);
  CHECK_FALSE(again);
}

TEST_CASE("a select gives up after its timeout", "[runtime][S15]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  int chosen = -1;
  braid::run(
      [&] {
        auto never = braid::make_chan<int>();
        chosen = braid::select{braid::recv(never), braid::recv(braid::after(1ms))};
      },
      {.workers = workers});
  CHECK(chosen == 1);
}

// T15. The hogs yield for ever; the program ends only if the timer fires nevertheless.
TEST_CASE("timers fire while goroutines are always runnable", "[runtime][T15]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  bool slept = false;
  braid::run(
      [&] {
        for (int i = 0; i < 20; ++i) {
          braid::go([] {
            for (;;) braid::this_goroutine::yield();
          });
        }
        auto ping = braid::make_chan<int>();
        auto pong = braid::make_chan<int>();
        braid::go([=]() mutable {
          for (int v : ping) pong.send(v);
        });
        braid::go([=]() mutable {
          for (;;) {
            ping.send(1);
            pong.recv();
          }
        });
        braid::sleep_for(1ms);
        slept = true;
      },
      {.workers = workers});
  CHECK(slept);
}

TEST_CASE("a scaled second is a second to the program, and takes no time at scale 0", "[runtime]") {
  bool passed = false;
  braid::run(
      [&] {
        const auto start = braid::clock::now();
        braid::sleep_for(24h);
        passed = braid::clock::now() - start >= 24h;
      },
      {.workers = 2, .time_scale = 0});
  CHECK(passed);
}

TEST_CASE("a sleep for ever does not overflow into the past", "[runtime][T12]") {
  bool woke = false;
  braid::run(
      [&] {
        braid::go([&] {
          braid::sleep_for(braid::duration::max());
          woke = true;
        });
        braid::sleep_for(1ms);
      },
      {.workers = 2});
  CHECK_FALSE(woke);
}

}  // namespace
