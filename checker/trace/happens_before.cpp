// Happens-before and races; see happens_before.hpp.
#include "trace/happens_before.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <limits>
#include <numeric>

#include "mix.hpp"

namespace braid {
namespace {

// Objects over all executions, beyond which what is known of them is forgotten.
constexpr std::uint32_t slots_max = 1 << 16;

}  // namespace

// Rows do not overlap, and are of whole blocks: so the compiler makes vectors of it.
template <class F>
void happens_before::combine(clock_entry* __restrict into, const clock_entry* __restrict with,
                             F&& f) const {
  for (const clock_entry* const end = into + stride_; into != end; into += block, with += block) {
    for (std::size_t p = 0; p < block; ++p) into[p] = f(into[p], with[p]);
  }
}

// Of f(a, b) for each process.
template <class F>
happens_before::clock_entry happens_before::sum(const clock_entry* a, const clock_entry* b,
                                                F&& f) const {
  std::array<clock_entry, block> sums{};
  for (const clock_entry* const end = a + stride_; a != end; a += block, b += block) {
    for (std::size_t p = 0; p < block; ++p) sums[p] += f(a[p], b[p]);
  }
  return std::accumulate(sums.begin(), sums.end(), clock_entry{0});
}

void happens_before::join(clock_entry* into, const clock_entry* from) const {
  combine(into, from, [](clock_entry a, clock_entry b) { return std::max(a, b); });
}

void happens_before::meet(clock_entry* into, const clock_entry* with) const {
  combine(into, with, [](clock_entry a, clock_entry b) { return std::min(a, b); });
}

void happens_before::copy_block(clock_entry* to, const clock_entry* from) {
  std::memcpy(to, from, block * sizeof(clock_entry));
}

void happens_before::copy(clock_entry* to, const clock_entry* from) const {
  for (std::size_t p = 0; p < stride_; p += block) copy_block(to + p, from + p);
}

void happens_before::read(const trace_log& log, std::uint32_t from) {
  log_ = &log;
  from = std::min(from, *log.changed_from.begin());
  if (log.processes.all().size() > stride_ || from == 0 || slots_.size() > slots_max) {
    start_over(log.processes.all().size());
    from = 0;
  }
  first_new_ = from;
  cut(from);
  const auto events = log.events.all();
  first_pending_ = static_cast<std::uint32_t>(events.size());
  disarmed_.clear();
  for (const trace_arming& a : log.armings.all()) {
    if (a.is_disarmed) disarmed_.push_back(&a);
  }
  make_room(events.size() + log.pending.all().size());
  has_counter_race_ = false;
  for (std::uint32_t e = from; e < events.size(); ++e) {
    add(events[e], log.accesses_of(events[e]), log.held_of(events[e]));
    copy(base(events[e].process), row(e));
    if (!disarmed_.empty()) note_disarmed(e);
    for (const trace_link& l : log.links_of(events[e])) follow(l, e);
  }
  find_common_past();
  const auto deaths = log.deaths.all();
  has_lifetime_race_ = std::any_of(deaths.begin(), deaths.end(),
                                   [this](const trace_death& d) { return is_used_freely(d); });
  for (const traced_event& p : log.pending.all()) {
    p.disarmed_by != 0 ? add_prevented(p) : add(p, log.accesses_of(p), log.held_of(p));
  }
}

bool happens_before::is_used_freely(const trace_death& death) const {
  if (death.event < first_new_) return false;  // it was looked at before
  const std::span<const touched> all = accesses_to(death.object);
  // Mostly it is destroyed by a goroutine that has heard of all that others did.
  const clock_entry* const knows = row(death.event);
  const clock_entry* const happened = happened_row(events_ - 1);
  const process_index self = process_of(death.event);
  const clock_entry behind =
      sum(knows, happened, [](clock_entry a, clock_entry b) { return a < b; });
  const bool knows_others = behind == (knows[self] < happened[self]);
  if (knows_others && (all.empty() || all.back().event <= death.event)) return false;
  return std::any_of(all.begin(), all.end(),
                     [&](const touched& t) { return !before(t.event, death.event); });
}

void happens_before::start_over(std::size_t processes) {
  stride_ = std::max(stride_, (processes + block - 1) / block * block);
  events_ = 0;
  events_of_.assign(stride_, {});
  links_.clear();
  link_clocks_.clear();
  disarmings_.clear();
  rows_.assign(3 * stride_, 0);
  bases_.assign(stride_ * stride_, 0);
  touched_slots_.clear();
  touched_.clear();
  slots_.clear();
}

// Of all new events: of the first ones of each process, for their past only grows.
void happens_before::find_common_past() {
  common_past_.assign(stride_, std::numeric_limits<clock_entry>::max());
  const clock_entry* const known = happened_row(first_new_ - 1);  // or those before the first event
  for (process_index p = 0; p < stride_; ++p) {
    const std::uint32_t first = nth_event(p, static_cast<std::uint32_t>(known[p]));
    if (first != none) meet(common_past_.data(), row(first));
  }
}

void happens_before::make_room(std::size_t events) {
  if (stamps_.size() < events) {
    stamps_.resize(events);
    predecessors_.resize(events);
  }
  const std::size_t entries = (events + 1) * 3 * stride_;
  if (rows_.size() < entries) rows_.resize(entries);
}

// Forgets all but the first `events`.
void happens_before::cut(std::uint32_t events) {
  while (events_ > events) {
    const std::uint32_t last = --events_;
    const process_index self = stamps_[last].process;
    for (; !links_.empty() && links_.back().event == last; links_.pop_back()) {
      const std::size_t saved = link_clocks_.size() - stride_;
      copy(base(links_.back().process), link_clocks_.data() + saved);
      link_clocks_.resize(saved);
    }
    if (last < first_pending_) copy(base(self), arrival_row(last));
    events_of_[self].pop_back();
  }
  while (!races_.empty() && races_.back().later >= events) races_.pop_back();
  while (!clock_moves_.empty() && clock_moves_.back().event >= events) clock_moves_.pop_back();
  while (!disarmings_.empty() && disarmings_.back().event >= events) disarmings_.pop_back();
  while (!touched_slots_.empty() && touched_[touched_slots_.back()].back().event >= events) {
    std::vector<touched>& there = touched_[touched_slots_.back()];
    if (there.back().relies_on != none) --there[there.back().relies_on].relied_on;
    there.pop_back();
    touched_slots_.pop_back();
  }
}

bool happens_before::is_next_after(const std::int32_t* counts, std::uint32_t event) const {
  const auto beyond = [](clock_entry past, clock_entry count) { return std::max(past - count, 0); };
  return sum(row(event), counts, beyond) == 1;
}

const happens_before::predecessor& happens_before::predecessor_of(std::uint32_t event) const {
  predecessor& known = predecessors_[event];
  if (known.latest == unknown) known = found_predecessor(event);
  return known;
}

happens_before::predecessor happens_before::found_predecessor(std::uint32_t event) const {
  const clock_entry* const past = row(event);
  std::uint32_t latest = none;
  for (process_index p = 0; p < stride_; ++p) {
    const auto events = static_cast<std::uint32_t>(past[p] - (p == process_of(event)));
    if (events == 0) continue;
    const std::uint32_t last = events_of_[p][events - 1];
    if (latest == none || last > latest) latest = last;
  }
  return {latest, latest != none && is_next_after(row(latest), event)};
}

bool happens_before::arrives_next_after(const std::int32_t* counts, std::uint32_t event) const {
  const auto is_beyond = [](clock_entry past, clock_entry count) { return past > count; };
  return sum(arrival_row(event), counts, is_beyond) == 0;
}

// Sums, so that neither the order of the events nor the numbering of the processes matters. A
// choice counts as its chooser's: the event in which it is made may be another one in an
// equivalent execution.
std::uint64_t happens_before::class_hash(const trace_log& log) const {
  const auto ids = log.processes.all();
  std::vector<std::uint64_t> chosen(ids.size());
  std::uint64_t all = 0;
  for (std::uint32_t e = 0; e < log.events.all().size(); ++e) {
    std::uint64_t past = 0;
    for (std::size_t p = 0; p < ids.size(); ++p) {
      const auto known = static_cast<std::uint32_t>(row(e)[p]);
      if (known != 0) past += mix(ids[p] + known);
    }
    all += mix(past + ids[process_of(e)]);
    for (const trace_choice& c : log.choices_of(log.events.all()[e])) {
      std::uint64_t& by = chosen[c.by];
      all += by = mix(mix(by + ids[c.by]) + c.taken);
    }
  }
  return all;
}

// The rows of an event, if `past` is what comes before it.
void happens_before::begin(std::uint32_t event, process_index process, const clock_entry* past) {
  clock_entry* const own = row(event);
  clock_entry* const happened = happened_row(event);
  const clock_entry* const happened_before = happened - 3 * stride_;
  for (std::size_t p = 0; p < stride_; p += block) {
    copy_block(own + p, past + p);
    copy_block(own + stride_ + p, past + p);
    copy_block(happened + p, happened_before + p);
  }
  stamps_[event] = {process, past[process] + 1};
  predecessors_[event].latest = unknown;
  events_of_[process].push_back(event);
  ++events_;
}

void happens_before::add(const traced_event& e, std::span<const access> accesses,
                         std::span<const std::uint32_t> held) {
  const std::uint32_t event = events_;
  begin(event, e.process, base(e.process));
  ++happened_row(event)[e.process];
  if (e.is_fire) {
    pass_barrier(event, e);
  } else if (e.is_barrier) {
    for (process_index other = 0; other < stride_; ++other) join(row(event), base(other));
  }
  only_ordered_.clear();
  const arrival now{event, e, accesses, held};
  const std::uint32_t slot = accesses.empty() ? 0 : slot_of(accesses.front().object);
  if (accesses.size() == 1) {
    find_races_on(now, settled(accesses.front()), touched_[slot]);
  } else if (!accesses.empty()) {
    find_races_on_all(now);
  }
  if (!only_ordered_.empty() && accesses.front().mode == access_mode::await &&
      may_hold_earlier(event, accesses.front())) {
    has_counter_race_ = true;
  }
  for (const std::uint32_t earlier : only_ordered_) join(row(event), row(earlier));
  for (const access& a : accesses) {
    if (can_be_enabled(a)) join_enabling(event, a, accesses_to(a.object));
  }
  if (e.is_fire) join_stops(event);
  row(event)[e.process] = stamps_[event].ordinal;
  if (!accesses.empty()) note_access(event, accesses.front(), slot);
  for (std::size_t i = 1; i < accesses.size(); ++i) {
    note_access(event, accesses[i], slot_of(accesses[i].object));
  }
}

// Where the accesses to an object are kept.
std::uint32_t happens_before::slot_of(std::uint64_t object) {
  const std::uint32_t slot = slots_.get(object);
  if (slot >= touched_.size()) touched_.resize(slot + 1);
  return slot;
}

std::span<const happens_before::touched> happens_before::accesses_since(
    std::uint32_t event, std::uint64_t object) const {
  const std::span<const touched> all = accesses_to(object);
  const auto first = std::partition_point(all.begin(), all.end(),
                                          [=](const touched& t) { return t.event < event; });
  return {first, all.end()};
}

void happens_before::note_access(std::uint32_t event, const access& a, std::uint32_t slot) {
  std::vector<touched>& there = touched_[slot];
  const auto place = static_cast<std::uint32_t>(there.size());
  // Made in its place: to copy what was just written in parts would have to wait for it.
  touched& now = there.emplace_back();
  now.event = event;
  now.what = a;
  now.run = now.alike = now.chain = place;
  now.is_after_all = a.mode == access_mode::write || a.mode == access_mode::lock || place == 0;
  if (place > 0) {
    const touched& last = there[place - 1];
    now.all_rely = last.all_rely;
    now.until = last.until;
    now.is_after_all = now.is_after_all || (last.is_after_all && before(last.event, event));
    if (process_of(last.event) == process_of(event)) now.run = last.run;
    if (last.what.mode == a.mode) now.alike = last.alike;
    if (now.is_after_all && last.is_after_all) now.chain = last.chain;
  }
  if (is_counted(a)) now.until.holders += a.amount;
  if (is_of_channel(a)) count_on_channel(now.until, event, a);
  if (a.mode == access_mode::minus) now.relies_on = rely_on_addition(there, event);
  if (a.mode == access_mode::minus || a.mode == access_mode::failed_minus) {
    const bool is_safe = now.relies_on != none && a.amount == -1;
    now.all_rely = now.all_rely && is_safe;
    if (!is_safe && may_be_too_early(event, a)) has_counter_race_ = true;
  } else if (a.mode == access_mode::plus && relies_on_others(event, there)) {
    has_counter_race_ = true;
  }
  touched_slots_.push_back(slot);
}

// When the clock moves because nothing else can happen, all that came before had to; and so it
// had to for every timer that is due then, whichever of them fires first.
void happens_before::pass_barrier(std::uint32_t event, const traced_event& e) {
  if (e.is_barrier) {
    clock_move now{event, std::vector<clock_entry>(stride_)};
    if (!clock_moves_.empty()) now.past = clock_moves_.back().past;
    for (process_index other = 0; other < stride_; ++other) join(now.past.data(), base(other));
    clock_moves_.push_back(std::move(now));
  }
  if (!clock_moves_.empty()) join(row(event), clock_moves_.back().past.data());
}

namespace {

class mode_set {
 public:
  explicit mode_set(std::uint32_t bits) : bits_(bits) {}
  bool has(access_mode m) const { return (bits_ >> static_cast<unsigned>(m) & 1) != 0; }

