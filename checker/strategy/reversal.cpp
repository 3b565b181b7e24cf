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
  kept_.clear();
  for (std::uint32_t e = earlier + 1; e < log.events.all().size(); ++e) {
    if (is_kept(e)) kept_.push_back(e);
  }
  later_accesses_.clear();
  for (const access& a : log.accesses_of(later_event())) {
    later_accesses_.push_back(in_new_place(a));
  }
}

// What happened to it before `event`, one of the sequence, in the sequence.
reversal::counts reversal::counts_before(std::uint64_t object, std::uint32_t event) const {
  using enum access_mode;
  counts c;
  for (const happens_before::touched& t : order_->accesses_to(object)) {
    if (t.event >= log_->events.all().size()) break;  // it never happened
    if (t.event >= earlier_ && (t.event >= event || !is_kept(t.event))) continue;
    c.holders += is_counted(t.what) ? t.what.amount : 0;
    c.sends += t.what.mode == send;
    c.recvs += t.what.mode == recv;
    c.is_closed = c.is_closed || t.what.mode == close;
  }
  return c;
}

access reversal::in_new_place(const access& was) const {
  using enum access_mode;
  access a = was;
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
  for (const std::uint32_t e : kept_) {
    if (log_->process_of(events[e]) != process) continue;
    return order_->is_initial_after(earlier_, e) && covers(choices, log_->choices_of(events[e]));
  }
  if (log_->process_of(later_event()) == process) {
    // In its new place it chooses anew.
    return choices.empty() && std::none_of(kept_.begin(), kept_.end(), [this](std::uint32_t e) {
      return order_->before(e, later_);
    });
  }
  return std::none_of(kept_.begin(), kept_.end(),
                      [&](std::uint32_t e) {
                        return conflicts(e, log_->accesses_of(events[e]), accesses);
                      }) &&
         !conflicts(later_, later_accesses_, accesses);
}

wakeup_sequence reversal::sequence() const {
  wakeup_sequence v;
  const auto events = log_->events.all();
  v.steps.reserve(kept_.size() + 1);
  for (const std::uint32_t e : kept_) {
    const auto made = log_->choices_of(events[e]);
    v.choices.insert(v.choices.end(), made.begin(), made.end());
    v.steps.push_back({log_->process_of(events[e]), static_cast<std::uint32_t>(v.choices.size())});
  }
  v.steps.push_back(
      {log_->process_of(later_event()), static_cast<std::uint32_t>(v.choices.size())});
  if (kept_.empty()) {
    v.first_accesses = later_accesses_;
  } else {
    const auto first = log_->accesses_of(events[kept_.front()]);
    v.first_accesses.assign(first.begin(), first.end());
  }
  return v;
}

}  // namespace braid
