// Timers and tickers under the checker (rules T1-T17), with exact outcome sets.
//
// Oracle: Go's rules, and the two timer modes as in time_test.cpp. What dpor finds is compared with
// what dfs finds, which looks at every interleaving.
#include <braid/braid.hpp>
#include <string>

#include "support/exploring.hpp"

namespace {

using namespace std::chrono_literals;
using braid::timer_mode;
using braid::testing::all_outcomes;
using braid::testing::explore_all;
using braid::testing::only_output;
using braid::testing::outcomes;
using braid::testing::outcomes_of;

bool has_value(braid::chan<braid::time_point> c) {
  return braid::select{braid::recv(c), braid::otherwise} == 0;
}

TEST_CASE("a timer fires when its time has come, and sends that", "[checker][T8]") {
  CHECK(only_output([] {
          const auto start = braid::clock::now();
          braid::timer t(1s);
          braid::sleep_for(5s);
          braid::print(t.c.recv().value - start == 1s, " ");
          braid::print(has_value(t.c));
        }) == "true false");
}

TEST_CASE("sleep_until wakes at the time given, or at once", "[checker][T1]") {
  CHECK(only_output([] {
          const auto start = braid::clock::now();
          braid::sleep_until(start + 3s);
          braid::print((braid::clock::now() - start) / 1s, " ");
          braid::sleep_until(start);
          braid::print((braid::clock::now() - start) / 1s);
        }) == "3 3");
}

TEST_CASE("a timer's channel looks unbuffered", "[checker][T2]") {
  CHECK(only_output([] {
          braid::timer t(1s);
          braid::sleep_for(2s);
          braid::print(t.c.size(), " ", t.c.capacity());
        }) == "0 0");
}

TEST_CASE("a stopped timer sends nothing", "[checker][T3]") {
  const auto program = [] {
    braid::timer t(1s);
    const bool was_running = t.stop();
    braid::print(was_running, " ", t.stop());
    braid::print(" ", has_value(t.c));
    braid::sleep_for(5s);
    braid::print(" ", has_value(t.c));
  };
  CHECK(all_outcomes(program) == outcomes{"true false false false"});
  CHECK(all_outcomes(program, timer_mode::free) == outcomes{"true false false false"});
}

TEST_CASE("stop takes back what was not received", "[checker][T3]") {
  CHECK(only_output([] {
          braid::timer t(1s);
          braid::sleep_for(5s);
          braid::print(t.stop(), " ");
          braid::print(has_value(t.c));
        }) == "true false");
}

TEST_CASE("reset takes back what was not received, and sends the new time", "[checker][T4]") {
  CHECK(only_output([] {
          const auto start = braid::clock::now();
          braid::timer t(1s);
          braid::sleep_for(5s);
          braid::print(t.reset(2s), " ");
          braid::print(has_value(t.c), " ");
          braid::print((t.c.recv().value - start) / 1s, " ");
          braid::print(t.reset(1s));
        }) == "true false 7 false");
}

TEST_CASE("a goroutine that waits for a timer gets its value, or the timer is stopped",
          "[checker][T3]") {
  const auto program = [] {
    braid::timer t(1s);
    braid::go([t]() mutable {
      t.c.recv();
      braid::print("got ");
    });
    braid::sleep_for(1s);
    braid::print(t.stop(), " ");
    braid::sleep_for(1s);
  };
  CHECK(all_outcomes(program) == outcomes{"got false ", "false got ", {"true ", "leak"}});
}

TEST_CASE("after_func runs its function in a goroutine of its own", "[checker][T5]") {
  const auto program = [] {
    braid::after_func(1s, [] { braid::print("f"); });
    braid::sleep_for(1s);
    braid::print("m");
  };
  CHECK(all_outcomes(program) == outcomes{"fm", "mf", "m"});
}

TEST_CASE("stop prevents the call, or comes too late and does not wait", "[checker][T5]") {
  const auto program = [] {
    auto t = braid::after_func(1s, [] { braid::print("f"); });
    braid::sleep_for(1s);
    braid::print(t.stop());
    braid::sleep_for(1s);
  };
  CHECK(all_outcomes(program) == outcomes{"true", "ffalse", "falsef"});
}

TEST_CASE("reset may run the function beside its previous run", "[checker][T5]") {
  CHECK(only_output([] {
          braid::atomic<int> running = 0;
          braid::wait_group both;
          both.add(2);
          auto t = braid::after_func(1s, [&] {
            braid::print(running.fetch_add(1));
            braid::sleep_for(2s);
            running.fetch_sub(1);
            both.done();
          });
          braid::sleep_for(2s);
          t.reset(0s);
          both.wait();
        }) == "01");
}

TEST_CASE("the goroutine of a timer is a child of whoever set it", "[checker][T5]") {
  CHECK(only_output([] {
          auto done = braid::make_chan<int>();
          auto t = braid::after_func(1s, [done]() mutable { done.send(1); });
          done.recv();
          braid::print(t.reset(1s));
          done.recv();
        }) == "false");
}

TEST_CASE("timers that are forgotten are neither leaks nor waits", "[checker][T6]") {
  CHECK(only_output([] {
          braid::timer one(1h);
          braid::ticker two(1h);
          braid::tick(1s);
          auto three = braid::after_func(1h, [] {});
          three.stop();
        }).empty());
  CHECK(all_outcomes([] {
          braid::ticker forgotten(1s);
          braid::make_chan<int>().recv();
        }) == outcomes{{"", "deadlock"}});
}

TEST_CASE("timers fire in order, and equal ones in any order", "[checker][T7]") {
  const auto program = [](braid::duration first, braid::duration second) {
    return [=] {
      braid::after_func(first, [] { braid::print("1"); });
      braid::after_func(second, [] { braid::print("2"); });
      braid::sleep_for(5s);
    };
  };
  CHECK(all_outcomes(program(1s, 2s)) == outcomes{"12"});
  CHECK(all_outcomes(program(2s, 1s)) == outcomes{"21"});
  CHECK(all_outcomes(program(1s, 1s)) == outcomes{"12", "21"});
}

TEST_CASE(
    "in virtual time a ticker sends multiples of its interval, and a slow receiver loses some",
    "[checker][T9]") {
  CHECK(only_output([] {
          const auto start = braid::clock::now();
          braid::ticker every(10s);
          braid::print((every.c.recv().value - start) / 1s, " ");
          braid::sleep_for(35s);
          braid::print((every.c.recv().value - start) / 1s, " ");
          braid::print((every.c.recv().value - start) / 1s);
        }) == "10 20 50");
}

TEST_CASE("a ticker ticks for who receives while others sleep", "[checker][T9]") {
  CHECK(only_output([] {
          braid::ticker every(2s);
          braid::chan<braid::time_point> end = braid::after(5s);
          for (bool goes_on = true; goes_on;) {
            braid::select{braid::on_recv(every.c, [] { braid::print("t"); }),
                          braid::on_recv(end, [&] { goes_on = false; })};
          }
        }) == "tt");
}

TEST_CASE("the interval of a ticker is positive", "[checker][T9][T10]") {
  CHECK(only_output([] {
          CHECK_THROWS_WITH(braid::ticker(0s), "non-positive interval for NewTicker");
          braid::ticker k(1h);
          CHECK_THROWS_WITH(k.reset(-1s), "non-positive interval for Ticker.Reset");
          braid::print(braid::tick(0s) == nullptr);
        }) == "true");
}

TEST_CASE("under the checker a function's timer that nobody started panics", "[checker][T11]") {
  CHECK(only_output([] {
          braid::func_timer t;
          CHECK_THROWS_WITH(t.stop(), "time: Stop called on uninitialized Timer");
          CHECK_THROWS_WITH(t.reset(1s), "time: Reset called on uninitialized Timer");
        }) == "");
}

TEST_CASE("in virtual time a stopped ticker sends nothing and is not closed, and starts again",
          "[checker][T10]") {
  CHECK(
      only_output([] {
        const auto start = braid::clock::now();
        braid::ticker every(1s);
        braid::sleep_for(5s);
        every.stop();
        braid::print(int{braid::select{braid::recv(every.c), braid::recv(braid::after(5s))}}, " ");
        every.reset(7s);
        braid::print((every.c.recv().value - start) / 1s);
      }) == "1 17");
}

TEST_CASE("a huge duration is later than everything else", "[checker][T12]") {
  CHECK(only_output([] {
          braid::timer t(braid::duration::max());
          braid::ticker k(braid::duration::max());
          t.reset(braid::duration::max());
          braid::print(int{braid::select{braid::recv(t.c), braid::recv(k.c),
                                         braid::recv(braid::after(10000h))}});
        }) == "2");
}

// Two goroutines reset and stop one timer: at most one value comes.
TEST_CASE("resets and stops at the same time leave the timer set or stopped", "[checker][T13]") {
  const auto program = [] {
    braid::timer t(1h);
    braid::wait_group both;
    both.add(2);
    braid::go([&] {
      t.reset(1s);
      both.done();
    });
    braid::go([&] {
      t.stop();
      both.done();
    });
    both.wait();
    braid::sleep_for(2s);
    braid::print(has_value(t.c));
    braid::print(has_value(t.c));
  };
  CHECK(all_outcomes(program) == outcomes{"truefalse", "falsefalse"});
}

TEST_CASE("a timer of no time fires, and moves with its reset", "[checker][T14]") {
  CHECK(only_output([] {
          const auto start = braid::clock::now();
          braid::timer t(0s);
          braid::print((t.c.recv().value - start) / 1s);
          t.reset(-1s);
          braid::print((t.c.recv().value - start) / 1s);
          t.reset(1h);
          t.reset(1s);
          braid::print((t.c.recv().value - start) / 1s);
          t.reset(1s);
          t.reset(1h);
          braid::print(" ", (t.c.recv().value - start) / 1s);
        }) == "001 3601");
}

TEST_CASE("with free timers one fires although others are runnable", "[checker][T15]") {
  const auto r = braid::explore({"test",
                                 [] {
                                   // Outlives main, as the function may.
                                   const auto called = std::make_shared<bool>(false);
                                   braid::after_func(1s, [called] { *called = true; });
                                   for (int i = 0; i < 3; ++i) braid::this_goroutine::yield();
                                   braid::print(*called);
                                 }},
                                {.strategy = "dfs", .timers = timer_mode::free});
  CHECK(r.complete);
  CHECK(outcomes_of(r) == outcomes{"true", "false"});
}

TEST_CASE("the clock is the time of the last timer that fired", "[checker][T16]") {
  CHECK(only_output([] {
          const auto start = braid::clock::now();
          braid::timer t(1s);
          t.stop();
          braid::timer(2s).c.recv();
          braid::print((braid::clock::now() - start) / 1s);
        }) == "2");
}

TEST_CASE("a function that a timer calls sees what was written before it was set",
          "[checker][T17]") {
  const auto program = [] {
    braid::var<int> v = 1;
    auto done = braid::make_chan<int>();
    auto t = braid::after_func(1h, [&] {
      braid::print(v.read());
      done.send(1);
    });
    t.stop();
    v.write(2);
    t.reset(1s);
    done.recv();
  };
  CHECK(only_output(program) == "2");
}

}  // namespace
