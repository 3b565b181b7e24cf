// Whether a program is deterministic under braid: whether a schedule determines all that it does.
//
// Each schedule is executed three times: in a process of its own, and twice in one process that has
// executed the others before, where the heap is moved as well. What differs between these depends
// on something that is not braid's: a clock, a random device, an address, a global variable.
#pragma once

#include <braid/explore.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "trace/schedule.hpp"

namespace braid {

// Where two executions of one schedule part.
struct parting {
  std::string token;
  std::uint32_t step = 0;  // 0: no event differs when they are executed again, only this time
  // What came there: in a process of its own, and after others. Empty if nothing came.
  happening alone = {};
  happening after_others = {};
  std::string what;  // differed: the trace, the output, the verdict
};

struct determinism {
  std::uint64_t schedules = 0;  // that differ from each other
  std::uint64_t executions = 0;
  std::optional<parting> differs = {};
  bool was_interrupted = false;
};

// The default schedule and sampled ones, options.runs_max in all, 100 if that is not said.
determinism check_determinism(const program& checked, const explore_options& options);
// The same for one schedule only.
determinism check_determinism(const program& checked, const explore_options& options,
                              const schedule& of);

}  // namespace braid
