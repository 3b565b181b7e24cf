// Wakeup trees; see wakeup_tree.hpp.
#include "strategy/wakeup_tree.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace braid {
namespace {

bool agree(const planned_event& a, const planned_event& b) {
  const std::size_t n = std::min(a.choices.size(), b.choices.size());
  return std::equal(a.choices.begin(), a.choices.begin() + static_cast<std::ptrdiff_t>(n),
                    b.choices.begin());
}

}  // namespace

bool planned_event::conflicts_with(const planned_event& other) const {
  for (const access& a : accesses) {
    for (const access& b : other.accesses) {
      if (conflict_there(a, b)) return true;
    }
  }
  return false;
}

bool wakeup_sequence::has_weak_initial(const planned_event& first) const {
  for (std::size_t k = 0; k < events.size(); ++k) {
    if (events[k].process != first.process) continue;
    return before[k].empty() && agree(events[k], first);
  }
  return std::none_of(events.begin(), events.end(),
                      [&](const planned_event& e) { return e.conflicts_with(first); });
}

void wakeup_sequence::remove(process_id process) {
  const auto found = std::find_if(events.begin(), events.end(),
                                  [&](const planned_event& e) { return e.process == process; });
  if (found == events.end()) return;
  const auto index = static_cast<std::uint32_t>(found - events.begin());
  events.erase(found);
  before.erase(before.begin() + index);
  for (std::vector<std::uint32_t>& earlier : before) {
    std::erase(earlier, index);
    for (std::uint32_t& e : earlier) e -= e > index;
  }
}

void insert(wakeup_forest& children, wakeup_sequence sequence) {
  wakeup_forest* level = &children;
  for (bool descended = true; descended;) {
    if (sequence.events.empty()) return;
    descended = false;
    for (wakeup_node& child : *level) {
      if (!sequence.has_weak_initial(child.event)) continue;
      if (child.children.empty()) return;  // explored freely: it covers the sequence
      sequence.remove(child.event.process);
      level = &child.children;
      descended = true;
      break;
    }
  }
  for (planned_event& e : sequence.events) {
    level->push_back({std::move(e), {}});
    level = &level->back().children;
  }
}

nlohmann::json to_value(const planned_event& event) {
  nlohmann::json accesses = nlohmann::json::array();
  for (const access& a : event.accesses) {
    accesses.push_back({a.object, static_cast<int>(a.mode), a.amount, a.count});
  }
  return {event.process, accesses, event.choices};
}

planned_event event_from_value(const nlohmann::json& value) {
  planned_event event{.process = value.at(0), .accesses = {}, .choices = value.at(2)};
  for (const nlohmann::json& a : value.at(1)) {
    event.accesses.push_back(
        {a.at(0), static_cast<access_mode>(a.at(1).get<int>()), a.at(2), a.at(3)});
  }
  return event;
}

nlohmann::json to_value(const wakeup_forest& forest) {
  nlohmann::json nodes = nlohmann::json::array();
  for (const wakeup_node& n : forest) nodes.push_back({to_value(n.event), to_value(n.children)});
  return nodes;
}

wakeup_forest forest_from_value(const nlohmann::json& value) {
  wakeup_forest forest;
  for (const nlohmann::json& n : value) {
    forest.push_back({event_from_value(n.at(0)), forest_from_value(n.at(1))});
  }
  return forest;
}

}  // namespace braid
