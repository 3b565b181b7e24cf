// Contexts under the checker (rules X1-X14), with exact outcome sets.
//
// Oracle: Go's rules. What cannot be seen from outside, such as two steps of a cancellation between
// which others run, must not be seen in any schedule.
#include <braid/braid.hpp>
#include <braid/context.hpp>
#include <string>

#include "support/exploring.hpp"

namespace {

using namespace std::chrono_literals;
using braid::cancel_scope;
using braid::canceled;
using braid::context;
using braid::deadline_exceeded;
using braid::testing::all_outcomes;
using braid::testing::only_output;
using braid::testing::outcomes;
using braid::testing::outcomes_of;
using braid::testing::reduced_outcomes;

bool is_done(const context& c) {
  return braid::select{braid::recv(c.done()), braid::otherwise} == 0;
}

TEST_CASE("background and todo are never cancelled, and say their names", "[checker][X1][X14]") {
  const context root = GENERATE(context::background(), context::todo());
  CHECK(only_output([=] {
          braid::print(root.done() == nullptr, bool{root.err()}, bool{root.cause()},
                       root.deadline().has_value());
        }) == "truefalsefalsefalse");
  CHECK(context::background().to_string() == "context.Background");
  CHECK(context::todo().to_string() == "context.TODO");
}

TEST_CASE("a scope cancels its context once, by cancel or at its end", "[checker][X2][X3]") {
  CHECK(only_output([] {
          context left = context::background();
          {
            cancel_scope scope(context::background());
            braid::print(is_done(scope), bool{scope.ctx().err()});
            scope.cancel();
            scope.cancel();
            braid::print(" ", is_done(scope));
            braid::print(" ", scope.ctx().err() == canceled);
            cancel_scope other(context::background());
            left = other;
          }
          braid::print(" ", is_done(left));
        }) == "falsefalse true true true");
}

TEST_CASE("err is set only when done is closed", "[checker][X3]") {
  CHECK(reduced_outcomes([] {
          cancel_scope scope(context::background());
          braid::go([ctx = scope.ctx()] {
            const bool is_set{ctx.err()};
            if (is_set) braid::print(is_done(ctx) ? "both" : "err only");
          });
          scope.cancel();
          braid::sleep_for(1s);
        }) == outcomes{"", "both"});
}

TEST_CASE("err is set when done is closed", "[checker][X3]") {
  CHECK(reduced_outcomes([] {
          cancel_scope scope(context::background());
          braid::go([&] { scope.cancel(); });
          scope.ctx().done().recv();
          braid::print(scope.ctx().err().message());
        }) == outcomes{"context canceled"});
}

TEST_CASE("a parent cancels its descendants before cancel returns, a child only itself",
          "[checker][X4]") {
  CHECK(only_output([] {
          cancel_scope parent(context::background());
          cancel_scope child(parent.ctx());
          cancel_scope sibling(parent.ctx());
          cancel_scope grandchild(child.ctx().with_value(braid::context_key<int>("k"), 1));
          sibling.cancel();
          braid::print(is_done(parent), is_done(child));
          parent.cancel();
          braid::print(is_done(child), is_done(grandchild));
        }) == "falsefalsetruetrue");
}

TEST_CASE("a child of a cancelled parent is cancelled, with its cause", "[checker][X5]") {
  CHECK(only_output([] {
          const braid::error why("why");
          cancel_scope parent(context::background());
          parent.cancel(why);
          cancel_scope child(parent.ctx());
          braid::print(child.ctx().err() == canceled, child.ctx().cause() == why);
        }) == "truetrue");
}

TEST_CASE("a child that is made while its parent is cancelled is cancelled", "[checker][X5]") {
  CHECK(reduced_outcomes([] {
          cancel_scope parent(context::background());
          braid::go([&] { parent.cancel(braid::error("why")); });
          cancel_scope child(parent.ctx());
          child.ctx().done().recv();
          braid::print(child.ctx().cause().message());
        }) == outcomes{"why"});
}

TEST_CASE("parent and child can be cancelled at the same time", "[checker][X2][X4]") {
  CHECK(reduced_outcomes([] {
          const braid::error mine("mine");
          cancel_scope parent(context::background());
          cancel_scope child(parent.ctx());
          braid::wait_group both;
          both.add(2);
          braid::go([&] {
            parent.cancel();
            both.done();
          });
          braid::go([&] {
            child.cancel(mine);
            both.done();
          });
          both.wait();
          braid::print(child.ctx().cause() == mine ? "mine" : "parent's");
        }) == outcomes{"mine", "parent's"});
}

// To leave it takes the lock of its parent, and gives it back.
TEST_CASE("a child that was cancelled leaves its parent", "[checker][X6]") {
  const auto steps_of_scope = [](bool has_child) {
    const auto r = braid::testing::explore_all([=] {
      cancel_scope parent(context::background());
      { cancel_scope child(has_child ? parent.ctx() : context::background()); }
      braid::exit(0);  // before the parent's own end
    });
    return r.steps;
  };
  constexpr int steps_to_join = 2;   // lock and unlock the parent
  constexpr int steps_to_leave = 2;  // the same
  CHECK(steps_of_scope(true) == steps_of_scope(false) + steps_to_join + steps_to_leave);
}

TEST_CASE("a function that was stopped is forgotten by its context", "[checker][X6]") {
  CHECK(only_output([] {
          cancel_scope scope(context::background());
          std::weak_ptr<int> held;
          {
            const auto value = std::make_shared<int>(1);
            held = value;
            auto f = scope.ctx().after_func([value] {});
            f.stop();
          }
          braid::print(held.expired());
        }) == "true");
}

TEST_CASE("a deadline cancels, the earlier one counts, and a past one does so at once",
          "[checker][X7]") {
  CHECK(only_output([] {
          const auto start = braid::clock::now();
          cancel_scope outer(context::background(), 2s);
          cancel_scope later(outer, 5s);
          cancel_scope sooner(outer, 1s);
          cancel_scope past(outer, start - 1s);
          braid::print((*later.ctx().deadline() - start) / 1s, is_done(past), " ");
          for (const context& c : {sooner.ctx(), later.ctx(), outer.ctx()}) {
            c.done().recv();
            braid::print((braid::clock::now() - start) / 1s, c.err() == deadline_exceeded, " ");
          }
        }) == "2true 1true 2true 2true ");
}

TEST_CASE("time passes between the makings of two deadlines", "[checker][X7]") {
  // With free timers a machine may stall before the second reading of the clock.
  const auto program = [] {
    const auto start = braid::clock::now();
    cancel_scope first(context::background(), 10us);
    cancel_scope second(context::background(), 10us);
    braid::print(*second.ctx().deadline() > start + 10us ? "later" : "same");
  };
  CHECK(all_outcomes(program) == outcomes{"same"});
  CHECK(all_outcomes(program, braid::timer_mode::free) == outcomes{"same", "later"});
  CHECK(reduced_outcomes(program, braid::timer_mode::free) == outcomes{"same", "later"});
}

TEST_CASE("the text of a deadline tells the time that is left", "[checker][X14]") {
  const auto program = [] {
    cancel_scope scope(context::background(), 2s);
    braid::print(scope.ctx().to_string().ends_with("[2s])") ? "2 s" : "less");
  };
  CHECK(reduced_outcomes(program, braid::timer_mode::free) == outcomes{"2 s", "less"});
}

TEST_CASE("of two equal deadlines either may come first", "[checker][X7][X9]") {
  CHECK(reduced_outcomes([] {
          const auto when = braid::clock::now() + 1s;
          cancel_scope parent(context::background(), when, braid::error("parent's"));
          cancel_scope child(parent, when, braid::error("child's"));
          child.ctx().done().recv();
          braid::print(child.ctx().cause().message());
        }) == outcomes{"parent's", "child's"});
}

TEST_CASE("who cancels stops the timer", "[checker][X7]") {
  CHECK(only_output([] {
          const auto start = braid::clock::now();
          {
            cancel_scope scope(context::background(), 1h);
            scope.cancel();
            braid::print(scope.ctx().err() == canceled);
          }
          braid::after(2h).recv();  // passes by what the timer would have done
          braid::print((braid::clock::now() - start) / 1h);
        }) == "true2");
}

TEST_CASE("a cancellation and a deadline at the same time give one error", "[checker][X3][X7]") {
  CHECK(reduced_outcomes([] {
          cancel_scope scope(context::background(), 1s);
          braid::sleep_for(1s);
          scope.cancel();
          const auto first = scope.ctx().err();
          braid::sleep_for(1s);
          braid::print(first.message(), scope.ctx().err() == first);
        }) == outcomes{"context canceledtrue", "context deadline exceededtrue"});
}

TEST_CASE("the errors have texts and codes", "[checker][X8]") {
  CHECK(canceled.message() == "context canceled");
  CHECK(deadline_exceeded.message() == "context deadline exceeded");
  CHECK(canceled.code() == std::errc::operation_canceled);
  CHECK(deadline_exceeded.code() == std::errc::timed_out);
  CHECK(deadline_exceeded.is(std::make_error_code(std::errc::timed_out)));
  CHECK_FALSE(deadline_exceeded.is(canceled));
  CHECK_FALSE(braid::error("x") == braid::error("x"));
  CHECK_FALSE(braid::error(std::error_code()));
}

TEST_CASE("a cause is there as soon as done is closed", "[checker][X9]") {
  CHECK(reduced_outcomes([] {
          const braid::error why("why");
          cancel_scope scope(context::background());
          braid::go([&] { scope.cancel(why); });
          scope.ctx().done().recv();
          braid::print(scope.ctx().cause() == why);
        }) == outcomes{"true"});
}

TEST_CASE("without cancel the values stay, and nothing else", "[checker][X10]") {
  CHECK(only_output([] {
          static const braid::context_key<int> key("k");
          cancel_scope scope(context::background().with_value(key, 7), 1s);
          const context c = scope.ctx().without_cancel();
          scope.cancel();
          braid::print(*c.value(key), c.done() == nullptr, c.deadline().has_value(), bool{c.err()});
        }) == "7truefalsefalse");
}

TEST_CASE("after_func calls in a goroutine of its own after the cancellation, or at once",
          "[checker][X11]") {
  CHECK(reduced_outcomes([] {
          cancel_scope scope(context::background());
          auto called = braid::make_chan<int>();
          scope.ctx().after_func([called]() mutable { called.send(1); });
          braid::print(int{braid::select{braid::recv(called), braid::otherwise}});
          scope.cancel();  // would never return if it waited
          called.recv();
          scope.ctx().after_func([called]() mutable { called.send(2); });
          braid::print(called.recv().value);
        }) == outcomes{"12"});
}

TEST_CASE("stop tells whether it prevented the call, and does not wait", "[checker][X11]") {
  CHECK(reduced_outcomes([] {
          cancel_scope scope(context::background());
          auto first = scope.ctx().after_func([] { braid::print("1"); });
          auto second = scope.ctx().after_func([] { braid::print("2"); });
          braid::go([&] { scope.cancel(); });
          braid::print(first.stop() ? "t" : "f");
          braid::sleep_for(1s);
          braid::print(first.stop() || second.stop());
        }) == outcomes{"t2false", "f12false", "f21false", "1f2false", "2f1false", "12ffalse",
                       "21ffalse", "2tfalse"});
}

TEST_CASE("one of those who stop a function has prevented the call", "[checker][X11]") {
  const bool is_cancelled_once = GENERATE(true, false);
  const auto program = [=] {
    cancel_scope scope(context::background());
    auto f = (is_cancelled_once ? scope.ctx() : context::background()).after_func([] {});
    braid::wait_group all;
    bool first = false;
    bool second = false;
    all.go([&] { first = f.stop(); });
    all.go([&] { second = f.stop(); });
    all.wait();
    braid::print(first, second);
  };
  CHECK(all_outcomes(program) == outcomes{"truefalse", "falsetrue"});
  CHECK(reduced_outcomes(program) == outcomes{"truefalse", "falsetrue"});
}

TEST_CASE("what is never cancelled never calls", "[checker][X11]") {
  CHECK(only_output([] {
          auto f = context::background().after_func([] { braid::print("f"); });
          braid::print(f.stop(), " ");
          braid::print(f.stop());
        }) == "true false");
}

TEST_CASE("the nearest value with a key counts", "[checker][X12]") {
  static const braid::context_key<int> one("one");
  static const braid::context_key<int> two("two");
  const context a = context::background().with_value(one, 1);
  const context b = a.with_value(two, 2).with_value(one, 3);
  CHECK(*a.value(one) == 1);
  CHECK(a.value(two) == nullptr);
  CHECK(*b.value(one) == 3);
  CHECK(*b.value(two) == 2);
  CHECK(b.to_string() ==
        "context.Background.WithValue(one, 1).WithValue(two, 2).WithValue(one, 3)");
}

TEST_CASE("contexts start no goroutines", "[checker][X13]") {
  const auto r = braid::testing::explore_all([] {
    cancel_scope outer(context::background(), 1h);
    cancel_scope inner(outer.ctx());
    outer.cancel();
  });
  CHECK(outcomes_of(r) == outcomes{""});
  CHECK(r.executions == 1);
}

TEST_CASE("the text of a context tells how it was made", "[checker][X14]") {
  CHECK(only_output([] {
          cancel_scope outer(context::todo());
          cancel_scope inner(outer, 90s);
          braid::print(inner.ctx().without_cancel().to_string());
        }) == "context.TODO.WithCancel.WithDeadline(946684890s [90s]).WithoutCancel");
}

TEST_CASE("a stop token of a context asks for the stop when that is cancelled", "[checker][X11]") {
  CHECK(reduced_outcomes([] {
          cancel_scope scope(context::background());
          const std::stop_token token = scope.ctx().get_stop_token();
          auto stopped = braid::make_chan<int>();
          std::stop_callback on_stop(token, [stopped]() mutable { stopped.send(1); });
          braid::print(token.stop_requested());
          scope.cancel();
          stopped.recv();
          braid::print(token.stop_requested(), scope.ctx().get_stop_token().stop_requested());
        }) == outcomes{"falsetruetrue"});
}

TEST_CASE("a scope follows a stop token", "[checker][X2]") {
  CHECK(reduced_outcomes([] {
          std::stop_source source;
          cancel_scope scope(source.get_token());
          braid::go([&] { source.request_stop(); });
          scope.ctx().done().recv();
          cancel_scope late(source.get_token());
          braid::print(scope.ctx().err() == canceled, is_done(late));
        }) == outcomes{"truetrue"});
}

}  // namespace
