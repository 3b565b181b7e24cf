// Follows a schedule; see replay.hpp.
#include "strategy/replay.hpp"

namespace braid {

bool replay_strategy::begin(std::uint64_t run) {
  next_ = 0;
  unfit_.reset();
  return run == 0;
}

std::uint32_t replay_strategy::pick(const situation& now) {
  const deviation* d = due(now.step(), false);
  if (d == nullptr) return 0;
  const std::uint32_t rank = now.rank_of({d->kind, d->taken});
  if (rank < now.size()) return rank;
  give_up_on(*d);
  return 0;
}

std::uint32_t replay_strategy::choose(const choice_point& now) {
  const deviation* d = due(now.step, true);
  if (d == nullptr) return 0;
  if (d->kind == now.kind && d->taken < now.of) return d->taken;
  give_up_on(*d);
  return 0;
}

const deviation* replay_strategy::due(std::uint32_t step, bool within_event) {
  while (next_ < follow_.deviations.size()) {
    const deviation& d = follow_.deviations[next_];
    const bool is_within = d.kind == decision_kind::arm || d.kind == decision_kind::value;
    if (d.step > step || (d.step == step && is_within && !within_event)) return nullptr;
    ++next_;
    if (d.step == step && is_within == within_event) return &d;
    give_up_on(d);
  }
  return nullptr;
}

void replay_strategy::give_up_on(const deviation& d) {
  if (!unfit_) unfit_ = d;
}

void replay_strategy::end(const execution&) {
  if (next_ < follow_.deviations.size()) give_up_on(follow_.deviations[next_]);
}

}  // namespace braid
