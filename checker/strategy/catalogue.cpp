// The strategies by name; see catalogue.hpp.
#include "strategy/catalogue.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "strategy/run_ranges.hpp"
#include "strategy/single_job.hpp"

namespace braid {
namespace {

constexpr std::array entries = {
    strategy_entry{"random", "uniform random walk", make_random},
    strategy_entry{"dfs", "every interleaving, one after another", make_dfs, make_dfs_frontier},
    strategy_entry{"dpor", "each class of equivalent executions once (experimental)", make_dpor},
};

}  // namespace

std::span<const strategy_entry> strategies() { return entries; }

bool is_strategy(std::string_view name) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const strategy_entry& entry) { return entry.name == name; });
}

namespace {

const strategy_entry& entry_of(const std::string& name) {
  for (const strategy_entry& entry : entries) {
    if (entry.name == name) return entry;
  }
  throw std::invalid_argument("no strategy '" + name + "'");
}

}  // namespace

std::unique_ptr<strategy> make_strategy(const strategy_options& options) {
  return entry_of(options.name).make(options);
}

std::unique_ptr<frontier> make_frontier(const strategy_options& options) {
  const strategy_entry& entry = entry_of(options.name);
  if (entry.make_frontier != nullptr) return entry.make_frontier(options);
  if (entry.make(options)->is_exhaustive()) return make_single_job(options);
  return make_run_ranges({});
}

}  // namespace braid
