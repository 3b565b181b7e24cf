// From what was found to the report.
#pragma once

#include <braid/explore.hpp>
#include <string>
#include <vector>

#include "search/rounds.hpp"

namespace braid {

// What one strategy came to. A search has one phase, or several: auto.
struct phase {
  std::string strategy;
  bool is_exhaustive = false;
  search_state state = search_state::more;
  tally found = {};  // of a shard: what counts in it

  // What auto decides on. Of a shard also what counts in another one, so that all do the same.
  std::uint64_t runs = 0;  // of the budget
  bool has_cuts = false;   // what would have come in some executions is not known
  std::string gap = {};    // why dfs is to come next; empty: it is not
};

// What ended the search, if not its budget.
struct cut_short {
  bool by_interrupt = false;
  bool by_time = false;
  std::uint64_t killed = 0;  // executions that did not end then
};

// Adds up the phases, follows each outcome's schedule again before it is reported, and judges
// whether the search is complete.
void write_report(report& r, const program& explored, const explore_options& options,
                  const std::vector<phase>& phases, cut_short why);

strategy_options strategy_of(const std::string& name, const explore_options& options);

}  // namespace braid
