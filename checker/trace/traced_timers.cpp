// Timers in the trace of an execution; see tracer.hpp.
#include "mix.hpp"
#include "trace/tracer.hpp"

namespace braid {
namespace {

// The same for equal deadlines, in all executions.
std::int32_t number_of(time_point due) {
  return static_cast<std::int32_t>(mix(static_cast<std::uint64_t>(due.time_since_epoch().count())));
}

}  // namespace

process_index tracer::timer_of(const alarm& which) {
  return timer_process(which.object != nullptr ? timer_of_object(id_of(which.object))
                                               : timer_of_sleeper(*which.sleeper));
}

trace_arming& tracer::last_arming_of(process_index timer) {
  std::size_t i = log_.armings.all().size();
  while (log_.armings.begin()[--i].timer != timer) {
  }
  return log_.armings.begin()[i];
}

// By whoever does the present event.
void tracer::armed(const alarm& which) {
  const process_index timer = timer_of(which);
  log_.armings.push({.timer = timer,
                     .object = id_of(which.object),
                     .starts = which.starts != nullptr,
                     .deadline = which.when,
                     .armed_in = present()});
  const bool is_own_doing = event_at(present()).is_fire;  // of a ticker
  if (!is_own_doing) link(trace_link::kind::armed, process_of(goroutine::current()), timer);
}

void tracer::disarmed(const alarm& which, bool is_due) {
  trace_arming& a = last_arming_of(timer_of(which));
  a.gone_in = present();
  a.is_disarmed = true;
  a.is_due = is_due || clock_races_;
}

void tracer::fires(std::uint32_t, const alarm& which, bool moves_clock) {
  traced_event& e = begin_event(timer_of(which));
  last_event_[e.process] = present();
  e.is_fire = true;
  e.is_barrier = moves_clock && !clock_races_;
  trace_arming& a = last_arming_of(e.process);
  a.gone_in = present();
  touch_fire(a, moves_clock);
  started_ = which.starts;
  if (a.object == 0 || a.starts) return;
  ++channel_of(a.object).sends_arrived;
  fired_into_ = fed_channel{a.object, find(which.object)->made_with};
}

void tracer::touch_fire(const trace_arming& a, bool moves_clock) {
  if (clock_races_) {
    touch(clock_object, access_mode::tick, number_of(a.deadline), moves_clock);
  }
  if (a.object != 0) touch(a.object, a.starts ? access_mode::control : access_mode::send);
}

// The fires that were prevented lie behind the operations that are left.
void tracer::over() {
  const log_range kept = event_at(present()).accesses;
  for (const trace_arming& a : log_.armings.all()) {
    if (!a.is_due) continue;
    traced_event e = fresh_event(a.timer);
    e.is_fire = true;
    e.disarmed_by = a.gone_in;
    touch_fire(a, true);
    e.accesses.end = static_cast<std::uint32_t>(log_.accesses.all().size());
    log_.pending.push(e);
  }
  event_at(present()).accesses = kept;
}

}  // namespace braid
