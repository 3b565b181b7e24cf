// The sequence that reverses a race; see reversal.hpp.
#include "strategy/reversal.hpp"

#include <algorithm>

namespace braid {

const traced_event& reversal::later_event() const {
  const auto events = log_->events.all();
  return later_ < events.size() ? events[later_] : log_->pending.all()[later_ - events.size()];
}

void reversal::prepare(const trace_log& log, const happens_before& order, std::uint32_t earlier,
                       std::uint32_t later) {
  log_ = &log;
  order_ = &order;
  earlier_ = earlier;
  later_ = later;
  keep_independent();
  later_choices_.clear();  // in its new place it chooses anew
  later_accesses_.clear();
  for (const access& a : log.accesses_of(later_event())) {
    // A goroutine that parked only after the earlier event is no partner there.
    if (a.partner >= earlier && order.before(earlier, a.partner)) continue;
    later_accesses_.push_back(in_new_place(a));
  }
  if (fails_there()) {
    for (access& a : later_accesses_) a.mode = access_mode::failed_attempt;
  }
}

// True if the later event is an attempt of which no case is ready in its new place. False if that
// is not known: a select is on one of its channels.
bool reversal::fails_there() const {
  return !later_accesses_.empty() &&
         std::all_of(later_accesses_.begin(), later_accesses_.end(), [this](const access& a) {
           if (a.mode != access_mode::attempt || a.count == 0) return false;
           const counts c = counts_before(a.object, later_);
           if (c.is_closed || c.has_select) return false;
           return a.count > 0 ? c.sends - c.recvs >= a.count - 1 : c.sends <= c.recvs;
         });
}

void reversal::prepare_choices(const trace_log& log, const happens_before& order,
                               std::uint32_t event, std::span<const trace_choice> choices) {
  log_ = &log;
  order_ = &order;
  earlier_ = later_ = event;
  keep_independent();
  later_choices_.assign(choices.begin(), choices.end());
  const auto touched = log.accesses_of(later_event());
  later_accesses_.assign(touched.begin(), touched.end());
}

// The events after the earlier one that do not happen after it.
void reversal::keep_independent() {
  kept_.clear();
  for (std::uint32_t e = earlier_ + 1; e < log_->events.all().size(); ++e) {
    if (e != later_ && !order_->before(earlier_, e)) kept_.push_back(e);
  }
  removed_.clear();
  has_later_ = true;
}

// What happened to it before `event`, one of the sequence, in its new place.
reversal::counts reversal::counts_before(std::uint64_t object, std::uint32_t event) const {
  using enum access_mode;
  counts c;
  for (const happens_before::touched& t : order_->accesses_to(object)) {
    if (t.event >= log_->events.all().size()) break;  // it never happened
    const auto is_in = [&](const std::vector<std::uint32_t>& list) {
      return std::find(list.begin(), list.end(), t.event) != list.end();
    };
    const bool is_before = t.event < earlier_ || is_in(removed_) ||
                           ((t.event < event || event == later_) && is_in(kept_));
    if (!is_before) continue;
    c.holders += is_counted(t.what) ? t.what.amount : 0;
    const bool is_select = t.what.mode == select || t.what.mode == attempt;
    c.sends += t.what.mode == send || (is_select && t.what.amount > 0);
    c.recvs += t.what.mode == recv || (is_select && t.what.amount < 0);
    c.has_select = c.has_select || (is_select && t.what.amount == 0);
    c.is_closed = c.is_closed || t.what.mode == close;
  }
  return c;
}

access reversal::in_new_place(const access& was) const {
  using enum access_mode;
  access a = was;
  a.woken_by_close = false;
  const auto there = [&] { return counts_before(was.object, later_); };
  switch (was.mode) {
    case read:
    case write: {
      if (!later_event().is_comparing) break;
      const auto earlier = log_->accesses_of(log_->events.all()[earlier_]);
      if (earlier.front().mode != write) break;
      const auto held = log_->held_of(later_event());
      a.mode = std::binary_search(held.begin(), held.end(), earlier_) ? write : read;
      break;
    }
    case taken_lock:
    case failed_lock:
      a.mode = there().holders == 0 ? taken_lock : failed_lock;
      a.amount = a.mode == taken_lock;
      break;
    case plus:
    case minus:
    case failed_minus:
      a.count = there().holders;
      if (was.mode == failed_minus && a.count > 0) {
        a.mode = minus;
        a.amount = -1;
      }
      break;
    case send:
    case closed_send:
      a.mode = there().is_closed ? closed_send : send;
      break;
    case recv:
    case drained_recv: {
      const counts c = there();
      a.mode = c.is_closed && c.recvs >= c.sends ? drained_recv : recv;
      a.amount = c.recvs + 1;
      break;
    }
    case close:
      a.amount = there().sends - was.count;
      break;
    case failed_attempt:
      a.mode = attempt;
      break;
    case unseen_print:
      a.mode = print;
      break;
    default:
      break;
  }
  return a;
}

bool reversal::conflicts(std::uint32_t event, std::span<const access> does,
                         std::span<const access> accesses) const {
  for (access a : does) {
    for (const access& b : accesses) {
      if (a.object != b.object) continue;
      if (is_counting(a) && is_counting(b)) a.count = counts_before(a.object, event).holders;
      if (conflict_there(a, b)) return true;
    }
  }
  return false;
}

bool reversal::can_begin_with(process_id process, std::span<const access> accesses,
                              std::span<const trace_choice> choices) const {
  const auto events = log_->events.all();
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    if (log_->process_of(events[kept_[i]]) != process) continue;
    return is_first(kept_[i], i) && covers(choices, log_->choices_of(events[kept_[i]]));
  }
  if (has_later_ && log_->process_of(later_event()) == process) {
    return covers(choices, later_choices_) && is_later_first();
  }
  for (const std::uint32_t e : kept_) {
    if (conflicts(e, log_->accesses_of(events[e]), accesses)) return false;
  }
  return !has_later_ || !conflicts(later_, later_accesses_, accesses);
}

// True if none of the first `count` events of the sequence happens before `event`.
bool reversal::is_first(std::uint32_t event, std::size_t count) const {
  for (std::size_t i = 0; i < count; ++i) {
    if (order_->before(kept_[i], event)) return false;
  }
  return true;
}

// The same for the later event. Its past in the execution does not tell: it may hold events of the
// sequence only because of what came after the earlier event, as the unlock that let it in.
bool reversal::is_later_first() const {
  return std::none_of(kept_.begin(), kept_.end(), [this](std::uint32_t e) {
    const auto does = log_->accesses_of(log_->events.all()[e]);
    return order_->before_arrival(e, later_) || conflicts(e, does, later_accesses_) ||
           enables(does, later_accesses_);
  });
}

void reversal::remove(process_id process) {
  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](std::uint32_t e) {
    return log_->process_of(log_->events.all()[e]) == process;
  });
  if (found != kept_.end()) {
    removed_.push_back(*found);
    kept_.erase(found);
  } else if (has_later_ && log_->process_of(later_event()) == process) {
    has_later_ = false;
  }
}

}  // namespace braid
