// Fairness and stealing (rules G10, G11, R5), and the pool's parts by themselves.
#include <pthread.h>
#include <algorithm>
#include <atomic>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <vector>

#include "pool/run_queue.hpp"
#include "pool/timers.hpp"
#include "support/build.hpp"

namespace {

using braid::testing::scaled;

// Go's TestPingPongHog: the pair always has one of the two runnable.
TEST_CASE("a pair that wakes each other starves nobody", "[runtime][R5]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  bool ran = false;
  braid::run(
      [&] {
        auto ping = braid::make_chan<int>();
        auto pong = braid::make_chan<int>();
        auto done = braid::make_chan<int>();
        braid::go([=]() mutable {
          for (int v : ping) pong.send(v);
        });
        braid::go([=]() mutable {
          for (;;) {
            ping.send(1);
            pong.recv();
          }
        });
        for (int i = 0; i < 100; ++i) braid::this_goroutine::yield();
        braid::go([&ran, done]() mutable {
          for (int i = 0; i < 100; ++i) braid::this_goroutine::yield();
          ran = true;
          done.send(1);
        });
        done.recv();
      },
      {.workers = workers});
  CHECK(ran);
}

TEST_CASE("a goroutine that polls lets others run by yielding", "[runtime][G11]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  constexpr int others = 50;
  int seen = 0;
  braid::run(
      [&] {
        braid::atomic<int> ran = 0;
        for (int i = 0; i < others; ++i) braid::go([&] { ++ran; });
        while (ran.load() < others) braid::this_goroutine::yield();
        seen = ran.load();
      },
      {.workers = workers});
  CHECK(seen == others);
}

// Every worker polls, by operations that never switch; who ends that has yet to run.
TEST_CASE("loops that poll on all workers starve nobody", "[runtime][G10]") {
  const unsigned workers = GENERATE(1u, 2u);
  int ended = 0;
  const auto poll = [&](const auto& is_over, const auto& end) {
    braid::atomic<unsigned> polling = 1;
    braid::wait_group others;
    for (unsigned i = 1; i < workers; ++i) {
      others.go([&] {
        ++polling;
        while (!is_over()) continue;
      });
    }
    while (polling.load() < workers) braid::this_goroutine::yield();
    others.go(end);
    while (!is_over()) continue;
    others.wait();
    ++ended;
  };
  braid::run(
      [&] {
        braid::atomic<bool> flag = false;
        poll([&] { return flag.load(); }, [&] { flag.store(true); });
        auto gate = braid::make_chan<int>();
        poll(
            [&] {
              return braid::select{braid::recv(gate), braid::otherwise} == 0;
            },
            [&] { gate.close(); });
        braid::mutex lock;
        lock.lock();
        poll([&] { return lock.try_lock() && (lock.unlock(), true); }, [&] { lock.unlock(); });
        const auto due = std::make_shared<braid::atomic<bool>>();
        poll([&] { return due->load(); },
             [=] { braid::after_func(std::chrono::milliseconds(1), [=] { due->store(true); }); });
        // Woken, it is in the next slot, which is no thief's.
        auto wake = braid::make_chan<int>();
        flag.store(false);
        braid::go([&, wake] {
          wake.recv();
          flag.store(true);
        });
        braid::this_goroutine::yield();
        wake.send(1);
        while (!flag.load()) continue;
      },
      {.workers = workers});
  CHECK(ended == 4);
}

// While a turn is ended operations are watched, and a thread of the user's has none to end.
TEST_CASE("a thread of the user's works on while goroutines are made to take turns",
          "[runtime][G10]") {
  struct outsider {
    braid::atomic<bool> is_over = false;
    std::int64_t worked = 0;
    static void* work(void* of) {
      auto& self = *static_cast<outsider*>(of);
      while (!self.is_over.load()) ++self.worked;
      return nullptr;
    }
  };
  std::int64_t worked = 0;
  braid::run(
      [&] {
        constexpr int turns = 6;
        outsider other;
        pthread_t thread{};
        if (pthread_create(&thread, nullptr, outsider::work, &other) != 0)
          braid::fatal("no thread");
        braid::atomic<int> turn = 0;
        const auto take_turns = [&](int parity) {
          for (int next = parity; next < turns; next += 2) {
            while (turn.load() != next) continue;
            turn.store(next + 1);
          }
        };
        braid::wait_group rival;
        rival.go([&] { take_turns(1); });
        take_turns(0);
        rival.wait();
        other.is_over.store(true);
        pthread_join(thread, nullptr);
        worked = other.worked;
      },
      {.workers = 1});
  CHECK(worked > 0);
}

// More than a worker's queue holds, so that the global queue is used; half of them twice.
TEST_CASE("runnable goroutines that overflow a worker's queue all run", "[runtime][R5]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const int count = scaled(20'000);
  int sum = 0;
  braid::run(
      [&] {
        braid::atomic<int> ran = 0;
        braid::wait_group all;
        all.add(count);
        for (int i = 0; i < count; ++i) {
          braid::go([&, i] {
            if (i % 2 == 0) braid::this_goroutine::yield();
            ++ran;
            all.done();
          });
        }
        all.wait();
        sum = ran.load();
      },
      {.workers = workers});
  CHECK(sum == count);
}

// All must run at the same time: each waits, without any operation, for the others. The sleep lets
// the other workers fall asleep, so that each must be woken, by one that was woken before it.
TEST_CASE("as many goroutines run in parallel as there are workers", "[runtime][R2]") {
  const unsigned workers = GENERATE(2u, 4u, 8u);
  bool met = false;
  braid::run(
      [&] {
        braid::sleep_for(std::chrono::milliseconds(2));
        std::atomic<unsigned> here = 0;
        braid::wait_group all;
        all.add(static_cast<int>(workers));
        for (unsigned i = 0; i < workers; ++i) {
          braid::go([&] {
            ++here;
            while (here < workers) continue;
            all.done();
          });
        }
        all.wait();
        met = true;
      },
      {.workers = workers});
  CHECK(met);
}

// R5: what overflowed is seen to although the worker's own queue never becomes empty.
TEST_CASE("goroutines that always yield do not starve those in the global queue", "[runtime][R5]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  constexpr int count = 400;
  int seen = 0;
  braid::run(
      [&] {
        braid::atomic<int> started = 0;
        braid::wait_group all;
        all.add(count);
        for (int i = 0; i < count; ++i) {
          braid::go([&] {
            ++started;
            while (started.load() < count) braid::this_goroutine::yield();
            all.done();
          });
        }
        all.wait();
        seen = started.load();
      },
      {.workers = workers});
  CHECK(seen == count);
}

// The waker computes until the woken one has run, without any operation in which it could be left.
TEST_CASE("a goroutine that was woken need not wait for its waker to park", "[runtime][R5]") {
  const unsigned workers = GENERATE(2u, 4u, 8u);
  bool met = false;
  braid::run(
      [&] {
        std::atomic<bool> has_run = false;
        auto c = braid::make_chan<int>();
        braid::go([&has_run, c]() mutable {
          c.recv();
          has_run = true;
          c.recv();
        });
        braid::this_goroutine::yield();
        c.send(1);
        while (!has_run) continue;
        met = true;
      },
      {.workers = workers});
  CHECK(met);
}

class goroutines {
 public:
  explicit goroutines(int count) {
    for (int i = 0; i < count; ++i) all_.push_back(std::make_unique<braid::goroutine>());
  }
  braid::goroutine& operator[](std::size_t i) { return *all_[i]; }

