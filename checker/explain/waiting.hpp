// Who waits for whom at the end of an execution: the wait-for graph.
//
// Exact are locks: who holds one is known, and since when and where. A writer that waits for
// readers holds nothing yet, though it keeps new readers out. Of channels, conds, wait groups and
// atomics it is known who has used them, which is no proof that nobody else could: C++ does not
// tell who still has a reference.
#pragma once

#include <braid/explore.hpp>
#include <string>
#include <vector>

#include <braid/history.hpp>

namespace braid {

// Those that wait at the end, with all that is known of their waits. Of an execution that was cut
// only those that can never go on, in a deadlock because of a lock, in a leak for other reasons.
std::vector<involved_goroutine> explain_waits(const history& told, verdict what);

// One of them, or any other goroutine.
involved_goroutine explain_goroutine(const history& told, int number);

// The goroutines and locks of the cycle, as in `finding`; none if there is none.
std::vector<std::string> cycle_of(const std::vector<involved_goroutine>& waiting);

}  // namespace braid
