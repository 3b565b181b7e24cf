// Happens-before and races of timers that are disarmed; see happens_before.hpp.
//
// A fire that was prevented is no event, but it races with the event that prevented it. That is the
// only race to reverse: in what follows from it the fire is an event, which races with others.
//
// A timer cannot fire before one with an earlier deadline, unless that is disarmed first.
#include <algorithm>

#include "trace/happens_before.hpp"

namespace braid {

// What a timer knew when the event disarmed it.
void happens_before::note_disarmed(std::uint32_t event) {
  for (const trace_arming* a : disarmed_) {
    if (a->gone_in != event) continue;
    disarmings_.push_back({event, a->timer, {base(a->timer), base(a->timer) + stride_}});
  }
}

void happens_before::add_prevented(const traced_event& fire) {
  const std::uint32_t event = events();
  const auto was = std::find_if(disarmings_.begin(), disarmings_.end(), [&](const disarming& d) {
    return d.event == fire.disarmed_by && d.timer == fire.process;
  });
  begin(event, fire.process, was->past.data());
  if (can_fire_instead(*arming_of(event))) races_.push_back({fire.disarmed_by, event});
  row(event)[fire.process] = stamps_[event].ordinal;
}

// Of the timer that fires in an event, or of one that was prevented from it.
const trace_arming* happens_before::arming_of(std::uint32_t fire) const {
  const auto count = static_cast<std::uint32_t>(log_->events.all().size());
  const bool is_prevented = fire >= count;
  const std::uint32_t gone = is_prevented ? log_->pending.all()[fire - count].disarmed_by : fire;
  for (const trace_arming& a : log_->armings.all()) {
    if (a.gone_in == gone && a.timer == process_of(fire) && a.is_disarmed == is_prevented) {
      return &a;
    }
  }
  return nullptr;
}

// True if at the place of the event that disarmed it no timer with an earlier deadline is armed:
// after what came before that event, and all that does not depend on it.
bool happens_before::can_fire_instead(const trace_arming& prevented) const {
  const std::uint32_t place = prevented.gone_in;
  const auto comes_first = [&](std::uint32_t e) { return e < place || !before(place, e); };
  return std::none_of(log_->armings.all().begin(), log_->armings.all().end(),
                      [&](const trace_arming& a) {
                        if (a.deadline >= prevented.deadline || !comes_first(a.armed_in))
                          return false;
                        return a.gone_in == 0 || !comes_first(a.gone_in);
                      });
}

bool happens_before::awaits(std::uint32_t fire, std::uint32_t stop) const {
  if (disarmed_.empty()) return false;
  const trace_arming* const fired = arming_of(fire);
  if (fired == nullptr) return false;
  return std::any_of(disarmed_.begin(), disarmed_.end(), [&](const trace_arming* a) {
    return a->gone_in == stop && a->deadline < fired->deadline;
  });
}

// True if without `earlier`, and all that happens after it, a timer with an earlier deadline would
// still be armed.
bool happens_before::must_await_stops(std::uint32_t earlier, std::uint32_t fire) const {
  if (disarmed_.empty()) return false;
  const trace_arming& fired = *arming_of(fire);
  return std::any_of(disarmed_.begin(), disarmed_.end(), [&](const trace_arming* a) {
    return a->gone_in < fire && a->deadline < fired.deadline && before(earlier, a->gone_in) &&
           !before(earlier, a->armed_in);
  });
}

void happens_before::join_stops(std::uint32_t fire) {
  if (disarmed_.empty()) return;
  const trace_arming& fired = *arming_of(fire);
  for (const trace_arming* a : disarmed_) {
    if (a->gone_in >= fire || a->deadline >= fired.deadline) continue;
    join(row(fire), row(a->gone_in));
  }
}

}  // namespace braid
