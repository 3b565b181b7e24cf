// Contexts (rules X1-X14) on the pool. Deadlines come at once with time scale 0, never with an
// hour.
#include <atomic>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "support/pools.hpp"

namespace {

using namespace std::chrono_literals;
using braid::cancel_scope;
using braid::canceled;
using braid::context;
using braid::deadline_exceeded;
using braid::testing::on_pools;

bool is_done(const context& c) {
  return braid::select{braid::recv(c.done()), braid::otherwise} == 0;
}

TEST_CASE("the roots are never cancelled", "[runtime][X1][X14]") {
  bool is_quiet = true;
  on_pools(1, [&] {
    for (const context& c : {context::background(), context::todo()}) {
      is_quiet = is_quiet && !c.done() && !c.err() && !c.cause() && !c.deadline();
    }
  });
  CHECK(is_quiet);
}

TEST_CASE("cancel closes done, for any number of goroutines that wait and that cancel",
          "[runtime][X2][X3]") {
  constexpr int goroutines = 50;
  std::atomic<int> in_order = 0;
  on_pools(1, [&] {
    in_order = 0;
    cancel_scope scope(context::background());
    braid::wait_group all;
    all.add(2 * goroutines);
    for (int i = 0; i < goroutines; ++i) {
      braid::go([&] {
        scope.ctx().done().recv();
        in_order += scope.ctx().err() == canceled;
        all.done();
      });
      braid::go([&] {
        scope.cancel();
        in_order += is_done(scope);
        all.done();
      });
    }
    all.wait();
  });
  CHECK(in_order == 2 * goroutines);
}

// Each goroutine asks for the error until it is there; then done must be closed.
TEST_CASE("no goroutine sees an error before done is closed", "[runtime][X3]") {
  constexpr int rounds = 200;
  std::atomic<int> too_early = 0;
  on_pools(1, [&] {
    for (int i = 0; i < rounds; ++i) {
      cancel_scope scope(context::background());
      auto seen = braid::make_chan<int>();
      braid::go([&, seen]() mutable {
        while (!scope.ctx().err()) braid::this_goroutine::yield();
        too_early += !is_done(scope);
        seen.send(1);
      });
      scope.cancel();
      seen.recv();
    }
  });
  CHECK(too_early == 0);
}

// Thirty scopes in a chain, of which one in the middle is cancelled.
TEST_CASE("a cancellation reaches all layers below, and none above", "[runtime][X4][X6]") {
  constexpr std::size_t layers = 30;
  constexpr std::size_t middle = 10;
  bool is_right = true;
  on_pools(1, [&] {
    std::vector<std::unique_ptr<cancel_scope>> chain;
    context last = context::background();
    for (std::size_t i = 0; i < layers; ++i) {
      chain.push_back(std::make_unique<cancel_scope>(last, 1h));
      last = chain.back()->ctx();
    }
    chain[middle]->cancel();
    for (std::size_t i = 0; i < layers; ++i) {
      is_right = is_right && is_done(*chain[i]) == (i >= middle);
    }
  });
  CHECK(is_right);
}

TEST_CASE("a tree can be cancelled at many places at a time", "[runtime][X2][X4]") {
  int left = -1;
  on_pools(1, [&] {
    constexpr int children = 20;
    cancel_scope root(context::background());
    std::vector<std::unique_ptr<cancel_scope>> all;
    for (int i = 0; i < children; ++i) {
      all.push_back(std::make_unique<cancel_scope>(i % 2 == 0 ? root.ctx() : all.back()->ctx()));
    }
    braid::wait_group done;
    done.add(children + 1);
    for (auto& one : all) {
      braid::go([&] {
        one->cancel();
        done.done();
      });
    }
    braid::go([&] {
      root.cancel();
      done.done();
    });
    done.wait();
    left = 0;
    for (auto& one : all) left += !is_done(*one);
  });
  CHECK(left == 0);
}

TEST_CASE("a child of a parent that is cancelled meanwhile is cancelled", "[runtime][X5]") {
  int same_cause = 0;
  constexpr int rounds = 100;
  on_pools(1, [&] {
    same_cause = 0;
    const braid::error why("why");
    for (int i = 0; i < rounds; ++i) {
      cancel_scope parent(context::background());
      braid::go([&] { parent.cancel(why); });
      cancel_scope child(parent.ctx());
      child.ctx().done().recv();
      same_cause += child.ctx().cause() == why;
    }
  });
  CHECK(same_cause == rounds);
}

TEST_CASE("a deadline cancels with its cause, unless something else came first",
          "[runtime][X7][X8][X9]") {
  std::vector<braid::error> seen;
  const braid::error late("late");
  on_pools(0, [&] {
    seen.clear();
    cancel_scope one(context::background(), 1h, late);
    cancel_scope two(one, 2h);
    two.ctx().done().recv();
    seen = {one.ctx().err(), one.ctx().cause(), two.ctx().err(), two.ctx().cause()};
    cancel_scope past(context::background(), -1s);
    seen.push_back(past.ctx().err());
  });
  CHECK(seen == std::vector{deadline_exceeded, late, deadline_exceeded, late, deadline_exceeded});
}

TEST_CASE("a deadline that is over cancels at once, however long it is over", "[runtime][X7]") {
  std::vector<braid::error> errors;
  std::string text;
  const auto keep = [&](const context& c) { errors.push_back(c.err()); };
  on_pools(1, [&] {
    errors.clear();
    for (const auto deadline : {braid::time_point::min(), braid::time_point()}) {
      const cancel_scope over(context::background(), deadline);
      const cancel_scope child(over.ctx(), 1h);
      keep(over);
      keep(child);
      if (deadline == braid::time_point::min()) text = child.ctx().to_string();
    }
    for (const auto timeout : {braid::duration::min(), braid::duration::min() / 2, -1ns, 0ns}) {
      keep(cancel_scope(context::background(), timeout));
    }
    braid::sleep_until(braid::time_point::min());
    braid::sleep_for(braid::duration::min());
  });
  CHECK(errors == std::vector<braid::error>(8, deadline_exceeded));
  CHECK(text ==
        "context.Background.WithDeadline(-9223372036.854776s [-9223372036.854776s]).WithCancel");
}

TEST_CASE("a scope that is cancelled before its deadline says so", "[runtime][X7][X9]") {
  std::vector<braid::error> seen;
  on_pools(1, [&] {
    const braid::error late("late");
    cancel_scope scope(context::background(), 1h, late);
    scope.cancel();
    scope.cancel(late);
    seen = {scope.ctx().err(), scope.ctx().cause()};
  });
  CHECK(seen == std::vector{canceled, canceled});
}

TEST_CASE("without_cancel leaves the values only", "[runtime][X10][X12]") {
  static const braid::context_key<std::string> key("user");
  bool is_right = false;
  on_pools(1, [&] {
    cancel_scope scope(context::background().with_value(key, "gopher"));
    const context c = scope.ctx().without_cancel();
    scope.cancel();
    is_right = *c.value(key) == "gopher" && !c.err() && !c.done();
  });
  CHECK(is_right);
}

TEST_CASE("functions are called after the cancellation, each once, or are stopped",
          "[runtime][X11]") {
  constexpr int functions = 50;
  std::atomic<int> called = 0;
  std::atomic<int> stopped = 0;
  on_pools(1, [&] {
    called = stopped = 0;
    braid::wait_group calls;
    calls.add(functions);
    cancel_scope scope(context::background());
    for (int i = 0; i < functions; ++i) {
      braid::go([&, f = scope.ctx().after_func([&] {
        called += 1;
        calls.done();
      })]() mutable {
        if (!f.stop()) return;
        stopped += 1;
        calls.done();
      });
    }
    scope.cancel();
    calls.wait();
  });
  CHECK(called + stopped == functions);
}

TEST_CASE("stop tokens go both ways", "[runtime][X2][X11]") {
  bool has_come = false;
  on_pools(1, [&] {
    has_come = false;
    std::stop_source source;
    cancel_scope scope(source.get_token());
    const std::stop_token token = scope.ctx().get_stop_token();
    auto stopped = braid::make_chan<int>(1);
    const std::stop_callback on_stop(token, [stopped]() mutable { stopped.send(1); });
    source.request_stop();
    stopped.recv();
    has_come = token.stop_requested() && is_done(scope);
  });
  CHECK(has_come);
}

TEST_CASE("all stop tokens of a context are of one stop state", "[runtime][X6][X11]") {
  bool are_equal = false;
  bool is_stopped = false;
  on_pools(1, [&] {
    cancel_scope scope(context::background());
    const std::stop_token token = scope.ctx().get_stop_token();
    are_equal = token == scope.ctx().get_stop_token();
    scope.cancel();
    is_stopped = scope.ctx().get_stop_token().stop_requested();
  });
  CHECK(are_equal);
  CHECK(is_stopped);
}

}  // namespace
