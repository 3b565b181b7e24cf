// The bounded queue against the model of one.
#include "bounded_queue.hpp"

#include <braid/testing/models.hpp>
#include <braid/testing/parallel_check.hpp>
#include <catch2/catch.hpp>

namespace {

using model = braid::queue_model<int>;

constexpr std::size_t capacity = 2;

template <variant Variant>
braid::parallel_result check_queue(int cases) {
  model bounded;
  bounded.capacity = capacity;
  const auto command = rc::gen::map(rc::gen::inRange(-2, 4),
                                    [](int n) { return n <= 0 ? model::pop() : model::push(n); });
  return braid::parallel_check(
      bounded, command, [] { return bounded_queue<Variant>(capacity); },
      [](bounded_queue<Variant>& queue, const model::op& o) -> model::result {
        if (!o.pushes) return queue.try_pop();
        return queue.try_push(o.value) ? model::result(o.value) : std::nullopt;
      },
      {.cases = cases, .seed = 1});
}

TEST_CASE("a queue that looks for room before it has the lock is found out", "[bounded_queue]") {
  const braid::parallel_result r = check_queue<variant::buggy>(300);
  REQUIRE_FALSE(r);
  CHECK(r.found.what == braid::verdict::not_linearizable);
  // The queue must be filled but for one place, and two must push.
  CHECK(r.commands == capacity + 1);
  CHECK(r.found.preemptions == 1);
}

TEST_CASE("a queue that looks for room under the lock is one", "[bounded_queue]") {
  const braid::parallel_result r = check_queue<variant::fixed>(30);
  CHECK(r);
}

}  // namespace
