// Whose lanes matter for what is wrong, and a history without the others.
//
// Of waits and data races it is known who takes part; who else only was there is left out where
// the lanes would be hard to read otherwise. Of a panic or a crash it is not known.
#pragma once

#include <braid/explore.hpp>
#include <set>

#include <braid/history.hpp>

namespace braid {

// The goroutines that have a part in what the execution shows: who waits for ever, and for whom;
// whose accesses race; who acts where the schedule deviates or is decided; those that created
// them; and main. Empty if it is not known. `about` may be null.
std::set<int> involved_in(const reported_outcome& o, const history& told, const finding* about);

// Without the rows of others, and without repeated looks at a lock that is not free yet.
history only_with(const std::set<int>& goroutines, const history& told);

}  // namespace braid
