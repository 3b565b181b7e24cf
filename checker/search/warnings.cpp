// The foreign unlocks of a search; see warnings.hpp.
#include "search/warnings.hpp"

#include <optional>

#include "trace/outcomes.hpp"
#include "trace/schedule.hpp"

namespace braid {
namespace {

// As much of the outcome as the order looks at.
outcome outcome_of(const token_distance& d) {
  outcome near;
  near.run = d.run;
  const std::optional<token> read = parse_token(d.token);
  if (read) near.follow = read->follow;
  near.follow.deviations.resize(d.deviations);
  return near;
}

token_distance distance_of(const foreign_unlock& u) {
  return {.token = u.token, .sampled = u.sampled, .run = u.run, .deviations = u.deviations};
}

}  // namespace

bool is_nearer(const token_distance& a, const token_distance& b) {
  if (a.sampled != b.sampled) return b.sampled;
  return is_nearer(outcome_of(a), outcome_of(b));
}

void warning_set::add(const foreign_unlock& shown) {
  const identity which(shown.object, shown.made_at, shown.locked_at, shown.unlocked_at);
  const auto [place, is_new] = nearest_.try_emplace(which, shown);
  if (is_new) return;
  foreign_unlock& known = place->second;
  if (is_nearer(distance_of(shown), distance_of(known))) known = shown;
}

std::vector<foreign_unlock> warning_set::all() const {
  std::vector<foreign_unlock> all;
  for (const auto& [which, nearest] : nearest_) all.push_back(nearest);
  return all;
}

}  // namespace braid
