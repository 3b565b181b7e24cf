// The stack against the model of one.
#include "lock_free_stack.hpp"

#include <braid/testing/models.hpp>
#include <braid/testing/parallel_check.hpp>
#include <catch2/catch.hpp>

namespace {

using model = braid::stack_model<int>;

template <variant Variant>
braid::parallel_result check_stack(int cases) {
  const auto command = rc::gen::map(rc::gen::inRange(-3, 4),
                                    [](int n) { return n <= 0 ? model::pop() : model::push(n); });
  return braid::parallel_check(
      model{}, command, [] { return lock_free_stack<Variant>(); },
      [](lock_free_stack<Variant>& stack, const model::op& o) -> model::result {
        if (!o.pushes) return stack.pop();
        return stack.push(o.value) ? model::result(o.value) : std::nullopt;
      },
      {.cases = cases, .seed = 1});
}

TEST_CASE("a stack whose nodes come back unnoticed is found out", "[lock_free_stack]") {
  const braid::parallel_result r = check_stack<variant::buggy>(300);
  REQUIRE_FALSE(r);
  CHECK(r.found.what == braid::verdict::not_linearizable);
  CHECK(r.commands <= 5);
  CHECK(r.found.preemptions <= 2);
}

TEST_CASE("a stack that counts its pushes is one", "[lock_free_stack]") {
  const braid::parallel_result r = check_stack<variant::fixed>(30);
  CHECK(r);
}

}  // namespace
