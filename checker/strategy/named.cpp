// Decisions by stable names; see named.hpp.
#include "strategy/named.hpp"

#include <algorithm>
#include <utility>

namespace braid {

std::uint32_t named_strategy::pick(const situation& now) {
  if (left_.empty()) return 0;
  const std::string by_default = names_.operation(now, 0);
  for (;;) {
    const auto due = std::find_if(left_.begin(), left_.end(), [&](const named_decision& d) {
      return !d.actor.empty() && d.operation == by_default;
    });
    if (due == left_.end()) return 0;
    const named_decision d = std::move(*due);
    left_.erase(due);
    for (std::uint32_t rank = 1; rank < now.size(); ++rank) {
      if (names_.actor(now, rank) != d.actor) continue;
      tell_({.is_applied = true});
      return rank;
    }
    give_up(d, d.actor + " cannot go on there");
  }
}

std::uint32_t named_strategy::choose(const choice_point& now) {
  const auto due = std::find_if(left_.begin(), left_.end(), [&](const named_decision& d) {
    return d.actor.empty() && d.operation == names_.present() && d.of == now.of;
  });
  if (due == left_.end()) return 0;
  const std::uint32_t taken = due->takes;
  left_.erase(due);
  tell_({.is_applied = true});
  return taken;
}

void named_strategy::end(const execution&) {
  for (const named_decision& d : std::exchange(left_, {})) give_up(d, "it does not come to that");
}

void named_strategy::give_up(const named_decision& d, const std::string& why) {
  tell_({.is_known = names_.knows_all_in(text_of(d)), .why_not = "'" + text_of(d) + "': " + why});
}

std::uint32_t naming_strategy::pick(const situation& now) {
  const std::uint32_t rank = decides_.pick(now);
  if (rank != 0 && rank < now.size()) {
    note_({.actor = names_.actor(now, rank), .operation = names_.operation(now, 0)});
  }
  return rank;
}

std::uint32_t naming_strategy::choose(const choice_point& now) {
  const std::uint32_t taken = decides_.choose(now);
  if (taken != 0) {
    note_({.operation = names_.present(), .takes = taken, .of = now.of});
  }
  return taken;
}

}  // namespace braid
