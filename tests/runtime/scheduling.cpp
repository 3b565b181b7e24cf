// Fairness and stealing (rules G10, G11, R5), and the pool's timers by themselves.
#include <pthread.h>
#include <algorithm>
#include <atomic>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <vector>

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

// Else the other would find the lock taken, wait for it, and from then on nobody would take it
// without waiting.
TEST_CASE("a turn does not end at an unlock", "[runtime][G10]") {
  constexpr int turns = 6;
  int refused = 0;
  int turn = 0;
  braid::run(
      [&] {
        braid::mutex lock;
        const auto take_turns = [&](int parity) {
          while (turn < turns) {
            if (turn % 2 != parity) ++turn;
            if (lock.try_lock()) {
              lock.unlock();
            } else {
              ++refused;
              braid::this_goroutine::yield();
            }
          }
        };
        braid::wait_group rival;
        rival.go([&] { take_turns(1); });
        take_turns(0);
        rival.wait();
      },
      {.workers = 1});
  CHECK(turn >= turns);
  CHECK(refused == 0);
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

// In a FIFO a whole level of the tree would have begun before the first had ended. As others get
// their turn now and then, a few branches are begun at a time.
TEST_CASE("a tree of goroutines is walked depth first", "[runtime][R5]") {
  constexpr int height = 12;
  int begun = 0;
  int most = 0;
  const auto walk = [&](const auto& self, int below) -> void {
    most = std::max(most, ++begun);
    if (below > 0) {
      braid::wait_group children;
      for (int i = 0; i < 2; ++i) children.go([&] { self(self, below - 1); });
      children.wait();
    }
    --begun;
  };
  braid::run([&] { walk(walk, height); }, {.workers = 1});
  CHECK(begun == 0);
  CHECK(most < 1 << (height - 3));
}

// Each spawns the next one, and there is another, older one, that waits to run.
TEST_CASE("goroutines that spawn and spawn starve nobody", "[runtime][R5]") {
  const bool has_run_before = GENERATE(false, true);
  constexpr int spawned_max = 10'000;
  int spawned = 0;
  bool has_run = false;
  braid::run(
      [&] {
        braid::wait_group all;
        const auto spawn_next = [&](const auto& self) -> void {
          if (!has_run && ++spawned < spawned_max) all.go([&] { self(self); });
        };
        all.go([&] {
          if (has_run_before) {
            all.go([&] { spawn_next(spawn_next); });
            braid::this_goroutine::yield();
          }
          has_run = true;
        });
        if (!has_run_before) all.go([&] { spawn_next(spawn_next); });
        all.wait();
      },
      {.workers = 1});
  CHECK(has_run);
  CHECK(spawned < spawned_max);
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
