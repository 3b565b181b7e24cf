// Happens-before over the events of one execution, and the races in it.
//
// The relation is that of the search (dependence, SEARCH rules), not that of the data race
// detector: program order, spawn, the partner that completed a parked operation, the value or room
// that a channel operation needed before its goroutine could go on, and conflicts in the order in
// which they happened.
//
// A race is a pair of conflicting events of different processes with nothing between them in this
// order, of which the later could also have happened first (Abdulla et al., JACM'17, definition of
// reversible races). A guarded event (lock, wait) races with an earlier one only if its guard would
// hold without that: so a lock races with the previous lock, not with the unlock that let it in.
//
// Clocks lie in one flat array, a row for each event.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "trace/trace_log.hpp"

namespace braid {

class happens_before {
 public:
  // Reads a whole execution.
  void read(const trace_log& log);

  // True if event `a` happens before event `b`, or is it.
  bool before(std::uint32_t a, std::uint32_t b) const {
    return row(b)[process_of_[a]] >= ordinal_[a];
  }
  // The same for equivalent executions, different for others (up to a collision of 64 bits): made
  // of each event's past.
  std::uint64_t class_hash(const trace_log& log) const;
  // The events with which event `b` races, the latest first.
  std::span<const std::uint32_t> races_of(std::uint32_t b) const {
    return {races_.data() + races_begin_[b], races_begin_[b + 1] - races_begin_[b]};
  }
  // Events, and after them the operations that are pending for ever, as if they came last.
  std::uint32_t events() const { return static_cast<std::uint32_t>(process_of_.size()); }

 private:
  using clock_entry = std::uint32_t;
  struct touched {
    std::uint32_t event;
    access what;
  };

  clock_entry* row(std::uint32_t event) { return clocks_.data() + event * stride_; }
  const clock_entry* row(std::uint32_t event) const { return clocks_.data() + event * stride_; }
  clock_entry* base(std::uint32_t process) { return bases_.data() + process * stride_; }
  std::uint32_t index_of(process_id process);
  void join(clock_entry* into, const clock_entry* from) const;
  std::vector<touched>& accesses_to(std::uint64_t object);

  void size_tables(const trace_log& log);
  void add(const traced_event& e, std::span<const access> accesses);
  void pass_barrier(std::uint32_t event, const traced_event& e);
  void find_candidates(std::uint32_t event, std::span<const access> accesses);
  void find_races(std::uint32_t event, std::span<const access> accesses, bool is_guarded);
  std::int32_t count_without(std::uint32_t earlier, std::uint64_t object);
  void join_enabling(std::uint32_t event, std::span<const access> accesses);
  void follow(const trace_link& l, std::uint32_t event);

  std::size_t stride_ = 0;  // processes
  std::vector<clock_entry> clocks_;
  std::vector<clock_entry> bases_;        // the clock with which each process goes on
  std::vector<clock_entry> clock_moved_;  // what came before the clock moved last
  std::vector<process_id> processes_;
  std::vector<std::uint32_t> process_of_;
  std::vector<std::uint32_t> ordinal_;
  std::vector<std::uint32_t> races_;
  std::vector<std::uint32_t> races_begin_;
  std::vector<std::uint32_t> candidates_;
  std::vector<std::uint32_t> only_ordered_;
  std::vector<std::uint64_t> objects_;
  std::vector<std::vector<touched>> touched_;  // parallel to objects_; reused
};

}  // namespace braid