 private:
  std::uint32_t bits_;
};

// Those of earlier accesses that can race with one of this mode, or tell that all before them came
// before it: see find_races_on(), is_race().
mode_set modes_that_tell(access_mode later, bool may_go_below_zero) {
  using enum access_mode;
  const auto bit = [](access_mode m) { return std::uint32_t{1} << static_cast<unsigned>(m); };
  std::uint32_t bits = detail::conflict_rows[static_cast<std::size_t>(later)];
  bits |= bit(write) | bit(lock);  // whatever came before one of these happened before it
  if (may_go_below_zero) bits |= bit(plus);
  // A receive that a close woke counts as one that found the channel drained.
  if ((bits & bit(drained_recv)) != 0) bits |= bit(recv);
  return mode_set(bits);
}

}  // namespace

// Calls f with the accesses that race with this one, the latest first. (f may order some of those
// that are left.)
template <class F>
void happens_before::for_each_race(std::uint32_t event, const access& what,
                                   std::span<const touched> all, F&& f) {
  const mode_set told = modes_that_tell(what.mode, may_go_below_zero(event, what, all));
  for (std::size_t i = all.size(); i-- > 0;) {
    const touched& t = all[i];
    if (!told.has(t.what.mode)) {
      i = t.alike;
    } else if (before(t.event, event)) {
      if (t.is_after_all) return;
      i = t.run;
    } else if (is_race(t, what)) {
      f(t);
    }
  }
}

// Joins the clocks of all conflicting events, the latest first; those that nothing covers are
// races.
void happens_before::find_races_on(const arrival& a, const access& what,
                                   std::span<const touched> all) {
  for_each_race(a.event, what, all, [&](const touched& t) {
    if (is_ordered_only(t.event, a)) return only_ordered_.push_back(t.event);
    races_.push_back({t.event, a.event});
    join(row(a.event), row(t.event));
  });
}

// The same for an event that touches more than one object.
void happens_before::find_races_on_all(const arrival& a) {
  const std::uint32_t event = a.event;
  candidates_.clear();
  for (const access& one : a.accesses) {
    for_each_race(event, settled(one), accesses_to(one.object),
                  [this](const touched& t) { candidates_.push_back(t.event); });
  }
  std::sort(candidates_.begin(), candidates_.end(), std::greater<>());
  for (const std::uint32_t earlier : candidates_) {
    if (before(earlier, event)) continue;
    if (is_ordered_only(earlier, a)) {
      only_ordered_.push_back(earlier);
      continue;
    }
    races_.push_back({earlier, event});
    join(row(event), row(earlier));
  }
}

bool happens_before::is_race(const touched& earlier, const access& later) const {
  if (earlier.event >= first_pending_) return false;  // neither happened
  if (conflict(settled(earlier.what), later)) return true;
  return may_conflict(earlier.what, later) &&
         count_without(earlier.event, later.object) + later.amount < 0;
}

// True if the event, because it has a guard or is a fire, could not have come before `earlier`.
bool happens_before::is_ordered_only(std::uint32_t earlier, const arrival& a) const {
  if (a.what.is_set_aside) return !goes_on_without(earlier, a);
  if (!a.what.is_guarded && !a.what.is_fire) return false;
  const access& first = a.accesses.front();
  if (first.mode == access_mode::tick) {
    return must_await_timers(earlier, first) || must_await_stops(earlier, a.event);
  }
  if (a.what.is_fire) return false;  // one that does not race with the clock
  if (first.mode != access_mode::read) return count_without(earlier, first.object) != 0;
  return !holds_without(earlier, first, a.held);
}

// Of an await on a value.
bool happens_before::holds_without(std::uint32_t earlier, const access& await,
                                   std::span<const std::uint32_t> held) const {
  for (const touched& t : accesses_since(earlier, await.object)) {
    if (t.what.mode != access_mode::write || !before(earlier, t.event)) continue;
    return std::binary_search(held.begin(), held.end(), t.event);
  }
  return true;
}

// Of an operation that was set aside: whether something that the last iteration read was changed
// after that, but not after `earlier`.
bool happens_before::goes_on_without(std::uint32_t earlier, const arrival& a) const {
  const process_index self = process_of(a.event);
  for (const access& read : a.accesses) {
    const std::span<const touched> all = accesses_to(read.object);
    for (std::size_t i = all.size(); i-- > 0 && process_of(all[i].event) != self;) {
      if (ends_loops(all[i].what) && !before(earlier, all[i].event)) return true;
    }
  }
  return false;
}

// Timers with earlier deadlines fire first, unless without `earlier` they would not be armed.
bool happens_before::must_await_timers(std::uint32_t earlier, const access& tick) const {
  const std::span<const touched> all = accesses_since(earlier, tick.object);
  return std::any_of(all.begin(), all.end(), [&](const touched& t) {
    return enables(t.what, tick) && before(earlier, t.event) && !before_arrival(earlier, t.event);
  });
}

// The last one is enough: it comes after those before it.
void happens_before::join_enabling(std::uint32_t event, const access& what,
                                   std::span<const touched> all) {
  for (std::size_t i = all.size(); i-- > 0;) {
    if (!enables(all[i].what, what)) continue;
    join(row(event), row(all[i].event));
    return;
  }
}

void happens_before::follow(const trace_link& l, std::uint32_t event) {
  const process_index changed = l.what == trace_link::kind::took ? l.by : l.other;
  links_.push_back({event, changed});
  link_clocks_.insert(link_clocks_.end(), base(changed), base(changed) + stride_);
  clock_entry* const by = base(l.by);
  switch (l.what) {
    case trace_link::kind::spawned:
    case trace_link::kind::armed:
      join(base(l.other), by);
      return;
    case trace_link::kind::completed:
      join(base(l.other), row(event));
      return;
    case trace_link::kind::took:
      join(by, row(l.event));
      return;
  }
}

}  // namespace braid
