// Virtual time: when timers fire, and in which order.
//
// Oracle: rules T1-T16 and the two timer modes. Ordered: the clock moves only when all goroutines
// wait, so that different deadlines fire in their order; equal ones fire in any order, and a timer
// that is due may be late. Free: the clock may move at any step, as on a machine that stalls.
#include <braid/braid.hpp>
#include <string>

#include "support/exploring.hpp"

namespace {

using namespace std::chrono_literals;
using braid::timer_mode;
using braid::testing::all_outcomes;
using braid::testing::explore_all;
using braid::testing::is_subset;
using braid::testing::only_output;
using braid::testing::outcomes;
using braid::testing::outcomes_of;

// Two goroutines that sleep and then print; main waits for both.
auto sleepers(braid::duration first, braid::duration second) {
  return [=] {
    braid::wait_group both;
    both.add(2);
    braid::go([&] {
      braid::sleep_for(first);
      braid::print("1");
      both.done();
    });
    braid::go([&] {
      braid::sleep_for(second);
      braid::print("2");
      both.done();
    });
    both.wait();
  };
}

TEST_CASE("with ordered timers the shorter sleep ends first", "[checker][T7]") {
  CHECK(all_outcomes(sleepers(1s, 2s)) == outcomes{"12"});
  CHECK(all_outcomes(sleepers(2s, 1s)) == outcomes{"21"});
}

TEST_CASE("equal deadlines end in both orders", "[checker][T7][Y7]") {
  CHECK(all_outcomes(sleepers(1s, 1s)) == outcomes{"12", "21"});
}

TEST_CASE("with free timers a longer sleep may end first", "[checker]") {
  CHECK(all_outcomes(sleepers(1s, 2s), timer_mode::free) == outcomes{"12", "21"});
}

TEST_CASE("a timer that is due may fire late", "[checker]") {
  CHECK(all_outcomes([] {
          braid::wait_group both;
          both.add(2);
          braid::go([&] {
            braid::sleep_for(1s);
            braid::print("a");
            braid::print("b");
            both.done();
          });
          braid::go([&] {
            braid::sleep_for(1s);
            braid::print("-");
            both.done();
          });
          both.wait();
        }) == outcomes{"ab-", "a-b", "-ab"});
}

TEST_CASE("a sleeping main lets the others finish only if the clock is ordered", "[checker]") {
  const auto program = [] {
    braid::go([] { braid::print("x"); });
    braid::sleep_for(1s);
  };
  CHECK(all_outcomes(program) == outcomes{"x"});
  CHECK(all_outcomes(program, timer_mode::free) == outcomes{"", "x"});
}

TEST_CASE("the clock moves by what was slept, and by nothing else", "[checker][Y2]") {
  CHECK(only_output([] {
          const auto start = braid::clock::now();
          for (int i = 0; i < 100; ++i) braid::this_goroutine::yield();
          braid::print(braid::clock::now() == start, " ");
          braid::sleep_for(90min);
          braid::print(braid::clock::now() - start == 90min);
        }) == "true true");
}

TEST_CASE("a sleep of no time or less returns at once", "[checker][T1]") {
  const auto time = GENERATE(as<braid::duration>(), 0s, -1h);
  const auto r = explore_all([=] {
    const auto start = braid::clock::now();
    braid::sleep_for(time);
    braid::print(braid::clock::now() == start);
  });
  CHECK(outcomes_of(r) == outcomes{"true"});
  CHECK(r.steps == 5);  // now, sleep, now, print, return: no timer fires
}

TEST_CASE("after sends the time of its expiry, whenever that is received", "[checker][T6][T8]") {
  CHECK(only_output([] {
          const auto start = braid::clock::now();
          auto alarm = braid::after(1s);
          braid::sleep_for(5s);
          braid::print(alarm.recv().value - start == 1s, " ");
          braid::print(braid::clock::now() - start == 5s);
        }) == "true true");
}

TEST_CASE("a timer of no time or less fires, but not before it was asked for", "[checker][T14]") {
  CHECK(only_output([] {
          const auto start = braid::clock::now();
          braid::print(braid::after(-1h).recv().value == start);
        }) == "true");
}

TEST_CASE("a huge duration is late, never early", "[checker][T12]") {
  CHECK(all_outcomes(sleepers(braid::duration::max(), 1h)) == outcomes{"21"});
}

TEST_CASE("two timers with one deadline are both ready for a select", "[checker][S15][Y7]") {
  CHECK(all_outcomes([] {
          auto first = braid::after(1s);
          auto second = braid::after(1s);
          braid::print(int{braid::select{braid::recv(first), braid::recv(second)}});
        }) == outcomes{"0", "1"});
}

TEST_CASE("with ordered timers the earlier of two timeouts wins", "[checker][S15][T7]") {
  const auto program = [] {
    auto late = braid::after(2s);
    auto early = braid::after(1s);
    braid::print(int{braid::select{braid::recv(late), braid::recv(early)}});
  };
  CHECK(all_outcomes(program) == outcomes{"1"});
  CHECK(all_outcomes(program, timer_mode::free) == outcomes{"0", "1"});
}

TEST_CASE("a timer that nobody waits for any more is neither a leak nor a wait", "[checker][T6]") {
  CHECK(only_output([] { braid::after(1h); }).empty());
}

TEST_CASE("waiting for a timer is no deadlock, waiting behind it is", "[checker][D4]") {
  CHECK(only_output([] { braid::after(1h).recv(); }).empty());
  CHECK(all_outcomes([] {
          auto alarm = braid::after(1h);
          alarm.recv();
          alarm.recv();
        }) == outcomes{{"", "deadlock"}});
}

TEST_CASE("what free timers find contains what ordered ones find", "[checker]") {
  const auto first = GENERATE(0s, 1s, 2s);
  const auto program = sleepers(first, 1s);
  CHECK(is_subset(all_outcomes(program), all_outcomes(program, timer_mode::free)));
}

}  // namespace
