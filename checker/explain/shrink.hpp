// Shrinks a schedule: fewest preemptions, then fewest deviations, then fewest steps.
//
// First greedily, on plans (shrink_plan.hpp): the end is left to the default, processes and blocks
// are left out (delta debugging: Zeller, Hildebrandt, TSE'02), blocks are run on until they block
// or up to where the same process acts again (Jalbert, Sen, FSE'10), choices and the data seed go
// to 0. Whatever is tried, the execution that comes of it is what is judged and kept. Then by
// search: every execution with 0 preemptions, with 1, and so on (bounded dfs), up to the first that
// fails; if that ends below what was found, the minimum is proved. Last all with few deviations,
// which finds what the greedy part misses where executions without preemptions are already too
// many.
//
// Deviation from delta debugging: subsets are not tried from scratch; each success begins anew from
// the execution that it came to, whose blocks may be others.
#pragma once

#include "explain/shrink_lab.hpp"

namespace braid {

struct shrunk_schedule {
  tried_execution smallest;
  minimality minimal = minimality::unknown;
  bool reproduced = true;  // false: the execution given did not fail again; it is what is returned
};

// REQUIRES: the lab is allowed to run something. `improved` is told of each smaller execution.
shrunk_schedule shrink_schedule(shrink_lab& lab, const schedule& from, const still_fails& fails,
                                const std::function<void(const schedule&)>& improved = {});

}  // namespace braid
