// A search in a worker process, so that a crash of the program is a finding and not the end.
//
// The worker sends what it found, and its frontier, every so often. When it crashes, the search
// goes on from the last frontier, with a process for the execution that crashed and for some after
// it; how often results are sent changes nothing in them.
#pragma once

#include <braid/explore.hpp>
#include <functional>

#include "search/session.hpp"

namespace braid {

struct search_plan {
  strategy_options strategy;
  lockstep_options options;
  budget limits;
  bool isolate = false;    // a process for every execution
  bool supervise = false;  // in a worker process
};

struct search_result {
  search_state state = search_state::more;  // more: it was stopped
  tally found;
};

// Called several times a second; true stops the search.
using stop_test = std::function<bool(const tally& so_far)>;

search_result run_search(const program& explored, const search_plan& plan, const stop_test& stop);

}  // namespace braid
