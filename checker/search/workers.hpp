// Those who do the jobs of a round: this process, or worker processes, in which a crash of the
// program is a finding and not the end.
//
// A job whose worker crashes is done again, with a process for each execution from the one that
// crashed on, until the crash is passed and accounted for. So where a program crashes, and how many
// workers there are, changes nothing in the results.
#pragma once

#include <braid/explore.hpp>
#include <functional>
#include <memory>

#include "search/rounds.hpp"

namespace braid {

struct search_plan {
  strategy_options strategy;
  lockstep_options options;
  bool isolate = false;    // a process for every execution
  bool supervise = false;  // in worker processes
  unsigned workers = 1;    // worker processes; 0: one for each processor
};

// Called several times a second, and after each job; true stops the search.
using stop_test = std::function<bool(const search_figures& so_far)>;
inline constexpr double seconds_between_looks = 0.05;  // of the stop test

class workers {
 public:
  virtual ~workers() = default;
  // Does the open jobs of the round. False: it was stopped, perhaps before the round is decided.
  virtual bool do_round(rounds& search, const stop_test& stop) = 0;
  // Executions that were ended from outside, because they did not end soon after a stop.
  virtual std::uint64_t killed() const { return 0; }
};

std::unique_ptr<workers> make_workers(const program& explored, const search_plan& plan);

// Does the search, or goes on with it, to its end or until it is stopped. `before_round` is called
// before each round. Returns workers::killed().
std::uint64_t run_search(const program& explored, const search_plan& plan, rounds& search,
                         const stop_test& stop, const std::function<void()>& before_round = {});

}  // namespace braid
