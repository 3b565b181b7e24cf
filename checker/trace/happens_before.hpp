// Happens-before over the events of one execution, and the races in it.
//
// The relation is that of the search (dependence, trace/access.hpp), not that of the data race
// detector: program order, spawn, the partner that completed a parked operation, the value or room
// that a channel operation needed before its goroutine could go on, and conflicts in the order in
// which they happened.
//
// A race is a pair of conflicting events of different processes with nothing between them in this
// order, of which the later could also have happened first (Abdulla et al., JACM'17, definition of
// reversible races). A guarded event (lock, wait) races with an earlier one only if its guard would
// hold without that: so a lock races with the previous lock, not with the unlock that let it in;
// and an operation that was set aside until something that its loop read had changed races with one
// change only if there was another.
//
// What is special of timers that are disarmed is in disarmed.cpp, of counters in counters.cpp.
//
// Clocks lie in one flat array, a row for each event. What is known of events that the next
// execution repeats is kept.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "trace/object_slots.hpp"
#include "trace/trace_log.hpp"

namespace braid {

class happens_before {
 public:
  static constexpr std::uint32_t none = 0xffffffff;
  // What was done to an object.
  struct counts {
    std::int32_t holders = 0;  // or the counter of a wait group
    std::int32_t sends = 0;
    std::int32_t recvs = 0;
    std::int32_t closes = 0;
    // Selects that are parked, with a case that sends, or receives; and those that parked so far.
    std::int32_t sending_selects = 0;
    std::int32_t receiving_selects = 0;
    std::int32_t parkings = 0;
    // What was done between two of these.
    void add_difference(const counts& from, const counts& to);
  };
  struct touched {
    std::uint32_t event;
    // Each that took one from a counter until then relies on an addition.
    bool all_rely = true;
    // All accesses to the object before it happen before it.
    bool is_after_all = false;
    access what;
    counts until;  // itself included
    // Of an addition to a counter: how many that take one from it rely on it. Of these: on which.
    std::int32_t relied_on = 0;
    std::uint32_t relies_on = none;
    // Where those begin that come right before it and are of the same process, itself included; and
    // those of the same mode; and those that come after all.
    std::uint32_t run = 0;
    std::uint32_t alike = 0;
    std::uint32_t chain = 0;
  };

  // Reads an execution. Its events before `from` are those of the one that was read last.
  void read(const trace_log& log, std::uint32_t from = 0);

