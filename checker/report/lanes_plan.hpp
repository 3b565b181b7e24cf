// What the lanes show, before any of it has a place: which lanes, and the rows in words.
#pragma once

#include <braid/history.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "report/lanes.hpp"

namespace braid {

// An arrow from the row's own lane to another.
struct lane_arrow {
  int to = 0;         // a goroutine
  std::string label;  // `started`, `woken`
};

struct lane_row {
  std::uint32_t step = 0;  // 0: no number
  int goroutine = 0;       // or happening::timers
  std::string text;
  std::vector<lane_arrow> arrows = {};
  bool is_deviation = false;
  bool is_failure = false;
  bool is_gap = false;  // no event: the text says what lies between the rows
};

// More become one column with names.
inline constexpr std::size_t lanes_max = 6;

struct lanes_plan {
  std::vector<int> lanes;  // goroutines with an event, by number; last the timers, if any fired
  std::vector<lane_row> rows;
  std::size_t idle = 0;  // goroutines without an event

  // That have a lane.
  std::size_t goroutines() const {
    const bool has_timers = !lanes.empty() && lanes.back() == happening::timers;
    return lanes.size() - has_timers;
  }
};

lanes_plan plan_lanes(const history& told, const lanes_options& options, const style& look);

}  // namespace braid
