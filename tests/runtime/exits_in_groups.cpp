// Groups that heed a context, and what becomes of groups whose functions call
// this_goroutine::exit(), on the pool (rules E2, E6, E8, W6).
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace {

using braid::error;

TEST_CASE("on the pool the first error cancels the context of a group", "[runtime][E2]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  std::vector<std::string> found;
  braid::run(
      [&] {
        braid::errgroup group(braid::context::background());
        group.go([] { return error("broken"); });
        for (int i = 0; i < 10; ++i) {
          group.go([ctx = group.ctx()] {
            ctx.done().recv();
            return ctx.err();
          });
        }
        found.push_back(group.wait().message());
        found.push_back(group.ctx().cause().message());
      },
      {.workers = workers});
  CHECK(found == std::vector<std::string>{"broken", "broken"});
}

TEST_CASE("on the pool to acquire ends with the context", "[runtime][E6]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  std::string found;
  braid::run(
      [&] {
        braid::weighted_semaphore tokens(1);
        tokens.acquire(1);
        braid::cancel_scope scope{braid::context::background()};
        braid::wait_group all;
        all.go([&] { found = tokens.acquire(scope.ctx(), 1).message(); });
        scope.cancel();
        all.wait();
      },
      {.workers = workers});
  CHECK(found == "context canceled");
}

TEST_CASE("on the pool a function that exits is done", "[runtime][W6][E8][P10]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  bool has_returned = false;
  bool is_done = false;
  braid::run(
      [&] {
        braid::singleflight<int, int> calls;
        braid::wait_group group;
        for (int i = 0; i < 10; ++i) {
          group.go([&] {
            calls.call(1, []() -> int {
              braid::this_goroutine::yield();
              braid::this_goroutine::exit();
            });
            has_returned = true;
          });
        }
        group.wait();
        braid::errgroup errors;
        errors.go([]() -> error { braid::this_goroutine::exit(); });
        is_done = !errors.wait();
      },
      {.workers = workers});
  CHECK_FALSE(has_returned);
  CHECK(is_done);
}

}  // namespace
