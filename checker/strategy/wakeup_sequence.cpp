// Wakeup sequences as values; see wakeup_sequence.hpp.
#include "strategy/wakeup_sequence.hpp"

#include <algorithm>

#include "strategy/sleep_stack.hpp"

namespace braid {

void wakeup_sequence::add(event_label label, std::vector<std::uint32_t> after) {
  events_.push_back({std::move(label), std::move(after)});
}

// Events that were taken out come first now.
access wakeup_sequence::in_place(std::size_t event, const access& a) const {
  access there = a;
  if (!is_counting(a)) return there;
  for (std::size_t i = event + 1; i < events_.size(); ++i) {
    if (!events_[i].is_removed) continue;
    for (const access& other : events_[i].label.accesses) {
      if (other.object == a.object && is_counting(other)) there.count += other.amount;
    }
  }
  return there;
}

bool wakeup_sequence::meets(std::size_t event, const std::vector<access>& accesses) const {
  const std::vector<access>& own = events_[event].label.accesses;
  return std::any_of(own.begin(), own.end(), [&](const access& a) {
    const access there = in_place(event, a);
    return std::any_of(accesses.begin(), accesses.end(),
                       [&](const access& other) { return conflict_there(there, other); });
  });
}

bool wakeup_sequence::is_first(std::size_t event) const {
  const event_label& label = events_[event].label;
  for (const std::uint32_t i : events_[event].after) {
    if (!events_[i].is_removed) return false;
  }
  if (event + 1 < events_.size()) return true;
  for (std::size_t i = 0; i < event; ++i) {
    if (!events_[i].is_removed && meets(i, label.accesses)) return false;
  }
  return true;
}

bool wakeup_sequence::can_begin_with(const event_label& first) const {
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const event& e = events_[i];
    if (e.is_removed || e.label.process != first.process) continue;
    return covers(first.choices, e.label.choices) && is_first(i);
  }
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (!events_[i].is_removed && meets(i, first.accesses)) return false;
  }
  return true;
}

void wakeup_sequence::remove(process_id process) {
  for (event& e : events_) {
    if (e.is_removed || e.label.process != process) continue;
    e.is_removed = true;
    return;
  }
}

bool wakeup_sequence::is_empty() const {
  return std::all_of(events_.begin(), events_.end(), [](const event& e) { return e.is_removed; });
}

std::vector<event_label> wakeup_sequence::rest() const {
  std::vector<event_label> left;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (events_[i].is_removed) continue;
    left.push_back(events_[i].label);
    for (access& a : left.back().accesses) a = in_place(i, a);
  }
  return left;
}

std::string packed(const wakeup_sequence& sequence) {
  packer into;
  for (const wakeup_sequence::event& e : sequence.events_) {
    pack(into, e.label);
    into.number(e.after.size());
    for (const std::uint32_t i : e.after) into.number(i);
  }
  return into.take();
}

wakeup_sequence unpacked_sequence(std::string_view text) {
  wakeup_sequence sequence;
  for (unpacker from(text); !from.is_at_end();) {
    event_label label = unpack_label(from);
    std::vector<std::uint32_t> after(from.number<std::size_t>());
    for (std::uint32_t& i : after) i = from.number<std::uint32_t>();
    sequence.add(std::move(label), std::move(after));
  }
  return sequence;
}

}  // namespace braid
