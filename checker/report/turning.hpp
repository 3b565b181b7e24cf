// How a finding was shrunk, when its execution goes wrong, and the nearest one that does not.
#pragma once

#include <braid/explore.hpp>

#include "report/page.hpp"

namespace braid {

// `4 steps, 1 preemption`.
std::string size_in_words(std::uint32_t steps, std::uint32_t preemptions);

// `after 4 steps, 1 preemption (the fewest)   shrunk from 41 steps, 9 preemptions`; nothing if it
// was not shrunk.
void write_size(page& to, const finding& f);

//   decided  at step 4: g2 mutex2.lock; from there on every schedule has a deadlock
//   order    g2 mutex2.lock (step 4), then g1 mutex2.lock; with these two swapped, the rest
//            alike, there is no deadlock
//   good     without 4g2 there is no deadlock; first difference at step 4
// Nothing if it is not known.
void write_turn(page& to, const finding& f);

}  // namespace braid
