// Long histories of calls, made by simulating goroutines: each call takes effect on the model at
// some moment between its call and its return. So they are linearizable, until results are swapped.
#pragma once

#include <braid/testing/linearizability.hpp>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "strategy/random_bits.hpp"

namespace braid::testing {

// `command(bits, n)` is the n-th call, from 1.
template <class Model, class Command>
std::vector<operation<Model>> simulated(const Model& model, std::uint32_t goroutines,
                                        std::size_t count, std::uint64_t seed, Command command) {
  random_bits bits(seed, 0);
  std::map<int, typename Model::state> states;
  struct caller {
    bool calls = false;
    bool has_acted = false;
    std::size_t call = 0;
  };
  std::vector<caller> callers(goroutines);
  std::vector<operation<Model>> all;
  std::size_t returned = 0;
  for (std::uint64_t time = 1; returned < count; ++time) {
    const std::uint32_t who = bits.below(goroutines);
    caller& c = callers[who];
    if (!c.calls) {
      if (all.size() == count) continue;
      c = {true, false, all.size()};
      all.push_back({who, command(bits, static_cast<int>(all.size()) + 1), std::nullopt, time, 0});
    } else if (!c.has_acted) {
      int key = 0;
      if constexpr (requires { model.partition(all[0].what); }) {
        key = model.partition(all[c.call].what);
      }
      all[c.call].result = model.apply(states[key], all[c.call].what);
      c.has_acted = true;
    } else {
      all[c.call].returned = time;
      c.calls = false;
      ++returned;
    }
  }
  return all;
}

// Swaps the results of two calls in the second half that did not overlap, are of one kind and have
// different results; `is_like` says what may be swapped.
template <class Model, class Like>
void swap_results(std::vector<operation<Model>>& all, std::uint64_t seed, Like is_like) {
  random_bits bits(seed, 0);
  const auto half = static_cast<std::uint32_t>(all.size() / 2);
  for (;;) {
    operation<Model>& a = all[half + bits.below(half)];
    operation<Model>& b = all[half + bits.below(half)];
    if (a.returned > b.called || a.result == b.result || !is_like(a, b)) continue;
    return std::swap(a.result, b.result);
  }
}

}  // namespace braid::testing
