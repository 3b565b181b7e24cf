// What each operation touches, and in which way; see tracer.hpp and access.hpp.
#include <algorithm>

#include "trace/tracer.hpp"

namespace braid {

void tracer::touch(std::uint64_t object, access_mode mode, std::int32_t amount,
                   std::int32_t count) {
  log_.accesses.push({.object = object, .mode = mode, .amount = amount, .count = count});
  event_at(present()).accesses.end = static_cast<std::uint32_t>(log_.accesses.all().size());
}

// What the present event turned out to be: an attempt that failed.
void tracer::retouch(access_mode mode) {
  for (const log_range r = event_at(present()).accesses;
       access & a : std::span(log_.accesses.begin() + r.begin, r.end - r.begin)) {
    if (a.mode == access_mode::watch || is_of_clock(a)) continue;
    a.mode = mode;
    a.amount = 0;
  }
}

// Else it would touch nothing, and be independent of everything.
static_assert(op_kind_count == 42, "a new operation: what does it touch?");

void tracer::touch_for(const goroutine& g, const op& what, const object* on) {
  using enum access_mode;
  const std::uint64_t id = on == nullptr ? 0 : on->id;
  switch (what.kind) {
    case op_kind::lock:
      return touch(id, lock, 1);
    case op_kind::try_lock:
      return touch(id, taken_lock, 1);
    case op_kind::unlock:
      return touch(id, unlock, -1);
    case op_kind::add:
      return touch(id, what.argument < 0 ? minus : plus, static_cast<std::int32_t>(what.argument),
                   counter_of(id));
    case op_kind::wait:
      return touch(id, await);
    case op_kind::send:
    case op_kind::recv:
    case op_kind::close:
    case op_kind::length:
      if (on != nullptr) touch_channel(what, *on);
      return touch_clock_of_ticker(what);
    case op_kind::select:
      touch_arms(what, what.argument != 0 ? attempt : select, 0);
      for (const op& arm : what.arms) touch_clock_of_ticker(arm);
      return;
    case op_kind::read_lock:
    case op_kind::try_read_lock:
    case op_kind::read_unlock:
    case op_kind::announce_write:
    case op_kind::await_readers:
    case op_kind::try_write_lock:
    case op_kind::write_unlock:
      return touch_shared_mutex(what, id);
    case op_kind::enqueue:
    case op_kind::cond_wait:
    case op_kind::notify:
      return touch_cond(g, what, id);
    case op_kind::print:
      return touch(stream_object(what.argument), has_ended() ? unseen_print : print);
    case op_kind::end:
      return touch_output_end();
    case op_kind::stop:
      return touch(id, control);
    case op_kind::reset:
      touch(id, control);
      [[fallthrough]];
    case op_kind::sleep:
    case op_kind::after:
    case op_kind::start:
    case op_kind::now:
    case op_kind::settle:
      if (clock_races_) touch(clock_object, read);
      return;
    default:
      return touch_value(what, id);
  }
}

// Touches an object with a counter, which changes by `delta`.
void tracer::count(std::uint64_t object, access_mode mode, std::int32_t delta) {
  const std::int32_t before = counter_of(object);
  touch(object, mode, delta, before);
  remember(object, static_cast<std::uint64_t>(before + delta));
}

// A reader that comes is counted when it is known that it need not wait.
void tracer::touch_shared_mutex(const op& what, std::uint64_t id) {
  using enum access_mode;
  switch (what.kind) {
    case op_kind::read_unlock:
      return touch(readers_of(id), minus, -1, counter_of(readers_of(id)));
    case op_kind::announce_write:
      return touch(id, lock, 1);
    case op_kind::await_readers:
      return touch(readers_of(id), await);
    case op_kind::try_write_lock:
      touch(id, taken_lock, 1);
      return touch(readers_of(id), await);
    case op_kind::write_unlock:
      return touch(id, unlock, -1);
    default:
      touch(id, look);
      return touch(readers_of(id), kept_out, 0, counter_of(readers_of(id)));
  }
}

// A cond is the queue of those who wait and, for each of them, a counter that a notification takes
// to zero.
void tracer::touch_cond(const goroutine& g, const op& what, std::uint64_t id) {
  using enum access_mode;
  if (what.kind == op_kind::cond_wait) return touch(place_in(id, g), await);
  touch(id, write);
  if (what.kind == op_kind::enqueue) touch(place_in(id, g), plus, 1);
}

// Who takes a tick arms the ticker again, for a time that depends on the clock. Whether it takes
// one here is not known.
void tracer::touch_clock_of_ticker(const op& what) {
  if (!clock_races_ || what.kind != op_kind::recv) return;
  const object* const on = find(what.object);
  if (on == nullptr || !on->is_ticker) return;
  const auto touched = log_.accesses.all().subspan(event_at(present()).accesses.begin);
  if (std::none_of(touched.begin(), touched.end(), is_of_clock)) {
    touch(clock_object, access_mode::read);
  }
}

void tracer::touch_channel(const op& what, const object& on) {
  channel& c = channel_of(on.id);
  switch (what.kind) {
    case op_kind::send:
      ++c.sends_arrived;
      return touch(on.id, access_mode::send);
    case op_kind::recv:
      return touch(on.id, access_mode::recv, ++c.recvs_arrived);
    case op_kind::close:
      return touch(on.id, access_mode::close,
                   c.sends_arrived - static_cast<std::int32_t>(on.made_with),
                   static_cast<std::int32_t>(on.made_with));
    default:
      return touch(on.id, access_mode::length);
  }
}

void tracer::touch_value(const op& what, std::uint64_t id) {
  switch (what.kind) {
    case op_kind::load:
    case op_kind::read:
    case op_kind::await:
      return touch(id, access_mode::read);
    case op_kind::store:
    case op_kind::update:
    case op_kind::write:
      return touch(id, access_mode::write);
    default:
      return;
  }
}

// Each channel once, however often the select names it.
void tracer::touch_arms(const op& select, access_mode mode, std::uint32_t partner) {
  const std::span<const op> arms = select.arms;
  for (std::size_t i = 0; i < arms.size(); ++i) {
    const void* channel = arms[i].object;
    const auto is_same = [&](const op& other) { return other.object == channel; };
    const auto first = std::find_if(arms.begin(), arms.end(), is_same);
    if (channel == nullptr || first != arms.begin() + static_cast<std::ptrdiff_t>(i)) continue;
    const bool mixed = std::any_of(first, arms.end(), [&](const op& other) {
      return is_same(other) && other.kind != arms[i].kind;
    });
    const object& on = *find(channel);
    const auto room = static_cast<std::int32_t>(on.made_with) + 1;
    touch(on.id, mode, 0, mixed ? 0 : arms[i].kind == op_kind::send ? room : -room);
    log_.accesses.begin()[log_.accesses.all().size() - 1].partner = partner;
  }
}

// A select moved a value: at its arrival, or when a partner completed it, which is the present
// event.
void tracer::moved(const op& arm, std::uint32_t partner) {
  channel& c = channel_of(id_of(arm.object));
  ++(arm.kind == op_kind::send ? c.sends_arrived : c.recvs_arrived);
  const log_range r = event_at(present()).accesses;
  for (std::uint32_t i = r.begin; i < r.end; ++i) {
    access& a = log_.accesses.begin()[i];
    if (a.object != id_of(arm.object) || a.partner != partner) continue;
    if (a.mode != access_mode::select && a.mode != access_mode::attempt) continue;
    a.amount = arm.kind == op_kind::send ? 1 : -1;
  }
}

// An ending after the program's end cuts off nothing any more.
void tracer::touch_output_end() {
  touch(program_object, access_mode::end);
  if (has_ended()) return;
  touch(stream_object(1), access_mode::end);
  touch(stream_object(2), access_mode::end);
  ended_by_ = present();
}

// Not an access: its last owner destroys it, and who that is may depend on what braid does not see.
// A channel cannot be used when it is gone, since who uses it owns it.
void tracer::destroyed(const object& o) {
  if (!o.is_shared && !has_ended()) log_.deaths.push({o.id, present()});
}

// False if the clock has moved since: then the rest does not matter. (In the other timer mode the
// clock is one object among others.)
bool tracer::must_change(std::span<const observation> iteration) const {
  const auto sees_clock_move = [this](const observation& o) {
    return !clock_races_ && o.kind == op_kind::now && loops_.has_changed(o);
  };
  return std::none_of(iteration.begin(), iteration.end(), sees_clock_move);
}

// Of a goroutine that was set aside: its event has a guard, and touches what the iteration read.
void tracer::watch_loop_of(const goroutine& g, traced_event& e) {
  const std::span<const observation> iteration = loops_.iteration_of(g);
  e.is_set_aside = !iteration.empty() && must_change(iteration);
  if (e.is_set_aside) watch(iteration, e.accesses.begin);
}

// Touches what the iteration read, but for what the event touches itself. `touched`: by it so far.
void tracer::watch(std::span<const observation> iteration, std::uint32_t touched) {
  for (const observation& o : iteration) {
    const std::uint64_t clock = clock_races_ ? clock_object : 0;
    const std::uint64_t id = o.kind == op_kind::now ? clock : o.object;
    const auto all = log_.accesses.all().subspan(touched);
    const bool is_touched =
        std::any_of(all.begin(), all.end(), [id](const access& a) { return a.object == id; });
    if (id == 0 || is_touched) continue;
    touch(id, access_mode::watch);
    if (o.kind == op_kind::try_write_lock) touch(readers_of(id), access_mode::watch);
  }
}

void tracer::remember(std::uint64_t object, std::uint64_t bits) {
  values_.push_back({object, present(), bits});
}

// What the adds so far came to.
std::int32_t tracer::counter_of(std::uint64_t object) const {
  const auto last = std::find_if(values_.rbegin(), values_.rend(),
                                 [object](const value_since& v) { return v.object == object; });
  return last == values_.rend() ? 0 : static_cast<std::int32_t>(last->bits);
}

// The writes before which the operation would have found a value that it waits for or replaces.
log_range tracer::writes_held(const op& what, const object& on) {
  log_range held;
  held.begin = static_cast<std::uint32_t>(log_.held.all().size());
  auto before = static_cast<std::uint64_t>(on.made_with);
  for (const value_since& v : values_) {
    if (v.object != on.id) continue;
    if (what.holds_for(what, before)) log_.held.push(v.event);
    before = v.bits;
  }
  held.end = static_cast<std::uint32_t>(log_.held.all().size());
  return held;
}

}  // namespace braid
