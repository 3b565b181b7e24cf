// errgroup, weighted_semaphore and singleflight under every schedule.
//
// Oracle: rules E1, E3-E8, x/sync's tests, and hand-made lists of outcomes. With ordered timers a
// sleep ends only when all others wait: that is how these programs know that somebody is parked.
#include <array>
#include <braid/braid.hpp>
#include <optional>
#include <string>

#include "support/exploring.hpp"
#include "support/together.hpp"

namespace {

using braid::error;
using braid::testing::all_outcomes;
using braid::testing::explore_all;
using braid::testing::let_others_park;
using braid::testing::only_output;
using braid::testing::outcomes;
using braid::testing::outcomes_of;
using braid::testing::reduced_outcomes;

TEST_CASE("a group gives the error that came first, which may be any", "[checker][E1]") {
  CHECK(reduced_outcomes([] {
          braid::errgroup group;
          group.go([] { return error("a"); });
          group.go([] { return error("b"); });
          group.go([] { return error(); });
          braid::print(group.wait().message());
        }) == outcomes{"a", "b"});
  CHECK(all_outcomes([] {
          braid::errgroup group;
          group.go([] { return error(); });
          braid::print(group.wait() ? "error" : "none");
        }) == outcomes{"none"});
}

TEST_CASE("with a limit of one the functions of a group run one after another", "[checker][E3]") {
  CHECK(reduced_outcomes([] {
          braid::errgroup group;
          group.set_limit(1);
          for (const char* name : {"a", "b"}) {
            group.go([name] {
              braid::print(name);
              braid::print(name);
              return error(name);
            });
          }
          braid::print(group.wait().message());
        }) == outcomes{"aabba"});
}

TEST_CASE("try_go succeeds if and only if there is room at that moment", "[checker][E3]") {
  CHECK(reduced_outcomes([] {
          braid::errgroup group;
          group.set_limit(1);
          group.go([] { return error(); });
          const bool taken = group.try_go([] { return error("second"); });
          braid::print(taken, group.wait().message());
        }) == outcomes{"false", "truesecond"});
  CHECK(only_output([] {
          braid::errgroup group;
          group.set_limit(0);
          braid::print(group.try_go([] { return error(); }));
        }) == "false");
  CHECK(all_outcomes([] {
          braid::errgroup group;
          group.set_limit(0);
          group.go([] { return error(); });
        }) == outcomes{{"", "deadlock"}});
}

TEST_CASE("a limit cannot change while a function runs", "[checker][E3]") {
  CHECK(all_outcomes([] {
          braid::errgroup group;
          group.set_limit(1);
          group.go([] { return error(); });
          try {
            group.set_limit(2);
          } catch (const braid::runtime_panic& panic) {
            braid::print(panic.what());
          }
          group.wait();
        }) == outcomes{"",
                       "errgroup: modify limit while 1 goroutines in the group are still "
                       "active"});
}

TEST_CASE("a panic in a group is never forwarded to wait", "[checker][E4]") {
  CHECK(all_outcomes([] {
          braid::errgroup group;
          group.go([]() -> error { braid::panic("lost"); });
          group.wait();
          braid::print("returned");
        }) == outcomes{{"", "panic"}});
}

TEST_CASE("a semaphore of one excludes", "[checker][E5]") {
  CHECK(reduced_outcomes([] {
          braid::weighted_semaphore semaphore(1);
          braid::wait_group both;
          for (int i = 0; i < 2; ++i) {
            both.go([&, i] {
              semaphore.acquire(1);
              braid::print(i);
              braid::print(i);
              semaphore.release(1);
            });
          }
          both.wait();
        }) == outcomes{"0011", "1100"});
}

TEST_CASE("a large request at the head makes smaller ones behind it wait", "[checker][E5]") {
  CHECK(only_output([] {
          braid::weighted_semaphore semaphore(2);
          braid::wait_group all;
          semaphore.acquire(1);
          all.go([&] {
            semaphore.acquire(2);
            braid::print("large ");
            semaphore.release(2);
          });
          let_others_park();
          all.go([&] {
            semaphore.acquire(1);
            braid::print("small");
            semaphore.release(1);
          });
          let_others_park();
          braid::print("main ");
          semaphore.release(1);
          all.wait();
        }) == "main large small");
}

TEST_CASE("a request for more than there is waits for ever, and for nobody's harm",
          "[checker][E6]") {
  CHECK(all_outcomes([] {
          braid::weighted_semaphore semaphore(1);
          semaphore.acquire(2);
        }) == outcomes{{"", "deadlock"}});
  CHECK(only_output([] {
          braid::weighted_semaphore semaphore(1);
          auto done = braid::make_chan<int>();
          braid::wait_group large;
          large.go([&, done] { braid::print(semaphore.acquire_unless<int>(2, done)); });
          semaphore.acquire(1);
          done.close();
          large.wait();
        }) == "false");
}

TEST_CASE("tokens that come after the end of the context are not taken", "[checker][E6]") {
  CHECK(reduced_outcomes([] {
          braid::weighted_semaphore semaphore(1);
          braid::cancel_scope scope(braid::context::background());
          braid::wait_group waiter;
          semaphore.acquire(1);
          waiter.go([&] { braid::print(semaphore.acquire(scope.ctx(), 1).message()); });
          scope.cancel();
          semaphore.release(1);
          waiter.wait();
        }) == outcomes{"context canceled"});
}

// x/sync's TestAllocCancelDoesntStarve, in every schedule: the small request behind the one that is
// given up is served, and no token is lost.
TEST_CASE("a request that is given up frees the way for those behind it", "[checker][E6]") {
  CHECK(reduced_outcomes([] {
          braid::weighted_semaphore semaphore(2);
          auto done = braid::make_chan<int>();
          braid::wait_group all;
          semaphore.acquire(1);
          all.go([&, done] {
            if (semaphore.acquire_unless<int>(2, done)) semaphore.release(2);
          });
          let_others_park();
          all.go([&] { semaphore.acquire(1); });
          let_others_park();
          done.close();
          all.wait();
          semaphore.release(2);
          braid::print(semaphore.try_acquire(2));
        }) == outcomes{"true"});
}

// x/sync's TestWeightedAcquireCanceled: the tokens come at the moment at which the request is given
// up. Taken or not, none is lost.
TEST_CASE("a request that is served while it is given up gives back what it got", "[checker][E6]") {
  CHECK(reduced_outcomes([] {
          braid::weighted_semaphore semaphore(1);
          auto done = braid::make_chan<int>();
          braid::wait_group all;
          bool taken = false;
          semaphore.acquire(1);
          all.go([&, done] { taken = semaphore.acquire_unless<int>(1, done); });
          all.go([=]() mutable { done.close(); });
          semaphore.release(1);
          all.wait();
          braid::print(taken, " ", semaphore.try_acquire(1));
        }) == outcomes{"false true", "true false"});
}

TEST_CASE("try_acquire takes only what is free while nobody waits", "[checker][E7]") {
  CHECK(only_output([] {
          braid::weighted_semaphore semaphore(2);
          braid::wait_group large;
          semaphore.acquire(1);
          large.go([&] {
            semaphore.acquire(2);
            semaphore.release(2);
          });
          let_others_park();
          braid::print(semaphore.try_acquire(1));
          semaphore.release(1);
          large.wait();
          braid::print(semaphore.try_acquire(1));
        }) == "falsetrue");
}

TEST_CASE("a release of more than is held panics", "[checker][E7]") {
  const auto r = explore_all([] {
    braid::weighted_semaphore semaphore(2);
    semaphore.acquire(1);
    semaphore.release(2);
  });
  CHECK(outcomes_of(r) == outcomes{{"", "panic"}});
  CHECK(r.outcomes[0].errors == "panic: semaphore: released more than held\n");
}

// x/sync's TestDoDupSuppress: either they overlap, and are one, or they do not.
TEST_CASE("two calls for one key are one call that both share, or two", "[checker][E8]") {
  CHECK(reduced_outcomes([] {
          braid::singleflight<int, int> flights;
          braid::atomic<int> calls = 0;
          std::array<bool, 2> shared{};
          braid::wait_group both;
          for (std::size_t i = 0; i < 2; ++i) {
            both.go([&, i] { shared[i] = flights.call(1, [&] { return ++calls; }).shared; });
          }
          both.wait();
          braid::print(calls.load(), shared[0], shared[1]);
        }) == outcomes{"1truetrue", "2falsefalse"});
}

TEST_CASE("after forget a call does not share the one that is on its way", "[checker][E8]") {
  CHECK(reduced_outcomes([] {
          braid::singleflight<int, int> flights;
          auto begun = braid::make_chan<int>();
          auto first = flights.call_chan(1, [begun]() mutable {
            begun.send(0);
            return 1;
          });
          begun.recv();
          flights.forget(1);
          const auto second = flights.call(1, [] { return 2; });
          braid::print(first.recv_opt()->value, second.value, second.shared);
        }) == outcomes{"12false"});
}

TEST_CASE("a panic reaches every caller that shares the call", "[checker][E8]") {
  CHECK(reduced_outcomes([] {
          braid::singleflight<int, int> flights;
          int calls = 0;
          int caught = 0;
          braid::wait_group both;
          for (int i = 0; i < 2; ++i) {
            both.go([&] {
              try {
                flights.call(1, [&]() -> int {
                  ++calls;
                  throw 7;
                });
              } catch (int) {
                ++caught;
              }
            });
          }
          both.wait();
          braid::print(calls, caught);
        }) == outcomes{"12", "22"});
}

TEST_CASE("under the checker, a panic that a channel waits for ends the program", "[checker][E8]") {
  CHECK(reduced_outcomes([] {
          braid::singleflight<int, int> flights;
          flights.call_chan(1, []() -> int { braid::panic("in flight"); }).recv_opt();
          braid::print("received");
        }) == outcomes{{"", "panic"}});
}

}  // namespace
