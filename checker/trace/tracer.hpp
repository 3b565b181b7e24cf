// Writes the events of an execution into a trace log: who touched which objects in which way, and
// what each event made possible.
//
// What each operation touches is in touches.cpp, what timers do in traced_timers.cpp.
//
// An execution that begins as the one before it did costs nothing up to where they part: keep()
// cuts the log, and what is known here, back to the common events.
#pragma once

#include <optional>
#include <vector>

#include "lockstep/objects.hpp"
#include "lockstep/observer.hpp"
#include "trace/trace_log.hpp"

namespace braid {

class tracer final : public observer {
 public:
  // `objects`, `loops`: of the lockstep that is observed. `clock_races`: events that move the clock
  // race with those that read it (timers free).
  tracer(const object_table& objects, const repetitions& loops, bool clock_races, trace_log& log);

  // Begins to write an execution.
  void begin();
  // The same, for one whose first `events` are those of the last one that was written; the next
  // event is told again. REQUIRES: 0 < events < those of the last one.
  void keep(std::uint32_t events);
  bool writes_to(const trace_log& log) const { return &log_ == &log; }
  // False if another process has written into the log since.
  bool wrote_last() const { return *log_.writings.begin() == writing_; }

  // From observer:
  void created(const goroutine& g) override;
  void finished(const goroutine&) override {}
  void made(const op&) override {}
  void destroyed(const object& o) override;
  void decided(const decision& d, const situation* among) override;
  void does(std::uint32_t step, const goroutine& g, const op& what) override;
  void done(const goroutine& g, const event& what) override;
  void refused(const goroutine& g, std::string_view why) override;
  void waits(const goroutine&, const op&) override {}
  void set_aside(const goroutine&, const op&, std::span<const observation>) override {}
  void released(const goroutine& g) override;
  void fires(std::uint32_t step, const alarm& which, bool moves_clock) override;
  void woken(const goroutine& g, const op& waited) override;
  void armed(const alarm& which) override;
  void disarmed(const alarm& which, bool is_due) override;
  void left(const goroutine& g, const op& next) override;
  void over() override;

 private:
  // An event, and the one that made it known.
  struct passing {
    std::uint32_t event;
    std::uint32_t told_by;
  };
  // An operation that parked at an event, its access, and the event in which it was woken by close.
  struct closing {
    std::uint32_t event;
    std::uint32_t access;
    std::uint32_t told_by;
  };
  // What went through a channel.
  struct channel {
    std::uint64_t id = 0;
    std::vector<passing> sends;  // of the values that passed, in order
    std::vector<passing> recvs;
    std::uint32_t closed_by = 0;  // an event; 0: open
    std::int32_t sends_arrived = 0;
    std::int32_t recvs_arrived = 0;
  };
  struct fed_channel {
    std::uint64_t id;
    std::int64_t capacity;
  };
  // The value of an atomic, or the counter of a wait group, from an event on.
  struct value_since {
    std::uint64_t object;
    std::uint32_t event;
    std::uint64_t bits;
  };
  traced_event& begin_event(process_index process);
  std::uint32_t present() const { return static_cast<std::uint32_t>(log_.events.all().size()) - 1; }
  traced_event& event_at(std::uint32_t index) { return log_.events.begin()[index]; }
  traced_event fresh_event(process_index process) const;
  process_index add_process(process_id id);
  process_index process_of(const goroutine& g) const { return of_goroutine_[g.number]; }
  process_index timer_process(process_id id);

  void touch(std::uint64_t object, access_mode mode, std::int32_t amount = 0,
             std::int32_t count = 0);
  void retouch(access_mode mode);
  void link(trace_link::kind what, process_index by, process_index other, std::uint32_t event = 0);

  void touch_for(const goroutine& g, const op& what, const object* on);
  void touch_shared_mutex(const op& what, std::uint64_t id);
  void touch_cond(const goroutine& g, const op& what, std::uint64_t id);
  void settle_count(const goroutine& g, const event& what);
  access& own_access(std::uint32_t index);
  bool fails_by_choice() const;
  void fail_to_lock();
  void come_in();
  void count(std::uint64_t object, access_mode mode, std::int32_t delta);
  void touch_value(const op& what, std::uint64_t id);
  void touch_channel(const op& what, const object& on);
  void touch_clock_of_ticker(const op& what);
  void touch_arms(const op& select, access_mode mode, std::uint32_t partner);
  void moved(const op& arm, std::uint32_t partner);
  void touch_output_end();
  void watch_loop_of(const goroutine& g, traced_event& e);
  bool must_change(std::span<const observation> iteration) const;
  void watch(std::span<const observation> iteration, std::uint32_t touched);
  void remember(std::uint64_t object, std::uint64_t bits);
  std::int32_t counter_of(std::uint64_t object) const;
  log_range writes_held(const op& what, const object& on);
  void complete(const goroutine& g, const op& what, const object& on, bool more);
  void pass_value(process_index by, channel& c, bool is_send, std::int64_t capacity);
  void settle_fire();
  void take_back(std::uint64_t channel);
  process_index timer_of(const alarm& which);
  trace_arming& last_arming_of(process_index timer);
  void touch_fire(const trace_arming& a, bool moves_clock);
  channel& channel_of(std::uint64_t id);
  void cut_channels(std::uint32_t events);
  const object* find(const void* address) const;
  std::uint64_t id_of(const void* address) const { return objects_.id_of(address); }
  bool has_ended() const { return ended_by_ != 0; }

  const object_table& objects_;
  const repetitions& loops_;
  const bool clock_races_;
  trace_log& log_;
  std::vector<process_index> of_goroutine_;  // by number
  std::vector<std::uint32_t> last_event_;    // of each process
  std::vector<channel> channels_;            // in the order of first use; reused
  std::size_t channels_used_ = 0;
  std::vector<closing> woken_by_close_;    // in the order of the waking
  std::vector<value_since> values_;        // in the order of the events
  std::vector<std::uint32_t> woken_;       // by the present event: where each parked
  std::optional<fed_channel> fired_into_;  // which the present event, a timer, feeds
  const goroutine* started_ = nullptr;     // by the present event, a timer
  std::uint32_t ended_by_ = 0;             // the event that ended the program; 0: none
  std::uint64_t writing_ = ~0ULL;          // the number of the last execution written here
};

// What a goroutine that waits in a cond is to the search.
inline std::uint64_t place_in(std::uint64_t cond, const goroutine& g) {
  return cond ^ (g.path() * 0x100000001b3);
}

// The process that the timer of a sleep is, or one with this object (see alarm).
process_id timer_of_sleeper(const goroutine& sleeper);
process_id timer_of_object(std::uint64_t id);

}  // namespace braid
