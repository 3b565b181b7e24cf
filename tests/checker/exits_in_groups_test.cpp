// Groups that heed a context, and what becomes of groups whose functions call
// this_goroutine::exit() (rules E2, E6, E8, W6, W11).
//
// Oracle: hand-made lists of outcomes.
#include <braid/braid.hpp>
#include <string>
#include <type_traits>

#include "support/exploring.hpp"

namespace {

using braid::error;
using braid::testing::outcomes;
using braid::testing::outcomes_of;

// By dpor, which visits each class of equivalent schedules once.
outcomes explored(std::function<void()> main) {
  const braid::report r = braid::explore({"test", std::move(main)}, {.strategy = "dpor"});
  INFO(r.why_incomplete);
  CHECK(r.complete);
  return outcomes_of(r);
}

// Go's TestWithContext and TestCancelCause.
TEST_CASE("the first error cancels the context of a group, and is its cause", "[checker][E2]") {
  CHECK(explored([] {
          braid::errgroup group(braid::context::background());
          group.go([] { return error("broken"); });
          group.go([ctx = group.ctx()] {
            ctx.done().recv();
            return ctx.err();
          });
          const std::string first = group.wait().message();
          braid::print(first, group.ctx().cause().message());
        }) == outcomes{"brokenbroken"});
}

TEST_CASE("a group without an error cancels its context when wait returns", "[checker][E2]") {
  CHECK(explored([] {
          braid::errgroup group(braid::context::background());
          group.go([] { return error(); });
          braid::print(group.wait() ? "error" : "none");
          braid::print(group.ctx().err().message());
        }) == outcomes{"nonecontext canceled"});
}

TEST_CASE("a group heeds the cancellation of its parent", "[checker][E2]") {
  CHECK(explored([] {
          braid::cancel_scope parent{braid::context::background()};
          braid::errgroup group(parent.ctx());
          group.go([ctx = group.ctx()] {
            ctx.done().recv();
            return ctx.err();
          });
          parent.cancel();
          braid::print(group.wait().message());
        }) == outcomes{"context canceled"});
}

TEST_CASE("to acquire until a context is cancelled gives its error or what was asked for",
          "[checker][E6]") {
  CHECK(explored([] {
          braid::weighted_semaphore tokens(1);
          braid::cancel_scope scope{braid::context::background()};
          braid::wait_group all;
          all.go([&] { scope.cancel(); });
          const error e = tokens.acquire(scope.ctx(), 1);
          braid::print(e ? e.message() : "taken");
          all.wait();
        }) == outcomes{"context canceled", "taken"});
}

TEST_CASE("a function of a wait group or an errgroup that exits is done", "[checker][W6][P10]") {
  CHECK(explored([] {
          braid::wait_group group;
          group.go([] { braid::this_goroutine::exit(); });
          group.wait();
          braid::errgroup errors;
          errors.go([]() -> error { braid::this_goroutine::exit(); });
          braid::print(errors.wait() ? "error" : "none");
        }) == outcomes{"none"});
}

// Go's TestGoexitDo.
TEST_CASE("all callers that share a call exit with it", "[checker][E8][P10]") {
  CHECK(explored([] {
          braid::singleflight<int, int> calls;
          braid::wait_group all;
          for (int i = 0; i < 2; ++i) {
            all.go([&] {
              calls.call(1, []() -> int { braid::this_goroutine::exit(); });
              braid::print("returned");
            });
          }
          all.wait();
          braid::print("done");
        }) == outcomes{"done"});
}

TEST_CASE("a function of once_value that exits is not called again", "[checker][W11][P10]") {
  CHECK(explored([] {
          int called = 0;
          auto value = braid::once_value([&]() -> int {
            ++called;
            braid::this_goroutine::exit();
          });
          braid::wait_group all;
          all.go([&] { value(); });
          all.wait();
          try {
            value();
          } catch (const braid::panic_error&) {
            braid::print("panics");
          }
          braid::print(called);
        }) == outcomes{"panics1"});
}

TEST_CASE("there is no timer without a duration", "[checker][T11]") {
  CHECK_FALSE(std::is_default_constructible_v<braid::timer>);
}

}  // namespace
