// Whether two findings have the same cause, though their schedules differ.
//
// Names of goroutines and objects depend on the schedule, places in the source do not: so a cause
// is made of the verdict and of places.
#pragma once

#include <braid/explore.hpp>
#include <string>

namespace braid {

// The same text for findings of one cause, of any execution of one program.
std::string cause_of(const finding& f);

}  // namespace braid
