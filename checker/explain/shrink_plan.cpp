// Plans; see shrink_plan.hpp.
#include "explain/shrink_plan.hpp"

#include <algorithm>
#include <set>

#include "mix.hpp"

namespace braid {

bool plan_strategy::begin(std::uint64_t) {
  next_ = 0;
  done_.clear();
  last_ = 0;
  choices_ = 0;
  return true;
}

std::uint32_t plan_strategy::pick(const situation& now) {
  std::uint32_t rank = 0;
  for (; next_ < follow_.blocks.size(); ++next_) {
    const plan::block& b = follow_.blocks[next_];
    if (done_[b.who] >= b.until) continue;
    const std::uint32_t wanted = now.rank_of_process(b.who);
    if (wanted == situation::none) continue;
    rank = wanted;
    break;
  }
  last_ = now.process_at(rank);
  ++done_[last_];
  choices_ = 0;
  return rank;
}

std::uint32_t plan_strategy::choose(const choice_point& now) {
  const std::uint32_t ordinal = choices_++;
  const auto wanted =
      std::find_if(follow_.choices.begin(), follow_.choices.end(), [&](const plan::choice& c) {
        return c.who == last_ && c.ordinal == ordinal && c.event == done_[last_];
      });
  return wanted != follow_.choices.end() && wanted->taken < now.of ? wanted->taken : 0;
}

bool noting_strategy::begin(std::uint64_t run) {
  notes_.clear();
  last_ = 0;
  choices_ = 0;
  return decides_.begin(run);
}

std::uint32_t noting_strategy::pick(const situation& now) {
  const bool is_asked = now.size() > 1 || decides_.wants_every_event();
  const std::uint32_t rank = is_asked ? decides_.pick(now) : 0;
  if (rank >= now.size()) return rank;
  last_ = now.process_at(rank);
  choices_ = 0;
  notes_.push({.who = last_, .step = now.step(), .choice = 0, .ordinal = 0});
  return rank;
}

std::uint32_t noting_strategy::choose(const choice_point& now) {
  const std::uint32_t rank = decides_.choose(now);
  const std::uint32_t ordinal = choices_++;
  if (rank != 0) {
    notes_.push({.who = last_, .step = now.step, .choice = rank, .ordinal = ordinal});
  }
  return rank;
}

plan plan_of(const plan_notes& notes, const schedule& by, std::uint64_t data_seed) {
  plan made{.blocks = {}, .choices = {}, .data_seed = data_seed};
  std::map<process_id, std::uint32_t> done;
  std::set<std::uint32_t> deviating;  // steps
  for (const deviation& d : by.deviations) {
    const bool is_block = d.kind == decision_kind::goroutine || d.kind == decision_kind::timer;
    if (is_block) deviating.insert(d.step);
  }
  for (const plan_note& n : notes.all()) {
    if (n.choice != 0) {
      made.choices.push_back({n.who, done[n.who], n.ordinal, n.choice});
      continue;
    }
    const std::uint32_t until = ++done[n.who];
    if (!made.blocks.empty() && made.blocks.back().who == n.who) {
      made.blocks.back().until = until;
    } else {
      made.blocks.push_back({n.who, until, deviating.count(n.step) > 0});
    }
  }
  return made;
}

std::uint64_t hash_of(const plan& p) {
  std::uint64_t h = p.data_seed;
  for (const plan::block& b : p.blocks) h = fold(fold(h, b.who), b.until);
  for (const plan::choice& c : p.choices) {
    h = fold(fold(fold(fold(h, c.who), c.event), c.ordinal), c.taken + golden_ratio);
  }
  return h;
}

}  // namespace braid
