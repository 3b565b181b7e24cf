// The events of one execution as the search sees them: who did what to which objects.
//
// In shared memory, as all of the flight recorder: an execution that ran in another process, or
// crashed there, can be searched from.
#pragma once

#include <cstdint>
#include <span>

#include "trace/access.hpp"
#include "trace/shared_array.hpp"

namespace braid {

// Whoever acts: a goroutine, by its spawn path, or a timer.
using process_id = std::uint64_t;

// One event that a strategy scheduled. What happens while goroutines settle is part of it.
struct traced_event {
  process_id process = 0;
  std::uint32_t accesses_begin = 0;
  std::uint32_t accesses_end = 0;
  std::uint32_t links_begin = 0;
  std::uint32_t links_end = 0;
  std::uint32_t choices_begin = 0;
  std::uint32_t choices_end = 0;
  bool is_guarded = false;  // it could only happen while its guard held
  bool is_fire = false;     // of a timer
  bool is_barrier = false;  // the clock moved because nothing else could happen
};

// What an event did to other processes.
struct trace_link {
  enum class kind : std::uint8_t {
    spawned,    // `other` begins
    completed,  // `other`'s operation, which had parked, is completed
    took,       // the value, or the room in the buffer, came from event number `event`
    armed,      // the timer `other` may fire
  };
  kind what;
  process_id by = 0;  // who did it: the event's own process, or one that was settled after it
  process_id other = 0;
  std::uint32_t event = 0;
};

// A choice that was made within an event: of a ready case, or a value of choose().
struct trace_choice {
  std::uint32_t taken;
  std::uint32_t of;
};

// A goroutine that at the end waits on a guard: its operation never happened, but could have.
struct pending_access {
  process_id process;
  access what;
};

struct trace_log {
  trace_log();
  void clear();
  bool is_full() const {
    return events.is_full() || accesses.is_full() || links.is_full() || choices.is_full();
  }

  std::span<const access> accesses_of(const traced_event& e) const {
    return accesses.all().subspan(e.accesses_begin, e.accesses_end - e.accesses_begin);
  }
  std::span<const trace_link> links_of(const traced_event& e) const {
    return links.all().subspan(e.links_begin, e.links_end - e.links_begin);
  }
  std::span<const trace_choice> choices_of(const traced_event& e) const {
    return choices.all().subspan(e.choices_begin, e.choices_end - e.choices_begin);
  }

  shared_array<traced_event> events;
  shared_array<access> accesses;
  shared_array<trace_link> links;
  shared_array<trace_choice> choices;
  shared_array<pending_access> pending;
};

}  // namespace braid
