// When an execution goes wrong: the step that decides, the two operations whose order does, and the
// nearest execution that goes well.
//
// The deciding step is the critical transition of Mc SimGrid: the first step from which on every
// continuation fails. A lower bound is the last decision at which another alternative leads to an
// execution that goes well by default; then all continuations of that step are tried, and each that
// goes well moves the bound to where it parts from the failing execution.
//
// The swap is that of Hermit (a pair of events whose order separates failure from success), looked
// for among operations on one object: the later one is moved just before the earlier one, with what
// its goroutine does before it, and the rest follows as it did. If they were independent the
// execution would fail as before, so whatever goes well names two that are not.
#pragma once

#include "explain/shrink_lab.hpp"

namespace braid {

// What is looked for is an execution without the verdict `what`, which was not cut.
turning_point find_turning_point(shrink_lab& lab, const tried_execution& bad, verdict what);

}  // namespace braid
