// Writes the events of an execution into a trace log; see tracer.hpp. What each operation touches
// is in touches.cpp.
#include "trace/tracer.hpp"

#include <algorithm>
#include <utility>

namespace braid {

process_id timer_of_sleeper(const goroutine& sleeper) { return sleeper.path() ^ 0x5bd1e995; }
process_id timer_of_object(std::uint64_t id) { return id ^ 0x1b873593; }

tracer::tracer(const object_table& objects, const repetitions& loops, bool clock_races,
               trace_log& log)
    : objects_(objects), loops_(loops), clock_races_(clock_races), log_(log) {}

void tracer::begin() {
  writing_ = ++*log_.writings.begin();
  log_.clear();
  of_goroutine_.clear();
  last_event_.clear();
  channels_used_ = 0;
  woken_by_close_.clear();
  values_.clear();
  woken_.clear();
  fired_into_.reset();
  started_ = nullptr;
  ended_by_ = 0;
  begin_event(0);  // what happens before the first decision
}

void tracer::keep(std::uint32_t events) {
  writing_ = ++*log_.writings.begin();
  const traced_event& cut = event_at(events);
  log_.accesses.cut(cut.accesses.begin);
  log_.links.cut(cut.links.begin);
  log_.choices.cut(cut.choices.begin);
  log_.held.cut(cut.held.begin);
  log_.processes.cut(cut.processes_begin);
  log_.events.cut(events);
  *log_.changed_from.begin() = events;
  while (!woken_by_close_.empty() && woken_by_close_.back().told_by >= events) {
    const closing undone = woken_by_close_.back();
    woken_by_close_.pop_back();
    if (undone.event >= events) continue;
    log_.accesses.begin()[undone.access].woken_by_close = false;
    *log_.changed_from.begin() = std::min(*log_.changed_from.begin(), undone.event);
  }
  std::size_t deaths = log_.deaths.all().size();
  while (deaths > 0 && log_.deaths.begin()[deaths - 1].event >= events) --deaths;
  log_.deaths.cut(deaths);
  std::size_t armings = log_.armings.all().size();
  while (armings > 0 && log_.armings.begin()[armings - 1].armed_in >= events) --armings;
  log_.armings.cut(armings);
  for (trace_arming& a : std::span(log_.armings.begin(), armings)) {
    if (a.gone_in >= events) a.gone_in = a.is_disarmed = a.is_due = 0;
  }
  log_.pending.clear();

  while (of_goroutine_.back() >= log_.processes.all().size()) of_goroutine_.pop_back();
  last_event_.assign(log_.processes.all().size(), 0);
  for (std::uint32_t e = 1; e < events; ++e) last_event_[event_at(e).process] = e;
  while (!values_.empty() && values_.back().event >= events) values_.pop_back();
  if (channels_used_ > 0) cut_channels(events);
  fired_into_.reset();
  started_ = nullptr;
  if (ended_by_ >= events) ended_by_ = 0;
}

void tracer::cut_channels(std::uint32_t events) {
  const auto cut = [events](std::vector<passing>& list) {
    while (!list.empty() && list.back().told_by >= events) list.pop_back();
  };
  for (std::size_t i = 0; i < channels_used_; ++i) {
    channel& c = channels_[i];
    cut(c.sends);
    cut(c.recvs);
    if (c.closed_by >= events) c.closed_by = 0;
    c.sends_arrived = c.recvs_arrived = 0;
  }
  for (const access& a : log_.accesses.all()) {
    using enum access_mode;
    const bool is_select = a.mode == select || a.mode == attempt;
    const bool sends = is_select ? a.amount > 0 : a.mode == send;
    const bool takes = is_select || a.mode == control;
    const bool receives = takes ? a.amount < 0 : a.mode == recv || a.mode == drained_recv;
    if (sends) ++channel_of(a.object).sends_arrived;
    if (receives) ++channel_of(a.object).recvs_arrived;
  }
}

traced_event tracer::fresh_event(process_index process) const {
  const auto here = [](const auto& items) {
    const auto size = static_cast<std::uint32_t>(items.all().size());
    return log_range{size, size};
  };
  return {.process = process,
          .accesses = here(log_.accesses),
          .links = here(log_.links),
          .choices = here(log_.choices),
          .held = here(log_.held),
          .processes_begin = here(log_.processes).begin};
}

traced_event& tracer::begin_event(process_index process) {
  settle_fire();
  woken_.clear();
  started_ = nullptr;
  log_.events.push(fresh_event(process));
  return event_at(present());
}

process_index tracer::add_process(process_id id) {
  log_.processes.push(id);
  last_event_.push_back(0);
  return static_cast<process_index>(last_event_.size()) - 1;
}

// Timers are few: they are looked for from the end.
process_index tracer::timer_process(process_id id) {
  const auto known = log_.processes.all();
  for (std::size_t i = known.size(); i-- > 0;) {
    if (known[i] == id) return static_cast<process_index>(i);
  }
  return add_process(id);
}

void tracer::link(trace_link::kind what, process_index by, process_index other,
                  std::uint32_t event) {
  log_.links.push({what, by, other, event});
  event_at(present()).links.end = static_cast<std::uint32_t>(log_.links.all().size());
}

const object* tracer::find(const void* address) const {
  return address == nullptr ? nullptr : objects_.find(address);
}

tracer::channel& tracer::channel_of(std::uint64_t id) {
  for (std::size_t i = 0; i < channels_used_; ++i) {
    if (channels_[i].id == id) return channels_[i];
  }
  if (channels_used_ == channels_.size()) channels_.emplace_back();
  channel& fresh = channels_[channels_used_++];
  fresh.id = id;
  fresh.sends.clear();
  fresh.recvs.clear();
  fresh.closed_by = 0;
  fresh.sends_arrived = fresh.recvs_arrived = 0;
  return fresh;
}

void tracer::created(const goroutine& g) {
  of_goroutine_.push_back(add_process(g.path()));
  if (g.number == 0) return;
  const bool is_by_timer = &g == started_;
  const process_index by =
      is_by_timer ? event_at(present()).process : process_of(goroutine::current());
  link(trace_link::kind::spawned, by, process_of(g));
}

void tracer::decided(const decision& d, const situation* among) {
  if (among != nullptr) return;
  const goroutine& chooser = goroutine::current();
  log_.choices.push({d.taken, d.of, process_of(chooser)});
  event_at(present()).choices.end = static_cast<std::uint32_t>(log_.choices.all().size());
}

void tracer::does(std::uint32_t, const goroutine& g, const op& what) {
  if (what.kind == op_kind::go || what.kind == op_kind::choose) return;
  const process_index self = process_of(g);
  traced_event& e = begin_event(self);
  last_event_[self] = present();
  e.is_guarded = what.guard != nullptr;
  e.is_comparing = what.holds_for != nullptr && !e.is_guarded;
  e.is_barrier = what.kind == op_kind::settle;
  const object* on = find(what.object);
  if (what.holds_for != nullptr && on != nullptr) e.held = writes_held(what, *on);
  touch_for(g, what, on);
  if (g.recent != 0) watch_loop_of(g, e);
}

void tracer::done(const goroutine& g, const event& what) {
  const op& op = what.done;
  switch (op.kind) {
    case op_kind::try_lock:
      if (what.result == 0) fail_to_lock();
      return;
    case op_kind::unlock:
    case op_kind::write_unlock:
      if (what.result < 0) retouch(access_mode::failed_unlock);
      return;
    case op_kind::read_lock:
    case op_kind::try_read_lock:
    case op_kind::read_unlock:
    case op_kind::try_write_lock:
    case op_kind::enqueue:
    case op_kind::released:
      return settle_count(g, what);
    case op_kind::add:
      if (what.result < 0) return retouch(access_mode::failed_minus);
      return remember(id_of(op.object),
                      static_cast<std::uint64_t>(counter_of(id_of(op.object)) + op.argument));
    case op_kind::store:
    case op_kind::update:
      if (op.holds_for != nullptr && what.result == 0) return retouch(access_mode::read);
      return remember(id_of(op.object), what.bits);
    case op_kind::select: {
      if (what.result < 0) return retouch(access_mode::failed_attempt);
      const braid::op& arm = op.arms[static_cast<std::size_t>(what.result)];
      const std::uint32_t arrival = last_event_[process_of(g)];
      moved(arm, arrival == present() ? 0 : arrival);
      return complete(g, arm, *find(arm.object), what.more);
    }
    case op_kind::send:
    case op_kind::recv:
      return complete(g, op, *find(op.object), what.more);
    case op_kind::close:
      channel_of(id_of(op.object)).closed_by = present();
      return;
    case op_kind::stop:
    case op_kind::reset:
      if (what.result == 2) take_back(id_of(op.object));
      return;
    default:
      return;
  }
}

// Who came or left, or how many wait in a cond, is known now.
void tracer::settle_count(const goroutine& g, const event& what) {
  const op& op = what.done;
  const std::uint64_t id = id_of(op.object);
  switch (op.kind) {
    case op_kind::read_lock:
      if (last_event_[process_of(g)] == present()) come_in();  // else when it was woken
      return;
    case op_kind::try_read_lock:
      if (what.result != 0) return come_in();
      if (fails_by_choice()) own_access(1).mode = access_mode::plus;
      return;
    case op_kind::read_unlock:
      if (what.result < 0) return retouch(access_mode::failed_minus);
      return remember(readers_of(id), static_cast<std::uint64_t>(counter_of(readers_of(id)) - 1));
    case op_kind::try_write_lock:
      if (what.result == 0) fail_to_lock();
      return;
    case op_kind::enqueue:
      if (what.result == 0) return remember(place_in(id, g), 1);
      return log_.accesses.cut(--event_at(present()).accesses.end);  // it wakes by itself
    default:
      return count(place_in(id, *static_cast<const goroutine*>(op.context)), access_mode::minus,
                   -1);
  }
}

access& tracer::own_access(std::uint32_t index) {
  return log_.accesses.begin()[event_at(present()).accesses.begin + index];
}

// The present event is an attempt that found its lock free, and failed all the same (--spurious
// options). What it touches must not depend on the choice: where others do not conflict with one
// value, but with another, the search would take all values for covered. So it conflicts as if it
// had taken the lock, and counts nothing.
bool tracer::fails_by_choice() const {
  const log_range made = log_.events.all().back().choices;
  return made.begin != made.end;
}

void tracer::fail_to_lock() {
  access& own = own_access(0);
  own.amount = 0;
  if (!fails_by_choice()) own.mode = access_mode::failed_lock;
}

// The present event is one of a reader that need not wait.
void tracer::come_in() {
  access& own = own_access(1);
  own.mode = access_mode::plus;
  own.amount = 1;
  remember(own.object, static_cast<std::uint64_t>(own.count + 1));
}

// The present event takes back what a timer has sent and nobody received.
void tracer::take_back(std::uint64_t channel) {
  channel_of(channel).recvs.push_back({present(), present()});
  ++channel_of(channel).recvs_arrived;
  log_.accesses.begin()[event_at(present()).accesses.begin].amount = -1;
}

// Its operation is an ending.
void tracer::refused(const goroutine&, std::string_view) { touch_output_end(); }

// A send or a receive took effect: at its arrival, or because a partner came, who told of it then.
void tracer::complete(const goroutine& g, const op& what, const object& on, bool more) {
  const std::uint32_t arrival = last_event_[process_of(g)];
  channel& c = channel_of(on.id);
  const bool is_send = what.kind == op_kind::send;
  const bool finds_closed = is_send ? c.closed_by != 0 : !more;
  if (!finds_closed) {
    if (arrival == present()) pass_value(process_of(g), c, is_send, on.made_with);
    return;
  }
  const std::uint32_t index = event_at(arrival).accesses.begin;
  access& a = log_.accesses.begin()[index];
  if (arrival != present()) {
    if (a.mode != access_mode::recv) return;
    a.woken_by_close = true;
    woken_by_close_.push_back({arrival, index, present()});
    *log_.changed_from.begin() = std::min(*log_.changed_from.begin(), arrival);
    return;
  }
  if (a.mode == access_mode::send) {
    a.mode = access_mode::closed_send;
    --c.sends_arrived;
  }
  if (a.mode == access_mode::recv) a.mode = access_mode::drained_recv;
  if (c.closed_by != 0) link(trace_link::kind::took, process_of(g), 0, c.closed_by);
}

// The present event moves a value through the channel: it met a partner that it woke, or the value
// goes into or comes out of the buffer. The k-th receive needed the k-th send, and the k-th send
// the (k - capacity)-th receive, before their goroutines could go on.
void tracer::pass_value(process_index by, channel& c, bool is_send, std::int64_t room) {
  const auto capacity = static_cast<std::size_t>(room);
  const std::uint32_t now = present();
  if (is_send) {
    const std::size_t place = c.sends.size();
    c.sends.push_back({now, now});
    if (!woken_.empty()) c.recvs.push_back({woken_.front(), now});
    if (place >= capacity && place - capacity < c.recvs.size()) {
      link(trace_link::kind::took, by, 0, c.recvs[place - capacity].event);
    }
    return;
  }
  if (!woken_.empty()) c.sends.push_back({woken_.front(), now});
  const std::size_t place = c.recvs.size();
  c.recvs.push_back({now, now});
  if (place < c.sends.size()) link(trace_link::kind::took, by, 0, c.sends[place].event);
}

// A timer's value has gone where it goes.
void tracer::settle_fire() {
  if (!fired_into_) return;
  const fed_channel fed = *std::exchange(fired_into_, std::nullopt);
  pass_value(event_at(present()).process, channel_of(fed.id), true, fed.capacity);
}

void tracer::woken(const goroutine& g, const op& waited) {
  woken_.push_back(last_event_[process_of(g)]);
  link(trace_link::kind::completed, event_at(present()).process, process_of(g));
  if (waited.kind == op_kind::read_lock)
    count(readers_of(id_of(waited.object)), access_mode::plus, 1);
  if (waited.kind != op_kind::select) return;
  touch_arms(waited, access_mode::select, last_event_[process_of(g)]);
}

// When the clock moves because nothing else can happen, whoever looped until it moves comes after.
void tracer::released(const goroutine& g) {
  if (!event_at(present()).is_barrier) return;
  link(trace_link::kind::completed, event_at(present()).process, process_of(g));
}

// Behind the events of the log lie its pending operations: they touch, but nothing comes of it.
void tracer::left(const goroutine& g, const op& next) {
  settle_fire();
  traced_event e = fresh_event(process_of(g));
  e.is_guarded = next.guard != nullptr;
  e.is_comparing = next.holds_for != nullptr && !e.is_guarded;
  const object* on = find(next.object);
  if (next.holds_for != nullptr && on != nullptr) e.held = writes_held(next, *on);
  const log_range kept = event_at(present()).accesses;
  const std::uint32_t ended_by = ended_by_;
  touch_for(g, next, on);
  watch_loop_of(g, e);
  e.accesses.end = static_cast<std::uint32_t>(log_.accesses.all().size());
  event_at(present()).accesses = kept;
  ended_by_ = ended_by;
  log_.pending.push(e);
}

}  // namespace braid