  // True if event `a` happens before event `b`, or is it.
  bool before(std::uint32_t a, std::uint32_t b) const {
    const stamp& of_a = stamps_[a];
    return row(b)[of_a.process] >= of_a.ordinal;
  }
  // True if event `a` happens before the process of event `b` comes to it, whatever `b` then does.
  bool before_arrival(std::uint32_t a, std::uint32_t b) const {
    const stamp& of_a = stamps_[a];
    return arrival_row(b)[of_a.process] >= of_a.ordinal;
  }
  // True if the timer whose fire is event `fire`, which may be one that never came, could not fire
  // before event `stop` because that disarmed a timer with an earlier deadline.
  bool awaits(std::uint32_t fire, std::uint32_t stop) const;
  // `counts` has a number for each of processes(), as happened_until() does. True if besides
  // `event` itself its past has no event beyond these: of each process they are the first ones.
  bool is_next_after(const std::int32_t* counts, std::uint32_t event) const;
  // The same for the process of `event` when it comes to it: see before_arrival().
  bool arrives_next_after(const std::int32_t* counts, std::uint32_t event) const;
  // The past of an event without itself: its latest event, or none, and whether all the rest is
  // that event's past.
  struct predecessor {
    std::uint32_t latest;
    bool is_only;
  };
  const predecessor& predecessor_of(std::uint32_t event) const;
  // The process of an event, and its number among the events of that process, from 1.
  process_index process_of(std::uint32_t event) const { return stamps_[event].process; }
  std::int32_t ordinal(std::uint32_t event) const { return stamps_[event].ordinal; }
  // Some may be unused: none is known yet that has their number.
  std::size_t processes() const { return stride_; }
  // How many events of each process there are up to `place`.
  std::span<const std::int32_t> happened_until(std::uint32_t place) const {
    return {happened_row(place), stride_};
  }
  std::span<const std::uint32_t> events_of(process_index process) const {
    return events_of_[process];
  }
  // The n-th event of a process, from 0, or none.
  std::uint32_t nth_event(process_index process, std::uint32_t n) const {
    const std::vector<std::uint32_t>& all = events_of_[process];
    return n < all.size() ? all[n] : none;
  }
  // True if some timer was disarmed.
  bool has_disarmed() const { return !disarmed_.empty(); }
  // The first event that was not known from the execution read before.
  std::uint32_t first_new() const { return first_new_; }
  // True if all new events happen after event `a`.
  bool before_all_new(std::uint32_t a) const {
    return common_past_[stamps_[a].process] >= stamps_[a].ordinal;
  }
  // The same for equivalent executions, different for others (up to a collision of 64 bits): made
  // of each event's past. REQUIRES: `log` was read from its beginning.
  std::uint64_t class_hash(const trace_log& log) const;
  struct race {
    std::uint32_t earlier;
    std::uint32_t later;
  };
  // In the order of their later events.
  std::span<const race> races() const { return races_; }
  // Where an object was touched, in order.
  std::span<const touched> accesses_to(std::uint64_t object) const {
    const std::uint32_t slot = slots_.find(object);
    if (slot == object_slots::none) return {};
    return touched_[slot];
  }
  // Those of `event` and after it.
  std::span<const touched> accesses_since(std::uint32_t event, std::uint64_t object) const;
  // True if it is a select that took no case.
  bool has_parked(std::uint32_t event) const;
  // True if a goroutine used an object that another one destroyed later, and nothing but the
  // schedule made it so.
  bool has_lifetime_race() const { return has_lifetime_race_; }
  // True if, at a new event, a counter (of a wait group, or of readers) could have gone below zero,
  // or been zero for who waited for that, but only if more than one event had not happened yet: no
  // pair of events tells.
  bool has_counter_race() const { return has_counter_race_; }
  // Events, and after them the operations that are pending for ever, as if they came last.
  std::uint32_t events() const { return events_; }

 private:
  using clock_entry = std::int32_t;                   // signed: SSE2 compares no others
  static constexpr std::size_t block = 8;             // rows are of whole blocks
  static constexpr std::uint32_t unknown = none - 1;  // no event yet
  // Of an event: who does it, and its number among the events of that process, from 1.
  struct stamp {
    process_index process;
    clock_entry ordinal;
  };

  // The rows of an event lie side by side: its past, itself included; the past of its process until
  // then; and what came no later, of each process. Before those of the first event lie empty ones.
  clock_entry* row(std::uint32_t event) { return rows_.data() + (event + 1) * 3 * stride_; }
  const clock_entry* row(std::uint32_t event) const {
    return rows_.data() + (event + 1) * 3 * stride_;
  }
  const clock_entry* arrival_row(std::uint32_t event) const { return row(event) + stride_; }
  clock_entry* happened_row(std::uint32_t event) { return row(event) + 2 * stride_; }
  const clock_entry* happened_row(std::uint32_t event) const { return row(event) + 2 * stride_; }
  clock_entry* base(process_index process) { return bases_.data() + process * stride_; }
  void join(clock_entry* into, const clock_entry* from) const;
  void meet(clock_entry* into, const clock_entry* with) const;
  static void copy_block(clock_entry* to, const clock_entry* from);
  void copy(clock_entry* to, const clock_entry* from) const;
  template <class F>
  void combine(clock_entry* __restrict into, const clock_entry* __restrict with, F&& f) const;
  predecessor found_predecessor(std::uint32_t event) const;
  template <class F>
  clock_entry sum(const clock_entry* a, const clock_entry* b, F&& f) const;

