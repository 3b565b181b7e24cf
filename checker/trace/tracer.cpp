// Writes the events of an execution into a trace log; see tracer.hpp.
#include "trace/tracer.hpp"

#include <algorithm>
#include <utility>

namespace braid {
namespace {

// Objects that no program makes; the ids of those that it does are hashes.
constexpr std::uint64_t program_object = 1;
constexpr std::uint64_t clock_object = 2;
constexpr std::uint64_t stream_object(std::int64_t fd) {
  return 16 + static_cast<std::uint64_t>(fd);
}

}  // namespace

process_id timer_of_sleeper(const goroutine& sleeper) { return sleeper.path() ^ 0x5bd1e995; }
process_id timer_of_channel(std::uint64_t channel_id) { return channel_id ^ 0x1b873593; }

tracer::tracer(const object_table& objects, bool clock_races, trace_log& log)
    : objects_(objects), clock_races_(clock_races), log_(log) {}

void tracer::begin() {
  log_.clear();
  last_event_.clear();
  channels_used_ = 0;
  woken_.clear();
  deadlines_.clear();
  fired_into_.reset();
  has_ended_ = false;
  begin_event(0);  // what happens before the first decision
}

traced_event& tracer::begin_event(process_id process) {
  settle_fire();
  woken_.clear();
  traced_event e{.process = process};
  e.accesses_begin = e.accesses_end = static_cast<std::uint32_t>(log_.accesses.all().size());
  e.links_begin = e.links_end = static_cast<std::uint32_t>(log_.links.all().size());
  e.choices_begin = e.choices_end = static_cast<std::uint32_t>(log_.choices.all().size());
  log_.events.push(e);
  return event_at(present());
}

void tracer::touch(std::uint64_t object, access_mode mode, std::int32_t amount,
                   std::int32_t count) {
  log_.accesses.push({object, mode, amount, count});
  event_at(present()).accesses_end = static_cast<std::uint32_t>(log_.accesses.all().size());
}

// What the adds so far came to.
std::int32_t tracer::count_of(std::uint64_t object) const {
  std::int32_t count = 0;
  for (const access& a : log_.accesses.all()) count += a.object == object ? a.amount : 0;
  return count;
}

// What the event turned out to be: an attempt that failed.
void tracer::retouch(traced_event& e, access_mode mode) {
  for (std::uint32_t i = e.accesses_begin; i < e.accesses_end; ++i) {
    log_.accesses.begin()[i].mode = mode;
    log_.accesses.begin()[i].amount = 0;
  }
}

void tracer::link(trace_link::kind what, process_id by, process_id other, std::uint32_t event) {
  log_.links.push({what, by, other, event});
  event_at(present()).links_end = static_cast<std::uint32_t>(log_.links.all().size());
}

const object* tracer::find(const void* address) const {
  return address == nullptr ? nullptr : objects_.find(address);
}

std::uint64_t tracer::id_of(const void* address) const {
  const object* o = find(address);
  return o == nullptr ? 0 : o->id;
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
  last_event_.push_back(0);
  link(trace_link::kind::spawned, goroutine::current().path(), g.path());
}

void tracer::decided(const decision& d) {
  if (d.kind != decision_kind::arm && d.kind != decision_kind::value) return;
  log_.choices.push({d.taken, d.of});
  event_at(present()).choices_end = static_cast<std::uint32_t>(log_.choices.all().size());
}

void tracer::does(std::uint32_t, const goroutine& g, const op& what) {
  if (what.kind == op_kind::go || what.kind == op_kind::choose) return;
  traced_event& e = begin_event(g.path());
  last_event_[g.number] = present();
  e.is_guarded = what.guard != nullptr;
  touch_for(what, find(what.object));
  if (what.kind == op_kind::sleep) {
    link(trace_link::kind::armed, g.path(), timer_of_sleeper(g));
  }
}

void tracer::touch_for(const op& what, const object* on) {
  using enum access_mode;
  const std::uint64_t id = on == nullptr ? 0 : on->id;
  switch (what.kind) {
    case op_kind::load:
    case op_kind::read:
    case op_kind::await:
      return touch(id, read);
    case op_kind::store:
    case op_kind::update:
    case op_kind::write:
      return touch(id, write);
    case op_kind::lock:
      return touch(id, lock, 1);
    case op_kind::try_lock:
      return touch(id, taken_lock, 1);
    case op_kind::unlock:
      return touch(id, unlock, -1);
    case op_kind::add:
      return touch(id, what.argument < 0 ? minus : plus, static_cast<std::int32_t>(what.argument),
                   count_of(id));
    case op_kind::wait:
      return touch(id, await);
    case op_kind::send:
      if (on == nullptr) return;
      ++channel_of(on->id).sends_arrived;
      return touch(id, send);
    case op_kind::recv:
      if (on == nullptr) return;
      return touch(id, recv, ++channel_of(on->id).recvs_arrived);
    case op_kind::close: {
      const channel& c = channel_of(on->id);
      return touch(id, close, c.sends_arrived - static_cast<std::int32_t>(on->made_with));
    }
    case op_kind::length:
      return touch(id, length);
    case op_kind::select:
      return touch_arms(what, what.argument != 0 ? attempt : select);
    case op_kind::print:
      return touch(stream_object(what.argument), has_ended_ ? unseen_print : print);
    case op_kind::end:
      return touch_output_end();
    case op_kind::sleep:
    case op_kind::after:
    case op_kind::now:
      if (clock_races_) touch(clock_object, read);
      return;
    default:
      return;
  }
}

// Each channel once, however often the select names it.
void tracer::touch_arms(const op& select, access_mode mode) {
  const std::span<const op> arms = select.arms;
  for (std::size_t i = 0; i < arms.size(); ++i) {
    const void* channel = arms[i].object;
    const bool seen = std::any_of(arms.begin(), arms.begin() + static_cast<std::ptrdiff_t>(i),
                                  [&](const op& earlier) { return earlier.object == channel; });
    if (channel != nullptr && !seen) touch(id_of(channel), mode);
  }
}

// An ending after the program's end cuts off nothing any more.
void tracer::touch_output_end() {
  touch(program_object, access_mode::end);
  if (has_ended_) return;
  touch(stream_object(1), access_mode::end);
  touch(stream_object(2), access_mode::end);
  has_ended_ = true;
}

void tracer::done(const goroutine& g, const event& what) {
  const op& op = what.done;
  traced_event& e = event_at(last_event_[g.number]);
  switch (op.kind) {
    case op_kind::try_lock:
      if (what.result == 0) retouch(e, access_mode::failed_lock);
      return;
    case op_kind::add:
      if (what.result < 0) retouch(e, access_mode::failed_minus);
      return;
    case op_kind::select:
      if (what.result < 0) return retouch(e, access_mode::failed_attempt);
      return complete(g, op.arms[static_cast<std::size_t>(what.result)],
                      *find(op.arms[static_cast<std::size_t>(what.result)].object), what.more);
    case op_kind::send:
    case op_kind::recv:
      return complete(g, op, *find(op.object), what.more);
    case op_kind::close:
      channel_of(id_of(op.object)).closed_by = present();
      return;
    case op_kind::after:
      return link(trace_link::kind::armed, g.path(), timer_of_channel(id_of(op.object)));
    default:
      return;
  }
}

// A send or a receive took effect: at its arrival, or because a partner came, who told of it then.
void tracer::complete(const goroutine& g, const op& what, const object& on, bool more) {
  const std::uint32_t arrival = last_event_[g.number];
  channel& c = channel_of(on.id);
  const bool is_send = what.kind == op_kind::send;
  const bool finds_closed = is_send ? c.closed_by != 0 : !more;
  if (finds_closed) {
    traced_event& e = event_at(arrival);
    if (e.accesses_end - e.accesses_begin == 1) {
      access& a = log_.accesses.begin()[e.accesses_begin];
      if (a.mode == access_mode::send) a.mode = access_mode::closed_send;
      if (a.mode == access_mode::recv) a.mode = access_mode::drained_recv;
    }
    if (arrival == present() && c.closed_by != 0) {
      link(trace_link::kind::took, g.path(), 0, c.closed_by);
    }
    return;
  }
  if (arrival == present()) pass_value(g.path(), c, is_send, on.made_with);
}

// The present event moves a value through the channel: it met a partner that it woke, or the value
// goes into or comes out of the buffer. The k-th receive needed the k-th send, and the k-th send
// the (k - capacity)-th receive, before their goroutines could go on.
void tracer::pass_value(process_id by, channel& c, bool is_send, std::int64_t room) {
  const auto capacity = static_cast<std::size_t>(room);
  if (is_send) {
    const std::size_t place = c.sends.size();
    c.sends.push_back(present());
    if (!woken_.empty()) c.recvs.push_back(woken_.front());
    if (place >= capacity && place - capacity < c.recvs.size()) {
      link(trace_link::kind::took, by, 0, c.recvs[place - capacity]);
    }
    return;
  }
  if (!woken_.empty()) c.sends.push_back(woken_.front());
  const std::size_t place = c.recvs.size();
  c.recvs.push_back(present());
  if (place < c.sends.size()) link(trace_link::kind::took, by, 0, c.sends[place]);
}

void tracer::fires(std::uint32_t, const timer& which, bool moves_clock) {
  const object* fed = find(which.channel);
  traced_event& e =
      begin_event(fed != nullptr ? timer_of_channel(fed->id) : timer_of_sleeper(*which.sleeper));
  e.is_fire = true;
  e.is_barrier = moves_clock && !clock_races_;
  if (clock_races_) {
    touch(clock_object, access_mode::tick, rank_of(which.when));
  }
  if (fed == nullptr) return;
  ++channel_of(fed->id).sends_arrived;
  touch(fed->id, access_mode::send);
  fired_into_ = fed_channel{fed->id, fed->made_with};
}

// A number for each deadline, the same for equal ones.
std::int32_t tracer::rank_of(time_point deadline) {
  const auto known = std::find(deadlines_.begin(), deadlines_.end(), deadline);
  const auto rank = static_cast<std::int32_t>(known - deadlines_.begin());
  if (known == deadlines_.end()) deadlines_.push_back(deadline);
  return rank;
}

// A timer's value has gone where it goes.
void tracer::settle_fire() {
  if (!fired_into_) return;
  const fed_channel fed = *std::exchange(fired_into_, std::nullopt);
  pass_value(event_at(present()).process, channel_of(fed.id), true, fed.capacity);
}

void tracer::woken(const goroutine& g, const op& waited) {
  const std::uint32_t parked_at = last_event_[g.number];
  woken_.push_back(parked_at);
  link(trace_link::kind::completed, event_at(present()).process, g.path());
  if (waited.kind == op_kind::select) touch_arms(waited, access_mode::select);
}

void tracer::left(const goroutine& g, const op& next) {
  const access_mode mode = next.kind == op_kind::lock ? access_mode::lock : access_mode::await;
  log_.pending.push({g.path(), {id_of(next.object), mode}});
}

}  // namespace braid
