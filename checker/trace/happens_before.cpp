// Happens-before and races; see happens_before.hpp.
#include "trace/happens_before.hpp"

#include <algorithm>

#include "mix.hpp"

namespace braid {

std::uint32_t happens_before::index_of(process_id process) {
  const auto known = std::find(processes_.begin(), processes_.end(), process);
  if (known != processes_.end()) return static_cast<std::uint32_t>(known - processes_.begin());
  processes_.push_back(process);
  return static_cast<std::uint32_t>(processes_.size()) - 1;
}

void happens_before::join(clock_entry* into, const clock_entry* from) const {
  for (std::size_t p = 0; p < stride_; ++p) into[p] = std::max(into[p], from[p]);
}

std::vector<happens_before::touched>& happens_before::accesses_to(std::uint64_t object) {
  const auto known = std::find(objects_.begin(), objects_.end(), object);
  const auto index = static_cast<std::size_t>(known - objects_.begin());
  if (known != objects_.end()) return touched_[index];
  objects_.push_back(object);
  if (touched_.size() < objects_.size()) touched_.emplace_back();
  touched_[index].clear();
  return touched_[index];
}

void happens_before::size_tables(const trace_log& log) {
  const std::size_t events = log.events.all().size() + log.pending.all().size();
  processes_.clear();
  for (const traced_event& e : log.events.all()) index_of(e.process);
  for (const trace_link& l : log.links.all()) {
    if (l.what != trace_link::kind::took) index_of(l.other);
  }
  stride_ = processes_.size();
  clocks_.assign(events * stride_, 0);
  bases_.assign(stride_ * stride_, 0);
  clock_moved_.assign(stride_, 0);
  process_of_.clear();
  ordinal_.clear();
  races_.clear();
  races_begin_.assign(1, 0);
  objects_.clear();
}

void happens_before::read(const trace_log& log) {
  size_tables(log);
  for (const traced_event& e : log.events.all()) {
    add(e, log.accesses_of(e));
    const std::uint32_t event = events() - 1;
    std::copy_n(row(event), stride_, base(process_of_[event]));
    for (const trace_link& l : log.links_of(e)) follow(l, event);
  }
  for (const pending_access& p : log.pending.all()) {
    add({.process = p.process, .is_guarded = true}, {&p.what, 1});
  }
}

// Sums, so that neither the order of the events nor the numbering of the processes matters.
std::uint64_t happens_before::class_hash(const trace_log& log) const {
  std::uint64_t all = 0;
  for (std::uint32_t e = 0; e < log.events.all().size(); ++e) {
    std::uint64_t past = 0;
    for (std::size_t p = 0; p < stride_; ++p) {
      if (row(e)[p] != 0) past += mix(processes_[p] + row(e)[p]);
    }
    std::uint64_t event = mix(past + processes_[process_of_[e]]);
    for (const trace_choice& c : log.choices_of(log.events.all()[e])) event = mix(event + c.taken);
    all += event;
  }
  return all;
}

void happens_before::add(const traced_event& e, std::span<const access> accesses) {
  const std::uint32_t event = events();
  const std::uint32_t p = index_of(e.process);
  process_of_.push_back(p);
  std::copy_n(base(p), stride_, row(event));
  ordinal_.push_back(row(event)[p] + 1);
  pass_barrier(event, e);
  find_races(event, accesses, e.is_guarded);
  join_enabling(event, accesses);
  row(event)[p] = ordinal_[event];
  for (const access& a : accesses) accesses_to(a.object).push_back({event, a});
  races_begin_.push_back(static_cast<std::uint32_t>(races_.size()));
}

// When the clock moves because nothing else can happen, all that came before had to; and so it had
// to for every timer that is due then, whichever of them fires first.
void happens_before::pass_barrier(std::uint32_t event, const traced_event& e) {
  if (e.is_barrier) {
    for (std::uint32_t other = 0; other < stride_; ++other) {
      join(clock_moved_.data(), base(other));
    }
  }
  if (e.is_fire) join(row(event), clock_moved_.data());
}

// The earlier events with which `event` conflicts, and that its own past does not order.
void happens_before::find_candidates(std::uint32_t event, std::span<const access> accesses) {
  candidates_.clear();
  for (const access& a : accesses) {
    for (const touched& t : accesses_to(a.object)) {
      if (before(t.event, event)) continue;
      const bool conflicts =
          conflict(t.what, a) ||
          (may_conflict(t.what, a) && count_without(t.event, a.object) + a.amount < 0);
      if (conflicts) candidates_.push_back(t.event);
    }
  }
  std::sort(candidates_.begin(), candidates_.end(), std::greater<>());
}

// Joins the clocks of all conflicting events; those that nothing covers are races.
void happens_before::find_races(std::uint32_t event, std::span<const access> accesses,
                                bool is_guarded) {
  find_candidates(event, accesses);
  only_ordered_.clear();
  for (const std::uint32_t earlier : candidates_) {
    if (before(earlier, event)) continue;
    if (is_guarded && count_without(earlier, accesses.front().object) != 0) {
      only_ordered_.push_back(earlier);  // this one could not have come before it
      continue;
    }
    races_.push_back(earlier);
    join(row(event), row(earlier));
  }
  for (const std::uint32_t earlier : only_ordered_) join(row(event), row(earlier));
}

// The count that guards an object, had `earlier` and all that happens after it not happened yet.
std::int32_t happens_before::count_without(std::uint32_t earlier, std::uint64_t object) {
  std::int32_t count = 0;
  for (const touched& t : accesses_to(object)) {
    if (t.event < earlier || !before(earlier, t.event)) count += t.what.amount;
  }
  return count;
}

void happens_before::join_enabling(std::uint32_t event, std::span<const access> accesses) {
  for (const access& a : accesses) {
    for (const touched& t : accesses_to(a.object)) {
      if (enables(t.what, a)) join(row(event), row(t.event));
    }
  }
}

void happens_before::follow(const trace_link& l, std::uint32_t event) {
  clock_entry* const by = base(index_of(l.by));
  switch (l.what) {
    case trace_link::kind::spawned:
    case trace_link::kind::armed:
      join(base(index_of(l.other)), by);
      return;
    case trace_link::kind::completed:
      join(base(index_of(l.other)), row(event));
      return;
    case trace_link::kind::took:
      join(by, row(l.event));
      return;
  }
}

}  // namespace braid
