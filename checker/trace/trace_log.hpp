// The events of one execution as the search sees them: who did what to which objects.
//
// In shared memory, as all of the flight recorder: an execution that ran in another process, or
// crashed there, can be searched from.
//
// The log is written front to back, and cut back to its first events when the next execution begins
// with the same ones: see tracer::keep().
#pragma once

#include <braid/scheduler.hpp>
#include <cstdint>
#include <span>

#include "trace/access.hpp"
#include "trace/shared_array.hpp"

namespace braid {

// Whoever acts: a goroutine, by its spawn path, or a timer.
using process_id = std::uint64_t;

// A process by its place in the log's list of processes: only for one execution.
using process_index = std::uint32_t;

// Items of one of the log's arrays.
struct log_range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

// One event that a strategy scheduled. What happens while goroutines settle is part of it.
struct traced_event {
  process_index process = 0;
  bool is_guarded = false;    // it could only happen while its guard held
  bool is_set_aside = false;  // only when something had changed that the iteration before it read
  bool is_comparing = false;  // whether it writes depends on the value that it finds
  bool is_fire = false;       // of a timer
  bool is_barrier = false;    // it happened, or moved the clock, because nothing else could happen
  // Of a fire that never came: the event that disarmed the timer instead; 0: of another one.
  std::uint32_t disarmed_by = 0;
  log_range accesses;
  log_range links;
  log_range choices;
  log_range held;
  std::uint32_t processes_begin = 0;  // how many were known when it began
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
  process_index by = 0;  // who did it: the event's own process, or one that was settled after it
  process_index other = 0;
  std::uint32_t event = 0;
};

// A choice that was made within an event: of a ready case, or a value of choose().
struct trace_choice {
  std::uint32_t taken;
  std::uint32_t of;
  process_index by = 0;  // the event's own process, or one that was settled after it
};

// A timer, from when it was armed until it fired or was disarmed.
struct trace_arming {
  process_index timer = 0;
  std::uint64_t object = 0;  // the channel that it feeds, or the timer that starts a goroutine
  bool starts = false;       // a goroutine
  time_point deadline{};
  std::uint32_t armed_in = 0;  // this event
  std::uint32_t gone_in = 0;   // 0: it is still armed
  bool is_disarmed = false;    // it did not fire
  bool is_due = false;         // ... but it could have, as far as the clock matters
};

// An object was destroyed while the program ran.
struct trace_death {
  std::uint64_t object;
  std::uint32_t event;
};

struct trace_log {
  trace_log();
  void clear();
  bool is_nearly_full() const {
    return events.is_nearly_full() || accesses.is_nearly_full() || links.is_nearly_full() ||
           choices.is_nearly_full() || held.is_nearly_full() || processes.is_nearly_full() ||
           deaths.is_nearly_full() || armings.is_nearly_full();
  }

  process_id process_of(const traced_event& e) const { return processes.begin()[e.process]; }
  std::span<const access> accesses_of(const traced_event& e) const {
    return part(accesses, e.accesses);
  }
  std::span<const trace_link> links_of(const traced_event& e) const { return part(links, e.links); }
  std::span<const trace_choice> choices_of(const traced_event& e) const {
    return part(choices, e.choices);
  }
  // The writes on its object before which it could have happened, or have written: events in their
  // order. Of an await or a compare_exchange on an atomic.
  std::span<const std::uint32_t> held_of(const traced_event& e) const { return part(held, e.held); }

  shared_array<traced_event> events;
  // The operations that were left at the end, and the fires of timers that were disarmed, as events
  // that never happened but could have.
  shared_array<traced_event> pending;
  shared_array<access> accesses;
  shared_array<trace_link> links;
  shared_array<trace_choice> choices;
  shared_array<std::uint32_t> held;
  shared_array<process_id> processes;
  shared_array<trace_death> deaths;
  shared_array<trace_arming> armings;
  // Those before this event are as they were in the execution before, as far as that one had them.
  shared_array<std::uint32_t> changed_from;
  shared_array<std::uint64_t> writings;  // how often an execution was written, as one number

 private:
  template <class T>
  static std::span<const T> part(const shared_array<T>& of, log_range r) {
    return {of.begin() + r.begin, of.begin() + r.end};
  }
};

}  // namespace braid
