// The strategies by name. A new one is declared here and listed in catalogue.cpp. One that is not
// exhaustive is cut by run numbers; an exhaustive one is not cut, unless it names its frontier.
#pragma once

#include <span>

#include "frontier.hpp"
#include "strategy.hpp"

namespace braid {

struct strategy_entry {
  std::string_view name;
  std::string_view summary;
  std::unique_ptr<strategy> (*make)(const strategy_options& options);
  std::unique_ptr<frontier> (*make_frontier)(const strategy_options& options) = nullptr;
};

std::span<const strategy_entry> strategies();

std::unique_ptr<strategy> make_random(const strategy_options& options);
std::unique_ptr<strategy> make_dfs(const strategy_options& options);
std::unique_ptr<strategy> make_dpor(const strategy_options& options);

std::unique_ptr<frontier> make_dfs_frontier(const strategy_options& options);

}  // namespace braid
