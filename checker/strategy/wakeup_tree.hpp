// Wakeup trees: what is still to be explored after some prefix, each branch a sequence of events
// that begins a class of executions not seen yet (Abdulla et al., JACM'17, section 6).
//
// A node stands for one event: its process, what it will touch, and the choices made within it. A
// leaf is explored freely. Children are explored in order.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "trace/trace_log.hpp"

namespace braid {

// What is known of an event before it is executed.
struct planned_event {
  process_id process = 0;
  std::vector<access> accesses;
  // The choices that it must make; what comes after them is free.
  std::vector<std::uint32_t> choices;

  // At the place of this event.
  bool conflicts_with(const planned_event& other) const;
};

struct wakeup_node {
  planned_event event;
  std::vector<wakeup_node> children;
};

using wakeup_forest = std::vector<wakeup_node>;

// A sequence of events, each with the knowledge which earlier ones happen before it.
struct wakeup_sequence {
  std::vector<planned_event> events;
  // before[k]: indices of the events of the sequence that happen before the k-th.
  std::vector<std::vector<std::uint32_t>> before;

  // Whether `first` is a weak initial: it could come first in some execution that is equivalent to
  // one that begins with this sequence.
  bool has_weak_initial(const planned_event& first) const;
  // Takes out the first event of a process; does nothing if there is none.
  void remove(process_id process);
};

// As values, for the frontier of a search.
nlohmann::json to_value(const planned_event& event);
planned_event event_from_value(const nlohmann::json& value);
nlohmann::json to_value(const wakeup_forest& forest);
wakeup_forest forest_from_value(const nlohmann::json& value);

// Adds the sequence to the children, unless what they will explore covers it.
void insert(wakeup_forest& children, wakeup_sequence sequence);

}  // namespace braid
