// Sleep sets; see sleep_stack.hpp.
#include "strategy/sleep_stack.hpp"

#include <algorithm>

namespace braid {

bool sleep_stack::covers(std::uint32_t begin, process_id process,
                         std::span<const trace_choice> made) const {
  return std::any_of(sleepers_.begin() + begin, sleepers_.end(), [&](const sleeper& s) {
    return s.process == process && braid::covers(choices_of(s), made);
  });
}

void sleep_stack::push(std::uint32_t begin, process_id process, std::span<const access> accesses,
                       std::span<const trace_choice> choices) {
  sleeper s{.process = process, .accesses = {}, .choices = {}};
  s.accesses.begin = static_cast<std::uint32_t>(accesses_.size());
  accesses_.insert(accesses_.end(), accesses.begin(), accesses.end());
  s.accesses.end = static_cast<std::uint32_t>(accesses_.size());
  s.choices.begin = static_cast<std::uint32_t>(choices_.size());
  choices_.insert(choices_.end(), choices.begin(), choices.end());
  s.choices.end = static_cast<std::uint32_t>(choices_.size());
  sleepers_.push_back(s);
  if (!choices.empty()) unite(begin);
  top_ = {static_cast<std::uint32_t>(sleepers_.size()),
          static_cast<std::uint32_t>(accesses_.size()),
          static_cast<std::uint32_t>(choices_.size())};
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
           braid::covers(made.first(made.size() - 1), other);
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
  if (top_.sleepers == to.sleepers) return;  // so are the others
  top_ = to;
  sleepers_.resize(to.sleepers);
  accesses_.resize(to.accesses);
  choices_.resize(to.choices);
}

}  // namespace braid
