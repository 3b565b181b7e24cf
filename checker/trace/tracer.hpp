// Writes the events of an execution into a trace log: who touched which objects in which way, and
// what each event made possible.
#pragma once

#include <optional>
#include <vector>

#include "lockstep/objects.hpp"
#include "lockstep/observer.hpp"
#include "trace/trace_log.hpp"

namespace braid {

class tracer final : public observer {
 public:
  // `objects`: of the lockstep that is observed. `clock_races`: events that move the clock race
  // with those that read it (timers free).
  tracer(const object_table& objects, bool clock_races, trace_log& log);

  // Begins to write an execution.
  void begin();
  bool writes_to(const trace_log& log) const { return &log_ == &log; }

  // From observer:
  void created(const goroutine& g) override;
  void finished(const goroutine&) override {}
  void made(const op&) override {}
  void decided(const decision& d) override;
  void does(std::uint32_t step, const goroutine& g, const op& what) override;
  void done(const goroutine& g, const event& what) override;
  void waits(const goroutine&, const op&) override {}
  void fires(std::uint32_t step, const timer& which, bool moves_clock) override;
  void woken(const goroutine& g, const op& waited) override;
  void left(const goroutine& g, const op& next) override;

 private:
  // The values that passed through a channel, in order: the events that sent and received them.
  struct channel {
    std::uint64_t id = 0;
    std::vector<std::uint32_t> sends;
    std::vector<std::uint32_t> recvs;
    std::uint32_t closed_by = 0;  // an event; 0: open
    std::int32_t sends_arrived = 0;
    std::int32_t recvs_arrived = 0;
  };

  struct fed_channel {
    std::uint64_t id;
    std::int64_t capacity;
  };

  traced_event& begin_event(process_id process);
  std::uint32_t present() const { return static_cast<std::uint32_t>(log_.events.all().size()) - 1; }
  traced_event& event_at(std::uint32_t index) { return log_.events.begin()[index]; }
  void touch(std::uint64_t object, access_mode mode, std::int32_t amount = 0,
             std::int32_t count = 0);
  std::int32_t count_of(std::uint64_t object) const;
  void retouch(traced_event& e, access_mode mode);
  void link(trace_link::kind what, process_id by, process_id other, std::uint32_t event = 0);

  void touch_for(const op& what, const object* on);
  void touch_arms(const op& select, access_mode mode);
  void touch_output_end();
  void complete(const goroutine& g, const op& what, const object& on, bool more);
  void pass_value(process_id by, channel& c, bool is_send, std::int64_t capacity);
  void settle_fire();
  std::int32_t rank_of(time_point deadline);
  channel& channel_of(std::uint64_t id);
  const object* find(const void* address) const;
  std::uint64_t id_of(const void* address) const;

  const object_table& objects_;
  const bool clock_races_;
  trace_log& log_;
  std::vector<std::uint32_t> last_event_;  // of each goroutine, by number
  std::vector<channel> channels_;          // in the order of first use; reused
  std::size_t channels_used_ = 0;
  std::vector<std::uint32_t> woken_;       // by the present event: where each parked
  std::optional<fed_channel> fired_into_;  // which the present event, a timer, feeds
  std::vector<time_point> deadlines_;      // that came, in their order
  bool has_ended_ = false;                 // the program
};

// The process that the timer of a sleep, or of an `after` with this channel, is.
process_id timer_of_sleeper(const goroutine& sleeper);
process_id timer_of_channel(std::uint64_t channel_id);

}  // namespace braid
