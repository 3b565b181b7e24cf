// How long it takes to judge histories of a thousand calls by 4 and by 10 goroutines.
#include <benchmark/benchmark.h>
#include <braid/testing/models.hpp>

#include "support/histories.hpp"

namespace {

using namespace braid;
using queue = queue_model<int>;
using stack = stack_model<int>;
using registers = register_model<int>;
using map = map_model<int, int>;

template <class Model>
typename Model::op command(random_bits& bits, int n) {
  if constexpr (std::is_same_v<Model, registers>) {
    return bits.below(2U) == 0 ? Model::write(n) : Model::read();
  } else if constexpr (std::is_same_v<Model, map>) {
    const auto key = static_cast<int>(bits.below(10U));
    return bits.below(2U) == 0 ? Model::put(key, n) : Model::get(key);
  } else {
    return bits.below(2U) == 0 ? Model::push(n) : Model::pop();
  }
}

// Of two calls that give something.
template <class Model>
bool may_be_swapped(const operation<Model>& a, const operation<Model>& b) {
  if constexpr (std::is_same_v<Model, registers>) {
    return !a.what.writes && !b.what.writes && a.returned + 100 < b.called;
  } else if constexpr (std::is_same_v<Model, map>) {
    return a.what.what == map::act::get && b.what.what == map::act::get &&
           a.what.key == b.what.key && a.returned + 200 < b.called;
  } else {
    return !a.what.pushes && !b.what.pushes && a.result->has_value() && b.result->has_value();
  }
}

template <class Model>
void judge_history(benchmark::State& state) {
  const auto goroutines = static_cast<std::uint32_t>(state.range(0));
  auto history = testing::simulated(Model{}, goroutines, 1000, 1, command<Model>);
  if (state.range(1) != 0) testing::swap_results(history, 1, may_be_swapped<Model>);
  judgement last;
  for (auto _ : state) benchmark::DoNotOptimize(last = judge(Model{}, history));
  state.counters["states"] = static_cast<double>(last.states);
}

BENCHMARK_TEMPLATE(judge_history, queue)->ArgsProduct({{4, 10}, {0, 1}})->ArgNames({"g", "broken"});
BENCHMARK_TEMPLATE(judge_history, stack)->ArgsProduct({{4, 10}, {0, 1}})->ArgNames({"g", "broken"});
BENCHMARK_TEMPLATE(judge_history, registers)
    ->ArgsProduct({{4, 10}, {0, 1}})
    ->ArgNames({"g", "broken"});
BENCHMARK_TEMPLATE(judge_history, map)->ArgsProduct({{4, 10}, {0, 1}})->ArgNames({"g", "broken"});

}  // namespace
