// An execution as a graph for Graphviz.
//
// If goroutines wait at its end in what is a finding, a deadlock or a leak: who waits for what, and
// who holds it; a cycle is red. Else the order of its events: those of a goroutine one below the
// other, arrows for what creates or wakes a goroutine, and dashed arrows between two goroutines
// that use an object one after the other.
#pragma once

#include <string>

#include "report/perfetto.hpp"

namespace braid {

// A graph for each execution, one after the other.
std::string dot_of(const std::vector<shown_execution>& all);

}  // namespace braid
