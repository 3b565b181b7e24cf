// The strategies by name. A new one is declared here and listed in catalogue.cpp. One that is not
// exhaustive is cut by run numbers; an exhaustive one is not cut, unless it names its frontier.
#pragma once

#include <span>

#include "frontier.hpp"
#include "strategy.hpp"

namespace braid {

struct strategy_entry {
  enum class bounding : std::uint8_t {
    none,       // it cannot be bounded
    by_itself,  // it reads the bounds
    from_afar,  // what it may pick is narrowed (strategy/bounded.cpp)
  };

  std::string_view name;
  std::string_view summary;
  std::unique_ptr<strategy> (*make)(const strategy_options& options);
  bounding bounds = bounding::from_afar;
  std::string_view parameters = {};  // as they are written
  std::size_t parameters_max = 0;    // whole numbers from 1
  // Null: one job at a time, or ranges of runs.
  std::unique_ptr<frontier> (*make_frontier)(const strategy_options& options) = nullptr;
};

std::span<const strategy_entry> strategies();

std::unique_ptr<strategy> make_random(const strategy_options& options);
std::unique_ptr<strategy> make_urw(const strategy_options& options);
std::unique_ptr<strategy> make_surw(const strategy_options& options);
std::unique_ptr<strategy> make_pct(const strategy_options& options);
std::unique_ptr<strategy> make_pos(const strategy_options& options);
std::unique_ptr<strategy> make_portfolio(const strategy_options& options);
std::unique_ptr<strategy> make_dfs(const strategy_options& options);
std::unique_ptr<strategy> make_dpor(const strategy_options& options);

// Keeps `sampler` within the bounds of `options`.
std::unique_ptr<strategy> make_bounded(std::unique_ptr<strategy> sampler,
                                       const strategy_options& options);
std::unique_ptr<strategy> make_bounded_dfs(const strategy_options& options);

std::unique_ptr<frontier> make_dfs_frontier(const strategy_options& options);
std::unique_ptr<frontier> make_dpor_frontier(const strategy_options& options);

}  // namespace braid
