// The sequence that reverses a race; see reversal.hpp.
#include "strategy/reversal.hpp"

#include <algorithm>
#include <bit>

namespace braid {
const traced_event& reversal::later_event() const {
  const auto events = log_->events.all();
  return later_ < events.size() ? events[later_] : log_->pending.all()[later_ - events.size()];
}

void reversal::set(const trace_log& log, const happens_before& order, std::uint32_t earlier,
                   std::uint32_t later) {
  log_ = &log;
  events_ = static_cast<std::uint32_t>(log.events.all().size());
  processes_ = static_cast<process_index>(log.processes.all().size());
  if (guesses_.size() < 4 * std::size_t{processes_}) {
    guesses_.resize(std::bit_ceil(4 * std::size_t{processes_}));
  }
  order_ = &order;
  earlier_ = earlier;
  later_ = later;
  later_process_ = log.process_of(later_event());
  has_later_ = true;
  precedes_later_ = happens_before::none;
  const auto happened = order.happened_until(earlier);
  passed_.assign(happened.begin(), happened.end());
  later_choices_.clear();
  later_accesses_.clear();
}

void reversal::prepare(const trace_log& log, const happens_before& order, std::uint32_t earlier,
                       std::uint32_t later) {
  set(log, order, earlier, later);
  for (const access& a : log.accesses_of(later_event())) {
    // A goroutine that parked only after the earlier event is no partner there.
    if (a.partner >= earlier && order.before(earlier, a.partner)) continue;
    later_accesses_.push_back(in_new_place(a));
  }
  if (fails_there()) {
    for (access& a : later_accesses_) {
      const bool is_beside = a.mode == access_mode::watch || is_of_clock(a);
      if (!is_beside) a.mode = access_mode::failed_attempt;
    }
    return;
  }
  meet_selects();
  end_output();
}

void reversal::prepare_choices(const trace_log& log, const happens_before& order,
                               std::uint32_t event, std::span<const trace_choice> choices) {
  set(log, order, event, event);
  later_choices_.assign(choices.begin(), choices.end());
  const auto touched = log.accesses_of(later_event());
  later_accesses_.assign(touched.begin(), touched.end());
  meet_selects();
}

// Who meets a select that is parked on its channel completes it, and so touches all its channels.
// The first one in the queue is taken, or all are by a close. Of a select, or a try operation, it
// is not known on which channel it goes on: it touches what it may touch.
void reversal::meet_selects() {
  using enum access_mode;
  const std::size_t own = later_accesses_.size();  // those behind are of the selects that it meets
  for (std::size_t i = 0; i < own; ++i) {
    const access a = later_accesses_[i];
    const bool is_alternative = a.mode == select || a.mode == attempt;
    const bool sends = a.mode == send || (is_alternative && a.count >= 0);
    const bool receives = a.mode == recv || (is_alternative && a.count <= 0);
    if (a.partner != 0 || !(sends || receives || a.mode == close)) continue;
    const auto all = order_->accesses_to(a.object);
    if (all.empty() || all.back().until.parkings == 0) continue;
    std::vector<std::uint32_t> parked;
    for (const happens_before::touched& t : all) {
      if (t.event >= events_) break;
      if (t.what.mode != select || !is_there(t.event)) continue;
      if (t.what.partner != 0) {
        std::erase(parked, t.what.partner);
        continue;
      }
      const bool is_met =
          a.mode == close || (sends && t.what.count <= 0) || (receives && t.what.count >= 0);
      if (is_met && order_->has_parked(t.event)) parked.push_back(t.event);
    }
    if (a.mode != close && parked.size() > 1) parked.resize(1);
    for (const std::uint32_t p : parked) complete(p, a);
  }
}

void reversal::complete(std::uint32_t parked_select, const access& by) {
  const bool is_known = std::any_of(later_accesses_.begin(), later_accesses_.end(),
                                    [=](const access& a) { return a.partner == parked_select; });
  if (is_known) return;
  for (access a : log_->accesses_of(log_->events.all()[parked_select])) {
    if (is_of_clock(a)) continue;
    if (a.object == by.object && by.mode != access_mode::close) {
      a.amount = by.mode == access_mode::send || by.count > 0 ? -1 : 1;
    }
    a.partner = parked_select;
    later_accesses_.push_back(a);
  }
}

// True if the later event is an attempt of which no case is ready in its new place. False if that
// is not known: it may meet a select that is parked on one of its channels.
bool reversal::fails_there() const {
  return !later_accesses_.empty() &&
         std::all_of(later_accesses_.begin(), later_accesses_.end(), [this](const access& a) {
           if (a.mode == access_mode::watch || is_of_clock(a)) return true;
           if (a.mode != access_mode::attempt || a.count == 0) return false;
           const happens_before::counts c = counts_before(a.object, later_);
           if (c.closes > 0) return false;
           if (a.count > 0) return c.receiving_selects == 0 && c.sends - c.recvs >= a.count - 1;
           return c.sending_selects == 0 && c.sends <= c.recvs;
         });
}

// The first event of a process that is left, or none.
std::uint32_t reversal::first_of(process_index process) const {
  const std::uint32_t event =
      order_->nth_event(process, static_cast<std::uint32_t>(passed_[process]));
  return event < events_ && is_kept(event) ? event : happens_before::none;
}

// No event from there on is kept.
std::uint32_t reversal::end_of_kept() const {
  std::uint32_t end = earlier_ + 1;
  const auto happened = order_->happened_until(earlier_);
  for (process_index p = 0; p < processes_; ++p) {
    const auto all = order_->events_of(p).subspan(static_cast<std::size_t>(happened[p]));
    const auto after = std::partition_point(all.begin(), all.end(), [this](std::uint32_t e) {
      return e < events_ && !order_->before(earlier_, e);
    });
    if (after != all.begin()) end = std::max(end, after[-1] + 1);
  }
  return end;
}

// True if all that happens before an event that is left has passed. (What was taken out had no
// event before it that was left.)
bool reversal::is_initial(std::uint32_t kept) const {
  const happens_before::predecessor& before = order_->predecessor_of(kept);
  if (before.latest == happens_before::none || before.latest <= earlier_) return true;
  if (!is_removed(before.latest)) return false;
  return before.is_only || order_->is_next_after(passed_.data(), kept);
}

bool reversal::is_empty() const {
  if (has_later_) return false;
  for (process_index p = 0; p < processes_; ++p) {
    if (first_of(p) != happens_before::none) return false;
  }
  return true;
}

// Executions number most processes alike, so a guess is seldom wrong.
process_index reversal::index_of(process_id process) const {
  const process_id* const ids = log_->processes.begin();
  process_index& guess = guesses_[process & (guesses_.size() - 1)];
  if (guess >= processes_ || ids[guess] != process) {
    guess = static_cast<process_index>(std::find(ids, ids + processes_, process) - ids);
  }
  return guess;
}

// What happened to it before `event`, one of the sequence, in its new place.
happens_before::counts reversal::counts_before(std::uint64_t object, std::uint32_t event) const {
  const auto all = order_->accesses_to(object);
  const auto since = order_->accesses_since(earlier_, object);
  const auto until = [&](std::size_t end) {
    return end == 0 ? happens_before::counts() : all[end - 1].until;
  };
  happens_before::counts c = until(all.size() - since.size());
  any_access_of_kept(object, [&](const happens_before::touched& t) {
    if (t.event < event || event == later_ || is_removed(t.event)) {
      c.add_difference(until(static_cast<std::size_t>(&t - all.data())), t.until);
    }
    return false;
  });
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
      const auto held = log_->held_of(later_event());
      for (const happens_before::touched& t : order_->accesses_since(earlier_, was.object)) {
        if (t.event >= later_) break;
        if (t.what.mode != write || !order_->before(earlier_, t.event)) continue;
        a.mode = std::binary_search(held.begin(), held.end(), t.event) ? write : read;
        break;
      }
      break;
    }
    case taken_lock:
    case failed_lock:
    case unlock:
    case failed_unlock:
      return lock_in_new_place(a);
    case plus:
    case kept_out:
    case minus:
    case failed_minus:
      return count_in_new_place(a);
    case send:
    case closed_send:
      a.mode = there().closes > 0 ? closed_send : send;
      break;
    case recv:
    case drained_recv: {
      const happens_before::counts c = there();
      a.mode = c.closes > 0 && c.recvs >= c.sends ? drained_recv : recv;
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

// A try_lock of a shared mutex as a writer also fails if there are readers.
access reversal::lock_in_new_place(access a) const {
  using enum access_mode;
  const bool is_locked = counts_before(a.object, later_).holders != 0;
  if (a.mode == unlock || a.mode == failed_unlock) {
    a.mode = is_locked ? unlock : failed_unlock;
    a.amount = is_locked ? -1 : 0;
    return a;
  }
  const std::uint64_t readers = readers_of(a.object);
  const bool is_kept_out = touches(readers, await) && counts_before(readers, later_).holders != 0;
  a.mode = is_locked || is_kept_out ? failed_lock : taken_lock;
  a.amount = a.mode == taken_lock;
  return a;
}

// Of a reader that comes it depends on the writers whether it counts.
access reversal::count_in_new_place(access a) const {
  using enum access_mode;
  const std::uint64_t mutex = readers_of(a.object);
  if (touches(mutex, look)) {
    a.mode = counts_before(mutex, later_).holders != 0 ? kept_out : plus;
    a.amount = a.mode == plus;
  }
  a.count = counts_before(a.object, later_).holders;
  if (a.mode == failed_minus && a.count > 0) {
    a.mode = minus;
    a.amount = -1;
  }
  return a;
}

// True if the later event did so to the object where it was.
bool reversal::touches(std::uint64_t object, access_mode mode) const {
  const auto all = log_->accesses_of(later_event());
  return std::any_of(all.begin(), all.end(),
                     [=](const access& a) { return a.object == object && a.mode == mode; });
}

bool reversal::conflicts(std::uint32_t event, const access& does, const access& other) const {
  if (does.object != other.object) return false;
  return conflict_there(event == later_ && !is_counting(does) ? does : of_kept(event, does), other);
}

// What an event that is kept does in the sequence. A receive that found the channel closed and
// empty parks where the close has not come, and may get what the later event sends.
access reversal::of_kept(std::uint32_t event, const access& was) const {
  access there = was;
  if (is_counting(was)) there.count = counts_before(was.object, event).holders;
  if (was.mode == access_mode::drained_recv && may_feed(was.object)) there.mode = access_mode::recv;
  return there;
}

// Only the first event that ends the program cuts off output. In its new place the later one may be
// the first.
void reversal::end_output() {
  const auto does = [this](std::uint64_t object) {
    return std::any_of(later_accesses_.begin(), later_accesses_.end(), [=](const access& a) {
      return a.object == object && a.mode == access_mode::end;
    });
  };
  if (!does(program_object) || does(stream_object(1))) return;
  for (const happens_before::touched& t : order_->accesses_to(program_object)) {
    if (t.event >= events_) break;
    if (is_there(t.event)) return;
  }
  for (const int stream : {1, 2}) {
    later_accesses_.push_back({.object = stream_object(stream), .mode = access_mode::end});
  }
}

// The same of the next event in order, with the counters as the events before it left them.
access reversal::of_next(std::uint32_t event, const access& was) {
  if (!is_counting(was)) return of_kept(event, was);
  auto known = std::find_if(counters_.begin(), counters_.end(),
                            [&](const counter& c) { return c.object == was.object; });
  if (known == counters_.end()) {
    known = counters_.insert(known, {was.object, counts_before(was.object, event).holders});
  }
  access there = was;
  there.count = known->count;
  known->count += was.amount;
  return there;
}

bool reversal::may_feed(std::uint64_t channel) const {
  using enum access_mode;
  const bool sends =
      std::any_of(later_accesses_.begin(), later_accesses_.end(), [=](const access& a) {
        const bool is_alternative = a.mode == select || a.mode == attempt;
        return a.object == channel && (a.mode == send || (is_alternative && a.count >= 0));
      });
  return sends && counts_before(channel, later_).closes == 0;
}

bool reversal::can_begin_with(process_id process, std::span<const access> accesses,
                              std::span<const trace_choice> choices) const {
  const process_index index = index_of(process);
  const std::uint32_t first = index < processes_ ? first_of(index) : happens_before::none;
  if (first != happens_before::none) {
    return is_initial(first) && covers(choices, log_->choices_of(log_->events.all()[first]));
  }
  if (has_later_ && later_process_ == process) {
    return covers(choices, later_choices_) && is_later_first();
  }
  for (const access& other : accesses) {
    const auto meets_later = [&](const access& a) { return conflicts(later_, a, other); };
    if (has_later_ && std::any_of(later_accesses_.begin(), later_accesses_.end(), meets_later)) {
      return false;
    }
    const bool meets = any_access_of_left(other.object, [&](const happens_before::touched& t) {
      return conflicts(t.event, t.what, other);
    });
    if (meets) return false;
  }
  return true;
}

// The same for the later event. Its past in the execution does not tell: it may hold events of the
// sequence only because of what came after the earlier event, as the unlock that let it in.
bool reversal::is_later_first() const {
  if (precedes_later_ != happens_before::none && !is_removed(precedes_later_)) return false;
  if (!order_->arrives_next_after(passed_.data(), later_)) return false;
  const auto armings = log_->armings.all();
  const bool awaits_a_stop =
      order_->has_disarmed() &&
      std::any_of(armings.begin(), armings.end(), [this](const trace_arming& a) {
        return a.is_disarmed && is_kept(a.gone_in) && !is_removed(a.gone_in) &&
               order_->awaits(later_, a.gone_in);
      });
  if (awaits_a_stop) return false;
  return std::none_of(later_accesses_.begin(), later_accesses_.end(), [this](const access& a) {
    return any_access_of_left(a.object, [&](const happens_before::touched& t) {
      const bool precedes = conflicts(t.event, t.what, a) || enables(t.what, a);
      if (precedes && !is_counting(t.what)) precedes_later_ = t.event;
      return precedes;
    });
  });
}

// Whether f holds for some access to the object by an event that is kept.
template <class F>
bool reversal::any_access_of_kept(std::uint64_t object, F&& f) const {
  const auto all = order_->accesses_to(object);
  const auto first = log_->accesses_of(log_->events.all()[earlier_]);
  const bool earlier_touches =
      std::any_of(first.begin(), first.end(), [=](const access& a) { return a.object == object; });
  for (std::size_t i = all.size(); i-- > 0 && all[i].event > earlier_;) {
    const happens_before::touched& t = all[i];
    if (earlier_touches && t.is_after_all) {
      i = t.chain;  // all of these happen after the earlier event
    } else if (t.event < events_ && is_kept(t.event) && f(t)) {
      return true;
    }
  }
  return false;
}

// The same of those that are left.
template <class F>
bool reversal::any_access_of_left(std::uint64_t object, F&& f) const {
  return any_access_of_kept(
      object, [&](const happens_before::touched& t) { return !is_removed(t.event) && f(t); });
}

void reversal::remove(process_id process) {
  const process_index index = index_of(process);
  if (index < processes_ && first_of(index) != happens_before::none) {
    ++passed_[index];
  } else if (later_process_ == process) {
    has_later_ = false;
  }
}

wakeup_sequence reversal::as_value() {
  std::vector<std::uint32_t> kept;
  const std::uint32_t end = end_of_kept();
  for (std::uint32_t e = earlier_ + 1; e < end; ++e) {
    if (is_kept(e)) kept.push_back(e);
  }
  wakeup_sequence value;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    std::vector<std::uint32_t> after;
    for (std::uint32_t k = 0; k < i; ++k) {
      if (order_->before(kept[k], kept[i])) after.push_back(k);
    }
    value.add(label_of_kept(kept[i]), std::move(after));
  }
  std::vector<std::uint32_t> after;
  for (std::uint32_t k = 0; k < kept.size(); ++k) {
    if (must_precede(kept[k])) after.push_back(k);
  }
  value.add({later_process_, later_accesses_, later_choices_}, std::move(after));
  return value;
}

event_label reversal::label_of_kept(std::uint32_t event) const {
  const traced_event& e = log_->events.all()[event];
  const auto choices = log_->choices_of(e);
  event_label label{log_->process_of(e), {}, {choices.begin(), choices.end()}};
  for (const access& a : log_->accesses_of(e)) label.accesses.push_back(of_kept(event, a));
  return label;
}

// True if the later event could not come before this one, whatever it conflicts with.
bool reversal::must_precede(std::uint32_t kept) const {
  if (order_->before_arrival(kept, later_) || order_->awaits(later_, kept)) return true;
  const auto touched = log_->accesses_of(log_->events.all()[kept]);
  return std::any_of(touched.begin(), touched.end(), [&](const access& t) {
    return std::any_of(later_accesses_.begin(), later_accesses_.end(),
                       [&](const access& a) { return t.object == a.object && enables(t, a); });
  });
}

}  // namespace braid
