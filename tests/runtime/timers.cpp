// Timers and tickers (rules T1-T17) on the pool. Nothing here depends on how long things take: with
// time scale 0 a timer goes off as soon as a worker looks, with scale 1 an hour never passes.
#include <atomic>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "support/pools.hpp"

namespace {

using namespace std::chrono_literals;
using braid::testing::on_pools;

bool has_value(braid::chan<braid::time_point> c) {
  return braid::select{braid::recv(c), braid::otherwise} == 0;
}

TEST_CASE("a timer sends the time of its expiry, once", "[runtime][T8]") {
  bool in_time = false;
  bool again = true;
  on_pools(0, [&] {
    const auto start = braid::clock::now();
    braid::timer t(5s);
    const auto expiry = t.c.recv().value;
    in_time = expiry >= start + 5s && expiry <= braid::clock::now();
    again = has_value(t.c);
  });
  CHECK(in_time);
  CHECK_FALSE(again);
}

TEST_CASE("sleep_until returns when the clock has come there", "[runtime][T1]") {
  bool reached = false;
  on_pools(0, [&] {
    const auto then = braid::clock::now() + 24h;
    braid::sleep_until(then);
    reached = braid::clock::now() >= then;
    braid::sleep_until(then - 48h);
  });
  CHECK(reached);
}

TEST_CASE("the channel of a timer has neither size nor capacity", "[runtime][T2]") {
  std::vector<std::size_t> sizes;
  on_pools(0, [&] {
    sizes.clear();
    braid::timer t(1s);
    braid::ticker k(1s);
    braid::sleep_for(5s);  // both have gone off
    for (auto& c : {t.c, k.c, braid::after(1s), braid::tick(1s)}) {
      sizes.push_back(c.size());
      sizes.push_back(c.capacity());
    }
  });
  CHECK(sizes == std::vector<std::size_t>(8, 0));
}

TEST_CASE("a stopped timer sends nothing, whether it had gone off or not", "[runtime][T3]") {
  bool was_running = false;
  bool is_stale = true;
  bool is_stopped_twice = true;
  const double time_scale = GENERATE(0.0, 1.0);
  on_pools(time_scale, [&] {
    braid::timer t(1h);
    if (time_scale == 0) braid::sleep_for(2h);  // its value is pending
    was_running = t.stop();
    is_stale = has_value(t.c);
    is_stopped_twice = t.stop();
  });
  CHECK(was_running);
  CHECK_FALSE(is_stale);
  CHECK_FALSE(is_stopped_twice);
}

TEST_CASE("stop tells whether the value was received", "[runtime][T3]") {
  bool was_running = true;
  on_pools(0, [&] {
    braid::timer t(1s);
    t.c.recv();
    was_running = t.stop();
  });
  CHECK_FALSE(was_running);
}

TEST_CASE("a timer that was reset sends the new time only", "[runtime][T4]") {
  bool was_running = false;
  bool was_running_later = true;
  bool is_new = false;
  on_pools(0, [&] {
    braid::timer t(1s);
    braid::sleep_for(2s);
    const auto start = braid::clock::now();
    was_running = t.reset(1h);
    is_new = t.c.recv().value >= start + 1h;
    was_running_later = t.reset(1h);
  });
  CHECK(was_running);
  CHECK(is_new);
  CHECK_FALSE(was_running_later);
}

TEST_CASE("after_func starts a goroutine, again after each reset", "[runtime][T5]") {
  std::atomic<int> calls = 0;
  bool was_running = true;
  on_pools(0, [&] {
    calls = 0;
    auto done = braid::make_chan<int>();
    auto owned = std::make_unique<int>(1);  // a function need not be copyable
    auto t = braid::after_func(1s, [&, done, owned = std::move(owned)]() mutable {
      calls.fetch_add(*owned);
      done.send(1);
    });
    done.recv();
    was_running = t.reset(1s);
    done.recv();
  });
  CHECK(calls == 2);
  CHECK_FALSE(was_running);
}

TEST_CASE("stop prevents the call, and says so", "[runtime][T5]") {
  std::atomic<int> calls = 0;
  bool was_running = false;
  bool is_stopped_twice = true;
  on_pools(1, [&] {
    auto t = braid::after_func(1h, [&] { calls.fetch_add(1); });
    was_running = t.stop();
    is_stopped_twice = t.stop();
  });
  CHECK(was_running);
  CHECK_FALSE(is_stopped_twice);
  CHECK(calls == 0);
}

TEST_CASE("stop does not wait for the function", "[runtime][T5]") {
  bool was_running = true;
  on_pools(0, [&] {
    auto begun = braid::make_chan<int>();
    auto let_go = braid::make_chan<int>();
    auto t = braid::after_func(1s, [&] {
      begun.send(1);
      let_go.recv();
      begun.send(2);
    });
    begun.recv();
    was_running = t.stop();
    let_go.send(1);
    begun.recv();
  });
  CHECK_FALSE(was_running);
}

// The function owns a counter of the copies that live.
TEST_CASE("nothing of a timer is left when its program has ended", "[runtime][T6]") {
  const auto alive = std::make_shared<int>();
  const double time_scale = GENERATE(0.0, 1.0);
  on_pools(time_scale, [&] {
    braid::after_func(1h, [alive] {});
    auto stopped = braid::after_func(1h, [alive] {});
    stopped.stop();
    stopped.reset(2h);
    braid::timer running(1h);
    braid::ticker ticking(1h);
    for (int i = 0; i < 100; ++i) braid::after(1h);  // freed at once
    braid::this_goroutine::yield();
  });
  CHECK(alive.use_count() == 1);
}

// With one worker nobody fires a timer before main waits, and goroutines start in the order of
// firing.
TEST_CASE("timers fire in the order of their deadlines, also if these are moved",
          "[runtime][T7][T14]") {
  std::vector<int> order;
  braid::run(
      [&] {
        auto all = braid::make_chan<int>(4);
        const auto note = [&](int i) {
          return [&order, all, i]() mutable {
            order.push_back(i);
            all.send(i);
          };
        };
        auto first = braid::after_func(1h, note(1));
        auto second = braid::after_func(20h, note(2));
        auto third = braid::after_func(10h, note(3));
        auto fourth = braid::after_func(2h, note(4));
        first.reset(30h);
        second.reset(5h);
        fourth.stop();
        for (int i = 0; i < 3; ++i) all.recv();
      },
      {.workers = 1, .time_scale = 0});
  CHECK(order == std::vector<int>{2, 3, 1});
}

TEST_CASE("a ticker sends multiples of its interval, and a slow receiver loses some",
          "[runtime][T9]") {
  bool is_first_kept = false;
  bool is_next_later = false;
  bool are_multiples = true;
  on_pools(0, [&] {
    const auto start = braid::clock::now();
    braid::ticker every(10s);
    braid::sleep_for(95s);
    const auto woken = braid::clock::now();
    const auto first = every.c.recv().value;
    const auto second = every.c.recv().value;
    is_first_kept = first >= start + 10s && first < woken;
    is_next_later = second >= start + 95s;
    are_multiples = are_multiples && (second - first) % 10s == 0s;
    are_multiples = are_multiples && (every.c.recv().value - second) % 10s == 0s;
  });
  CHECK(is_first_kept);
  CHECK(is_next_later);
  CHECK(are_multiples);
}

TEST_CASE("an interval that is not positive panics", "[runtime][T9][T10]") {
  const auto interval = GENERATE(as<braid::duration>(), 0s, -1s);
  on_pools(1, [&] {
    CHECK_THROWS_WITH(braid::ticker(interval), "non-positive interval for NewTicker");
    braid::ticker k(1h);
    CHECK_THROWS_WITH(k.reset(interval), "non-positive interval for Ticker.Reset");
    CHECK_FALSE(braid::tick(interval));
  });
}

TEST_CASE("a function's timer that nobody started panics", "[runtime][T11]") {
  on_pools(1, [&] {
    braid::func_timer t;
    CHECK_THROWS_WITH(t.stop(), "time: Stop called on uninitialized Timer");
    CHECK_THROWS_WITH(t.reset(1s), "time: Reset called on uninitialized Timer");
  });
}

TEST_CASE("a stopped ticker sends nothing and is not closed; reset starts it again",
          "[runtime][T10]") {
  int after_stop = -1;
  bool is_new = false;
  on_pools(0, [&] {
    braid::ticker every(1s);
    every.c.recv();
    braid::sleep_for(5s);
    every.stop();
    after_stop = braid::select{braid::recv(every.c), braid::recv(braid::after(1h))};
    const auto start = braid::clock::now();
    every.reset(1min);
    is_new = every.c.recv().value >= start + 1min;
  });
  CHECK(after_stop == 1);
  CHECK(is_new);
}

TEST_CASE("tick gives the channel of a ticker", "[runtime][T10]") {
  bool is_later = false;
  on_pools(0, [&] {
    auto c = braid::tick(1s);
    const auto first = c.recv().value;
    is_later = c.recv().value >= first + 1s;
  });
  CHECK(is_later);
}

TEST_CASE("a huge duration never fires early", "[runtime][T12]") {
  int fired = -1;
  on_pools(1, [&] {
    braid::timer one(braid::duration::max());
    braid::ticker two(braid::duration::max());
    one.reset(braid::duration::max());
    auto three = braid::after_func(braid::duration::max(), [] { braid::panic("early"); });
    three.reset(braid::duration::max());
    braid::sleep_for(1ms);
    fired = braid::select{braid::recv(one.c), braid::recv(two.c), braid::otherwise};
  });
  CHECK(fired == 2);
}

// Some timers fire while they are stopped and reset. What is received is counted: no more than once
// for each time that a timer was set.
TEST_CASE("timers can be stopped and reset by many goroutines at a time", "[runtime][T13]") {
  constexpr int goroutines = 8;
  constexpr int rounds = 200;
  std::atomic<int> started = 0;
  std::atomic<int> received = 0;
  const double time_scale = GENERATE(0.0, 1.0);
  on_pools(time_scale, [&] {
    started = received = 0;
    braid::timer t(1us);
    braid::ticker k(1us);
    auto f = braid::after_func(1us, [&] { started.fetch_add(1); });
    braid::wait_group all;
    all.add(goroutines);
    for (int g = 0; g < goroutines; ++g) {
      braid::go([&, g] {
        for (int i = 0; i < rounds; ++i) {
          switch ((g + i) % 4) {
            case 0:
              t.reset(1us * (i % 3));
              f.reset(1us * (i % 3));
              break;
            case 1:
              t.stop();
              f.stop();
              k.reset(1us);
              break;
            default:
              if (has_value(t.c)) received.fetch_add(1);
              has_value(k.c);
          }
          braid::this_goroutine::yield();
        }
        all.done();
      });
    }
    all.wait();
  });
  CHECK(started <= goroutines * rounds / 4 + 1);
  CHECK(received <= goroutines * rounds / 4 + 1);
}

TEST_CASE("a stopped timer never fires", "[runtime][T13]") {
  std::atomic<int> fired = 0;
  on_pools(1, [&] {
    for (int i = 0; i < 100; ++i) {
      braid::go([&] {
        auto t = braid::after_func(1h, [&] { fired.fetch_add(1); });
        braid::this_goroutine::yield();
        if (!t.stop()) fired.fetch_add(1);
      });
    }
    braid::sleep_for(1ms);
  });
  CHECK(fired == 0);
}

TEST_CASE("a timer of no time is not missed", "[runtime][T14]") {
  int fired = 0;
  on_pools(1, [&] {
    fired = 0;
    for (int i = 0; i < 100; ++i) {
      braid::timer t(i % 2 == 0 ? 0s : -1h);
      t.c.recv();
      t.reset(0s);
      t.c.recv();
      ++fired;
    }
  });
  CHECK(fired == 100);
}

// T15. Two goroutines play ping-pong for ever; the program ends only if the timer fires.
TEST_CASE("after_func is called while others are always runnable", "[runtime][T15]") {
  bool called = false;
  on_pools(1, [&] {
    auto ping = braid::make_chan<int>();
    auto done = braid::make_chan<int>();
    braid::go([=]() mutable {
      for (int v : ping) (void)v;
    });
    braid::go([=]() mutable {
      for (;;) ping.send(1);
    });
    braid::after_func(1ms, [=]() mutable { done.send(1); });
    called = done.recv().more;
  });
  CHECK(called);
}

TEST_CASE("the clock does not go back", "[runtime][T16]") {
  static_assert(braid::clock::is_steady);
  bool is_steady = true;
  on_pools(0, [&] {
    auto last = braid::clock::now();
    for (int i = 0; i < 100; ++i) {
      braid::sleep_for(1s);
      const auto now = braid::clock::now();
      is_steady = is_steady && now >= last + 1s;
      last = now;
    }
  });
  CHECK(is_steady);
}

// Plain variables: ThreadSanitizer judges.
TEST_CASE("what comes before the setting of a timer comes before its firing", "[runtime][T17]") {
  int sum = 0;
  on_pools(0, [&] {
    sum = 0;
    auto done = braid::make_chan<int>();
    int before = 1;
    auto f = braid::after_func(1s, [&] {
      sum += before;
      done.send(1);
    });
    done.recv();
    before = 10;
    f.reset(1s);
    done.recv();
    braid::timer t(1h);
    t.stop();
    auto handed = braid::make_chan<int>();
    braid::go([&] {
      t.c.recv();
      sum += before;
      handed.send(1);
    });
    before = 100;
    t.reset(1s);
    handed.recv();
  });
  CHECK(sum == 111);
}

}  // namespace