  void start_over(std::size_t processes);
  void make_room(std::size_t events);
  void begin(std::uint32_t event, process_index process, const clock_entry* past);
  void find_common_past();
  void cut(std::uint32_t events);
  void add(const traced_event& e, std::span<const access> accesses,
           std::span<const std::uint32_t> held);
  void add_prevented(const traced_event& fire);
  void note_disarmed(std::uint32_t event);
  void pass_barrier(std::uint32_t event, const traced_event& e);
  const trace_arming* arming_of(std::uint32_t fire) const;
  bool must_await_stops(std::uint32_t earlier, std::uint32_t fire) const;
  void join_stops(std::uint32_t fire);
  bool can_fire_instead(const trace_arming& prevented) const;
  // An event while its races are found, and what it depends on.
  struct arrival {
    std::uint32_t event;
    const traced_event& what;
    std::span<const access> accesses;
    std::span<const std::uint32_t> held;
  };
  [[gnu::always_inline]] inline std::uint32_t slot_of(std::uint64_t object);
  void note_access(std::uint32_t event, const access& a, std::uint32_t slot);
  void count_on_channel(counts& c, std::uint32_t event, const access& a) const;
  template <class F>
  [[gnu::always_inline]] inline void for_each_race(std::uint32_t event, const access& what,
                                                   std::span<const touched> all, F&& f);
  [[gnu::always_inline]] inline void find_races_on(const arrival& a, const access& what,
                                                   std::span<const touched> all);
  void find_races_on_all(const arrival& a);
  bool is_race(const touched& earlier, const access& later) const;
  bool is_ordered_only(std::uint32_t earlier, const arrival& a) const;
  bool holds_without(std::uint32_t earlier, const access& await,
                     std::span<const std::uint32_t> held) const;
  bool goes_on_without(std::uint32_t earlier, const arrival& a) const;
  bool must_await_timers(std::uint32_t earlier, const access& tick) const;
  std::int32_t count_without(std::uint32_t earlier, std::uint64_t object) const;
  bool is_used_freely(const trace_death& death) const;
  std::uint32_t addition_for(std::uint32_t event, std::span<const touched> all) const;
  std::uint32_t rely_on_addition(std::vector<touched>& there, std::uint32_t event);
  bool may_go_below_zero(std::uint32_t event, const access& later,
                         std::span<const touched> all) const;
  bool may_be_too_early(std::uint32_t event, const access& minus) const;
  template <class F>
  std::int32_t least_after(std::uint32_t event, std::uint64_t object, F&& is_past) const;
  std::int32_t least_at_arrival(std::uint32_t event, std::uint64_t object) const;
  bool relies_on_others(std::uint32_t addition, const std::vector<touched>& there) const;
  bool may_hold_earlier(std::uint32_t event, const access& await) const;
  void join_enabling(std::uint32_t event, const access& what, std::span<const touched> all);
  void follow(const trace_link& l, std::uint32_t event);

  std::size_t stride_ = 0;                // processes that there is room for
  std::vector<clock_entry> rows_;         // of each event: three
  std::vector<clock_entry> bases_;        // the clock with which each process goes on
  std::vector<clock_entry> common_past_;  // of all new events
  struct followed_link {
    std::uint32_t event;
    process_index process;  // whose base it changed
  };
  std::vector<followed_link> links_;
  std::vector<clock_entry> link_clocks_;  // for each of them: the base before it
  struct clock_move {
    std::uint32_t event;
    std::vector<clock_entry> past;  // what came before
  };
  std::vector<clock_move> clock_moves_;
  struct disarming {
    std::uint32_t event;
    process_index timer;
    std::vector<clock_entry> past;  // of the timer
  };
  std::vector<disarming> disarmings_;
  std::vector<const trace_arming*> disarmed_;          // of the log
  const trace_log* log_ = nullptr;                     // that is read
  std::uint32_t events_ = 0;                           // there is room for more
  std::vector<stamp> stamps_;                          // of each
  mutable std::vector<predecessor> predecessors_;      // of each, found when asked for
  std::vector<std::vector<std::uint32_t>> events_of_;  // each process, in order
  std::uint32_t first_new_ = 0;
  std::uint32_t first_pending_ = 0;
  bool has_lifetime_race_ = false;
  bool has_counter_race_ = false;
  std::vector<race> races_;
  std::vector<std::uint32_t> candidates_;
  std::vector<std::uint32_t> only_ordered_;
  object_slots slots_;
  std::vector<std::vector<touched>> touched_;  // by the object's slot
  std::vector<std::uint32_t> touched_slots_;   // in the order of the accesses
};

}  // namespace braid
