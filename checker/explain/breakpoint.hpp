// Where a debugger is stopped in an execution that is followed once more.
#pragma once

#include <braid/explore.hpp>
#include <braid/history.hpp>
#include <cstdint>

#include "lockstep/lockstep.hpp"
#include "trace/schedule.hpp"

namespace braid {

// The last numbered event, before which it pays to stop; null if there is none. A panic has unwound
// its stack when it ends the program: there, the last one that its goroutine did before.
const happening* event_to_stop_at(const history& told);

// Follows a schedule in this process, and raises SIGTRAP before the operation of step `step` takes
// effect: on the stack of the goroutine that does it, or where a timer is chosen.
void follow_to_break(const program& followed, const lockstep_options& options, const schedule& s,
                     std::uint32_t step);

}  // namespace braid
