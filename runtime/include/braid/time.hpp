// Sleeping and timeouts (rules T1-T8). Virtual under the checker: see --timers.
#pragma once

#include <braid/chan.hpp>
#include <braid/scheduler.hpp>
#include <braid/where.hpp>

namespace braid {

// Pauses the goroutine for at least `time`; returns at once if it is zero or negative (T1).
void sleep_for(duration time, where at = {});

// Pauses the goroutine until the clock says `when`; returns at once if it does already (T1).
void sleep_until(time_point when, where at = {});

// A channel that receives the time of expiry, once, when `time` has passed (T6, T8). Its size and
// capacity are 0 (T2). A timer that can be stopped is in <braid/timer.hpp>.
chan<time_point> after(duration time, where at = {});

}  // namespace braid
