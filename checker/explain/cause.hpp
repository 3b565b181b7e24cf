// Whether two findings have the same cause, though their schedules differ.
//
// Names of goroutines and objects depend on the schedule, places in the source do not: so a cause
// is made of the verdict and of places, or, of an object without one, of who made it. Of a deadlock
// with a cycle only those in the cycle count, of others that wait for locks that were left behind
// only those: who else waits is a consequence. How many did the same at the same place does not
// matter.
#pragma once

#include <braid/explore.hpp>
#include <string>
#include <vector>

namespace braid {

// The same text for findings of one cause, of any execution of one program.
std::string cause_of(const finding& f);

// The finding of an execution that has the cause of this one; null if there is none.
const finding* find_cause(const std::vector<finding>& all, const finding& f);

// Adds a finding to those of other schedules: one for each cause, of the execution that has the
// fewest deviations, of those the first, with the number of outcomes that show it.
void add_by_cause(std::vector<finding>& to, finding f);

}  // namespace braid
