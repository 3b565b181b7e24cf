// Parking for some time; see <braid/time.hpp>.
#pragma once

#include <braid/scheduler.hpp>

namespace braid::detail {

// Parks in `waiting` until `time`, which is positive, has passed.
void sleep_in(const op& waiting, duration time);

}  // namespace braid::detail
