// Histories of a thousand calls: judged right, and within a bounded number of states. How long that
// takes is in tests/bench.
#include <braid/testing/models.hpp>
#include <catch2/catch.hpp>

#include "support/histories.hpp"

namespace {

using namespace braid;
using braid::testing::simulated;
using braid::testing::swap_results;

constexpr std::size_t calls = 1000;
constexpr std::uint64_t states_max = 1'000'000;

template <class Model, class Command, class Like>
void judge_long(const Model& model, Command command, Like is_like) {
  const std::uint32_t goroutines = GENERATE(4U, 10U);
  const std::uint64_t seed = GENERATE(1U, 2U, 3U);
  CAPTURE(goroutines, seed);
  auto history = simulated(model, goroutines, calls, seed, command);
  judgement j = judge(model, history);
  CHECK(j);
  CHECK(j.states < states_max);
  swap_results(history, seed, is_like);
  j = judge(model, history);
  CHECK(j.answer == linearizability::broken);
  CHECK(j.states < states_max);
}

const auto both_pop = [](const auto& a, const auto& b) {
  return !a.what.pushes && !b.what.pushes && a.result->has_value() && b.result->has_value();
};

TEST_CASE("long histories of a queue are judged in time", "[linearizability][volume]") {
  using model = queue_model<int>;
  SECTION("that is nearly empty") {
    judge_long(
        model{},
        [](auto& bits, int n) { return bits.below(2U) == 0 ? model::push(n) : model::pop(); },
        both_pop);
  }
  SECTION("that is filled, then emptied") {
    judge_long(
        model{}, [](auto&, int n) { return n <= 500 ? model::push(n) : model::pop(); }, both_pop);
  }
}

TEST_CASE("long histories of a stack are judged in time", "[linearizability]") {
  using model = stack_model<int>;
  judge_long(
      model{},
      [](auto& bits, int n) { return bits.below(2U) == 0 ? model::push(n) : model::pop(); },
      both_pop);
}

TEST_CASE("long histories of a register are judged in time", "[linearizability]") {
  using model = register_model<int>;
  judge_long(
      model{},
      [](auto& bits, int n) { return bits.below(2U) == 0 ? model::write(n) : model::read(); },
      [](const auto& a, const auto& b) {
        return !a.what.writes && !b.what.writes && a.returned + 100 < b.called;
      });
}

TEST_CASE("long histories of a map are judged in time", "[linearizability]") {
  using model = map_model<int, int>;
  judge_long(
      model{},
      [](auto& bits, int n) {
        const auto key = static_cast<int>(bits.below(10U));
        return bits.below(2U) == 0 ? model::put(key, n) : model::get(key);
      },
      [](const auto& a, const auto& b) {
        return a.what.what == model::act::get && b.what.what == model::act::get &&
               a.what.key == b.what.key && a.returned + 200 < b.called;
      });
}

}  // namespace
