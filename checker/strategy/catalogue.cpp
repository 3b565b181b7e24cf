// The strategies by name; see catalogue.hpp.
#include "strategy/catalogue.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace braid {
namespace {

constexpr std::array entries = {
    strategy_entry{"random", "uniform random walk", make_random},
    strategy_entry{"dfs", "every interleaving, one after another", make_dfs},
    strategy_entry{"dpor", "each class of equivalent executions once (experimental)", make_dpor},
};

}  // namespace

std::span<const strategy_entry> strategies() { return entries; }

bool is_strategy(std::string_view name) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const strategy_entry& entry) { return entry.name == name; });
}

std::unique_ptr<strategy> make_strategy(const strategy_options& options) {
  for (const strategy_entry& entry : entries) {
    if (entry.name == options.name) return entry.make(options);
  }
  throw std::invalid_argument("no strategy '" + options.name + "'");
}

}  // namespace braid