 private:
  std::vector<std::unique_ptr<braid::goroutine>> all_;
};

TEST_CASE("a run queue is a FIFO of which thieves take the older half", "[runtime][R5]") {
  goroutines g(7);
  braid::run_queue queue;
  for (std::size_t i = 0; i < 7; ++i) REQUIRE(queue.push(g[i]));
  braid::run_queue::batch taken;
  REQUIRE(queue.take_half(taken) == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(taken[i] == &g[i]);
  for (std::size_t i = 4; i < 7; ++i) CHECK(queue.pop() == &g[i]);
  CHECK(queue.pop() == nullptr);
  CHECK_FALSE(queue.has_work());
}

TEST_CASE("a run queue refuses what it has no room for, and wraps around", "[runtime][R5]") {
  goroutines g(1);
  braid::run_queue queue;
  for (int round = 0; round < 3; ++round) {
    for (std::uint32_t i = 0; i < braid::run_queue::capacity; ++i) REQUIRE(queue.push(g[0]));
    CHECK_FALSE(queue.push(g[0]));
    for (std::uint32_t i = 0; i < braid::run_queue::capacity; ++i) REQUIRE(queue.pop() == &g[0]);
    REQUIRE(queue.push(g[0]));
    REQUIRE(queue.pop() == &g[0]);
  }
}

TEST_CASE("the next slot goes first, but not for ever", "[runtime][R5]") {
  goroutines g(3);
  braid::run_queue queue;
  REQUIRE(queue.push(g[0]));
  CHECK(queue.push_next(g[1]) == nullptr);
  CHECK(queue.push_next(g[2]) == &g[1]);
  std::uint32_t streak = 0;
  while (queue.pop() == &g[2]) {
    ++streak;
    CHECK(queue.push_next(g[2]) == nullptr);
    REQUIRE(streak <= braid::run_queue::streak_max);
  }
  CHECK(streak == braid::run_queue::streak_max);
}

TEST_CASE("the next slot is offered to thieves only if it has not moved", "[runtime][R5]") {
  goroutines g(2);
  braid::run_queue queue;
  CHECK(queue.next_stamp() == 0);
  REQUIRE(queue.push_next(g[0]) == nullptr);
  const std::uint64_t seen = queue.next_stamp();
  REQUIRE(queue.pop() == &g[0]);
  CHECK_FALSE(queue.offer_next_if(seen));
  REQUIRE(queue.push_next(g[1]) == nullptr);
  CHECK_FALSE(queue.offer_next_if(seen));
  CHECK_FALSE(queue.has_work());
  CHECK(queue.offer_next_if(queue.next_stamp()));
  CHECK(queue.has_work());
  CHECK(queue.next_stamp() == 0);
  CHECK(queue.pop() == &g[1]);
}

struct counting_timer : braid::alarm {
  std::vector<int>* order = nullptr;
  int id = 0;
};

// Against the obvious oracle, a stable sort by deadline; every third is disarmed.
TEST_CASE("timers fire in the order of their deadlines, disarmed ones never", "[runtime][T7]") {
  constexpr int count = 500;
  std::vector<int> fired;
  std::vector<int> dropped;
  std::vector<counting_timer> all(count);
  braid::timers armed;
  braid::run_clock clock(0);
  for (int i = 0; i < count; ++i) {
    counting_timer& t = all[static_cast<std::size_t>(i)];
    t.when = braid::time_point(braid::duration((i * 7919) % 101));
    t.order = &fired;
    t.id = i;
    t.fired = [](braid::alarm& one) {
      auto& self = static_cast<counting_timer&>(one);
      self.order->push_back(self.id);
    };
    armed.arm(t);
  }
  std::vector<int> expected;
  for (int i = 0; i < count; ++i) {
    if (i % 3 == 0) {
      CHECK(armed.disarm(all[static_cast<std::size_t>(i)]));
      CHECK_FALSE(armed.disarm(all[static_cast<std::size_t>(i)]));
    } else {
      expected.push_back(i);
    }
  }
  std::stable_sort(expected.begin(), expected.end(), [&](int a, int b) {
    return all[static_cast<std::size_t>(a)].when < all[static_cast<std::size_t>(b)].when;
  });
  CHECK(armed.earliest() == all[static_cast<std::size_t>(expected.front())].when);
  armed.fire_due(clock);
  CHECK(fired == expected);
  CHECK(armed.empty());
  CHECK(armed.next_deadline() == braid::timers::never);
}

TEST_CASE("timers that are not due stay armed until they are dropped", "[runtime][T7]") {
  int fired = 0;
  static int dropped;
  dropped = 0;
  braid::timers armed;
  braid::run_clock clock(1);
  counting_timer late;
  late.when = clock.now() + std::chrono::hours(1);
  late.fired = [](braid::alarm&) { std::abort(); };
  late.dropped = [](braid::alarm&) { ++dropped; };
  armed.arm(late);
  armed.fire_due(clock);
  CHECK(fired == 0);
  armed.drop_all();
  CHECK(dropped == 1);
  CHECK(armed.empty());
}

}  // namespace
