// The data races of an execution; see races.hpp.
#include "detect/races.hpp"

#include <algorithm>

#include "detect/places.hpp"
#include "mix.hpp"

namespace braid {
namespace {

bool is_same_kind(const race_access& a, const race_access& b) {
  return a.kind == b.kind && is_same(a.at, b.at);
}

// As reports show them: a race of these accesses on an object that was made at this place.
bool is_shown_as(const race& r, const where& made_at, const race_access& a, const race_access& b) {
  return is_same(r.made_at, made_at) && ((is_same_kind(r.earlier, a) && is_same_kind(r.later, b)) ||
                                         (is_same_kind(r.earlier, b) && is_same_kind(r.later, a)));
}

std::uint64_t hash_of(const race_access& a) {
  return mix(hash_of(a.at) + static_cast<std::uint64_t>(a.kind));
}

}  // namespace

// A send reads the channel, a close writes it, as in Go's runtime. What makes a variable writes it.
bool writes(op_kind access) {
  return access == op_kind::made || access == op_kind::write || access == op_kind::close ||
         access == op_kind::wait;
}

std::uint64_t hash_of(std::span<const race> races) {
  std::uint64_t sum = 0;  // in no order
  for (const race& r : races) {
    sum += mix(hash_of(r.made_at) ^ (hash_of(r.earlier) + hash_of(r.later)));
  }
  return sum;
}

std::span<const race> race_finder::find(std::span<const sync_entry> log) {
  order_.clear();
  slots_.clear();
  objects_.clear();
  made_.clear();
  found_.clear();
  for (const sync_entry& e : log) {
    take(e);
    order_.take(e);
  }
  return found_;
}

race_finder::raced_object& race_finder::object_of(std::uint64_t id) {
  const std::uint32_t slot = slots_.get(id);
  if (slot >= objects_.size()) objects_.grow(slot + 1);
  return objects_[slot];
}

// Before the entry orders anything.
void race_finder::take(const sync_entry& e) {
  switch (e.kind) {
    case sync_entry_kind::made:
      return make(e);
    case sync_entry_kind::completes:
      if (e.op == op_kind::read) return use(e);
      if (e.op == op_kind::write) return write(e);
      if (e.op == op_kind::add && e.result >= 0) return add(e);
      if (e.op == op_kind::wait) return use(e);
      return;
    case sync_entry_kind::arrives:
      if (e.op == op_kind::close) return use(e);
      [[fallthrough]];
    case sync_entry_kind::offers:
      if (e.op == op_kind::send && e.object != 0) return use(e);
      return;
    default:
      return;
  }
}

void race_finder::make(const sync_entry& e) {
  raced_object& fresh = object_of(e.object);
  fresh.kind = e.text;
  fresh.number = ++made_[e.text];
  fresh.made_at = e.at;
  if (e.op == op_kind::write) keep(fresh, e);
}

void race_finder::check(const raced_object& on, const known_access& against, const sync_entry& e) {
  if (!writes(e.op) && !writes(against.what.kind)) return;
  if (order_.clock_of(e.goroutine).knows(against.when)) return;
  const race_access later{e.goroutine, e.step, e.op, e.at};
  const bool is_known = std::any_of(found_.begin(), found_.end(), [&](const race& r) {
    return is_shown_as(r, on.made_at, against.what, later);
  });
  if (is_known) return;
  found_.push_back({.object = std::string(on.kind) + std::to_string(on.number),
                    .made_at = on.made_at,
                    .earlier = against.what,
                    .later = later});
}

void race_finder::keep(raced_object& on, const sync_entry& e) {
  const bool is_made = e.kind == sync_entry_kind::made;
  const race_access what{e.goroutine, e.step, is_made ? op_kind::made : e.op, e.at};
  const known_access fresh{what, order_.now_of(e.goroutine)};
  const auto old = std::find_if(on.accesses.begin(), on.accesses.end(), [&](const auto& a) {
    return a.what.goroutine == e.goroutine && is_same_kind(a.what, what);
  });
  old == on.accesses.end() ? on.accesses.push_back(fresh) : void(*old = fresh);
}

// A write that comes after all others hides them: whatever it is ordered with, they are too.
void race_finder::write(const sync_entry& e) {
  raced_object& on = object_of(e.object);
  const vector_clock& knows = order_.clock_of(e.goroutine);
  if (std::all_of(on.accesses.begin(), on.accesses.end(),
                  [&](const known_access& a) { return knows.knows(a.when); })) {
    on.accesses.clear();
  }
  use(e);
}

void race_finder::use(const sync_entry& e) {
  raced_object& on = object_of(e.object);
  for (const known_access& a : on.accesses) {
    const bool both_wait = e.op == op_kind::wait && a.what.kind == op_kind::wait;
    if (!both_wait) check(on, a, e);  // waits do not race
  }
  keep(on, e);
}

// An add from zero must come before a wait, or after its return. Whether the counter is zero here
// depends on the order of adds that nothing orders; but it can be if those before this one add up
// to zero. After a wait that this one does not know of it surely could be.
void race_finder::add(const sync_entry& e) {
  raced_object& on = object_of(e.object);
  const vector_clock& knows = order_.clock_of(e.goroutine);
  if (e.argument > 0) {
    std::int64_t before = 0;
    for (const counted& c : on.adds) before += knows.knows(c.when) ? c.delta : 0;
    for (const known_access& a : on.accesses) check(on, a, e);
    if (before == 0) keep(on, e);
  }
  on.adds.push_back({order_.now_of(e.goroutine), e.argument});
}

}  // namespace braid
