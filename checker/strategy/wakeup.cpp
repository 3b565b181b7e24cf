// Sleepers and wakeup sequences; see wakeup.hpp.
#include "strategy/wakeup.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace braid {

bool covers(std::span<const trace_choice> explored, std::span<const trace_choice> made) {
  return explored.size() <= made.size() &&
         std::equal(explored.begin(), explored.end(), made.begin(),
                    [](trace_choice a, trace_choice b) { return a.taken == b.taken; });
}

void sleep_stack::push(std::uint32_t begin, process_id process,
                       std::span<const access> accesses, std::span<const trace_choice> choices) {
  sleeper s{.process = process, .accesses = {}, .choices = {}};
  s.accesses.begin = static_cast<std::uint32_t>(accesses_.size());
  accesses_.insert(accesses_.end(), accesses.begin(), accesses.end());
  s.accesses.end = static_cast<std::uint32_t>(accesses_.size());
  s.choices.begin = static_cast<std::uint32_t>(choices_.size());
  choices_.insert(choices_.end(), choices.begin(), choices.end());
  s.choices.end = static_cast<std::uint32_t>(choices_.size());
  sleepers_.push_back(s);
  if (!choices.empty()) unite(begin);
}

// If the last sleeper is the last value of its last choice that was missing, it takes the place of
// all of them.
void sleep_stack::unite(std::uint32_t begin) {
  const sleeper last = sleepers_.back();
  const auto made = choices_of(last);
  if (made.empty()) return;
  const auto is_sibling = [&](const sleeper& s) {
    const auto other = choices_of(s);
    return s.process == last.process && other.size() == made.size() &&
           covers(made.first(made.size() - 1), other);
  };
  const auto siblings = std::count_if(sleepers_.begin() + begin, sleepers_.end(), is_sibling);
  if (siblings < made.back().of) return;
  sleepers_.erase(std::remove_if(sleepers_.begin() + begin, sleepers_.end(), is_sibling),
                  sleepers_.end());
  sleepers_.push_back(last);
  --sleepers_.back().choices.end;
  unite(begin);
}

void sleep_stack::cut(height to) {
  sleepers_.resize(to.sleepers);
  accesses_.resize(to.accesses);
  choices_.resize(to.choices);
}

nlohmann::json to_value(std::span<const access> accesses) {
  nlohmann::json value = nlohmann::json::array();
  for (const access& a : accesses) {
    value.push_back({a.object, static_cast<int>(a.mode), a.amount, a.count});
  }
  return value;
}

nlohmann::json to_value(std::span<const trace_choice> choices) {
  nlohmann::json value = nlohmann::json::array();
  for (const trace_choice& c : choices) value.push_back({c.taken, c.of});
  return value;
}

nlohmann::json to_value(const wakeup_sequence& sequence) {
  nlohmann::json steps = nlohmann::json::array();
  for (const wakeup_sequence::step& s : sequence.steps) {
    steps.push_back({s.process, s.choices_end});
  }
  return {to_value(std::span<const access>(sequence.first_accesses)), steps,
          to_value(std::span<const trace_choice>(sequence.choices))};
}

std::vector<access> accesses_from_value(const nlohmann::json& value) {
  std::vector<access> accesses;
  for (const nlohmann::json& a : value) {
    accesses.push_back({a.at(0), static_cast<access_mode>(a.at(1).get<int>()), a.at(2), a.at(3)});
  }
  return accesses;
}

std::vector<trace_choice> choices_from_value(const nlohmann::json& value) {
  std::vector<trace_choice> choices;
  for (const nlohmann::json& c : value) choices.push_back({c.at(0), c.at(1)});
  return choices;
}

wakeup_sequence sequence_from_value(const nlohmann::json& value) {
  wakeup_sequence sequence{.first_accesses = accesses_from_value(value.at(0)),
                           .steps = {},
                           .choices = choices_from_value(value.at(2))};
  for (const nlohmann::json& s : value.at(1)) sequence.steps.push_back({s.at(0), s.at(1)});
  return sequence;
}

}  // namespace braid
