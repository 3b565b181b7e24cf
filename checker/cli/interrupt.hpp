// Ctrl-C: the first asks the search to stop and print what it has, the second ends at once.
#pragma once

#include "process/stopwatch.hpp"

namespace braid::cli {

// From here on SIGINT, or SIGTERM (of Slurm, Kubernetes), sets a flag, once.
void catch_interrupts();
bool was_interrupted();

// For work on a report that may be long: what there is of it after an interrupt gets a second in
// all, from its beginning.
class last_second {
 public:
  bool is_over() const { return was_interrupted() && since_.seconds() > 1; }

 private:
  stopwatch since_;
};

}  // namespace braid::cli
