// One execution as a timeline: a lane for each goroutine, time downwards.
//
//   step  main             g1 timeout.cpp:15     timers
//   ────  ──────────────   ───────────────────   ───────────────────
//      1  go g1 ─────────▸ started
// ▶    2                   sleep 900ms  ⏸
//      3                   woken ◂────────────── 900ms  wakes g1
//
// `▶` is a deviation from the default schedule. Goroutines without an event are counted, not drawn;
// more than six lanes become one column with names, and so do lanes that would be narrower than the
// words in them; long stretches of one goroutine become one row, and loops their first round with
// `↻ x51`.
#pragma once

#include <braid/history.hpp>
#include <string>

#include "report/page.hpp"

namespace braid {

struct lanes_options {
  bool show_all = false;        // fold nothing
  std::size_t left_out = 0;     // so many goroutines have no rows because they are not involved
  bool waits_for_ever = false;  // whoever waits at the end does so for ever
  std::string last_line = {};   // what ended it, if that is no event: a crash, a limit
};

void write_lanes(page& to, const history& told, const lanes_options& options = {});

}  // namespace braid
