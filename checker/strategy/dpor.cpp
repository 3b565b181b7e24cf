// Optimal dynamic partial order reduction; see dpor.hpp. What is saved of it is in dpor_saving.cpp.
#include "strategy/dpor.hpp"

#include <algorithm>

#include "strategy/catalogue.hpp"
#include "strategy/event_label.hpp"

namespace braid {

bool optimal_dpor::begin(std::uint64_t) {
  if (depth_ == 0) push();
  at_ = 0;
  acting_ = 0;
  plan_ = {branch_ == 0 ? guide_ : wakeup_trees::none, 0};
  made_.clear();
  asleep_.clear();
  for (std::uint32_t i = frames_[branch_].asleep.begin; i < frames_[branch_].asleep.end; ++i) {
    asleep_.push_back(i);
  }
  // Nobody is asked before the first event, in which others may choose: it is main's.
  if (branch_ == 0 && !asleep_.empty()) acting_ = sleepers_.at(asleep_.front()).process;
  return !exhausted_;
}

std::uint32_t optimal_dpor::pick(const situation& now) {
  at_ = static_cast<std::uint32_t>(now.log().events.all().size());
  made_.clear();
  if (at_ < branch_) return follow(now, frames_[at_].process);
  if (at_ > branch_ && !asleep_.empty()) wake(now);
  if (at_ == branch_) {
    plan_ = {guide_, 0};
  } else if (plan_.node != wakeup_trees::none && ++plan_.step == trees_.steps(plan_.node)) {
    const wakeup_trees::forest& next = trees_.children(plan_.node);
    plan_ = {next.empty() ? wakeup_trees::none : next.front(), 0};
    if (next.empty() && !asleep_.empty()) return situation::none;  // see end()
  }
  if (plan_.node != wakeup_trees::none) return follow(now, trees_.process(plan_.node, plan_.step));
  return asleep_.empty() ? 0 : first_awake(now);
}

std::uint32_t optimal_dpor::follow(const situation& now, process_id process) {
  acting_ = process;
  const std::uint32_t rank = now.rank_of_process(process);
  if (rank != situation::none) return rank;
  if (at_ < branch_) return situation::diverged;
  was_misled_ = true;
  return situation::none;
}

// Those with whom the last event conflicts sleep no longer.
void optimal_dpor::wake(const situation& now) {
  const trace_log& log = now.log();
  const traced_event& last = log.events.all()[at_ - 1];
  std::erase_if(asleep_, [&](std::uint32_t i) {
    const sleeper& s = sleepers_.at(i);
    return s.process == log.process_of(last) ||
           conflict_there(log.accesses_of(last), sleepers_.accesses_of(s));
  });
}

std::uint32_t optimal_dpor::first_awake(const situation& now) {
  for (std::uint32_t rank = 0; rank < now.size(); ++rank) {
    acting_ = now.process_at(rank);
    const bool sleeps = std::any_of(asleep_.begin(), asleep_.end(), [this](std::uint32_t i) {
      const sleeper& s = sleepers_.at(i);
      return s.process == acting_ && sleepers_.choices_of(s).empty();
    });
    if (!sleeps) return rank;
  }
  return situation::none;  // every continuation was explored
}

std::span<const trace_choice> optimal_dpor::planned_choices() const {
  if (at_ < branch_) {
    const trace_choice* const all = choices_.data();
    return {all + frames_[at_].choices_begin, all + frames_[at_ + 1].choices_begin};
  }
  if (plan_.node == wakeup_trees::none) return {};
  return trees_.choices(plan_.node, plan_.step);
}

// As planned; beyond that the first value that was not explored here.
std::uint32_t optimal_dpor::choose(const choice_point& now) {
  const auto planned = planned_choices();
  made_.push_back({0, now.of});
  std::uint32_t& value = made_.back().taken;
  if (made_.size() <= planned.size()) {
    value = std::min(planned[made_.size() - 1].taken, now.of - 1);
  } else {
    while (!asleep_.empty() && value + 1 < now.of && is_explored()) ++value;
  }
  return value;
}

// True if the choices made in this event so far were explored here.
bool optimal_dpor::is_explored() const {
  return std::any_of(asleep_.begin(), asleep_.end(), [this](std::uint32_t i) {
    const sleeper& s = sleepers_.at(i);
    return s.process == acting_ && covers(sleepers_.choices_of(s), made_);
  });
}

void optimal_dpor::end(const execution& done) {
  const trace_log& log = done.log();
  log_ = &log;
  ++executions_;
  if (done.facts().has_diverged || was_misled_ || log.events.all().size() <= branch_) {
    exhausted_ = true;  // what happened before cannot be repeated: nothing can be proved
    return;
  }
  order_.read(log, events_repeated());
  has_lifetime_race_ = has_lifetime_race_ || order_.has_lifetime_race() || done.facts().has_refused;
  has_counter_race_ = has_counter_race_ || order_.has_counter_race();
  const std::uint32_t guided_until = extend(log);
  // A sequence wakes all sleepers before it ends. If it did not, its last event did less in its new
  // place than it might have, and another branch covers it: with these choices, that is.
  const bool is_cut = done.facts().is_redundant;
  const bool relies_on_waking = executions_ == 1 && job_.relies_on_waking;
  const bool is_late = relies_on_waking || log.events.all().size() > guided_until;
  was_cut_late_ = was_cut_late_ || (is_cut && is_late);
  known_ = has_log_ && !was_last_cut_ ? order_.first_new() : 0;
  was_last_cut_ = is_cut && !was_cut_late_;
  if (!was_last_cut_) reverse_races(log);
  if (!log.choices.all().empty()) explore_other_values(log);
  has_log_ = true;
  exhausted_ = !backtrack(log);
}

// Also races of events that are repeated: the sequence that reverses one holds what comes after
// both and does not depend on the earlier one, and of that something may be new.
void optimal_dpor::reverse_races(const trace_log& log) {
  for (const happens_before::race& r : order_.races()) {
    if (tells_more(r.earlier, r.later)) reverse(log, r.earlier, r.later);
  }
}

// False if the sequence that reverses a race is the beginning of that which the execution before
// led to: then it is covered where that is.
bool optimal_dpor::tells_more(std::uint32_t earlier, std::uint32_t later) const {
  return later >= known_ || !order_.before_all_new(earlier);
}

// The frames of the events from the branch on. Returns where the guide ended.
std::uint32_t optimal_dpor::extend(const trace_log& log) {
  const auto events = log.events.all();
  choices_.resize(frames_[branch_].choices_begin);
  std::uint32_t guided_until = branch_ + (guide_ == wakeup_trees::none ? 0 : trees_.steps(guide_));
  for (std::uint32_t e = branch_; e < events.size(); ++e) {
    if (e == guided_until && guide_ != wakeup_trees::none) {
      wakeup_trees::forest next = trees_.take_apart(guide_);
      guide_ = next.empty() ? wakeup_trees::none : next.front();
      if (!next.empty()) {
        guided_until += trees_.steps(guide_);
        frames_[e].todo.assign(next.begin() + 1, next.end());
      }
    }
    frames_[e].process = log.process_of(events[e]);
    const auto made = log.choices_of(events[e]);
    if (!made.empty()) choices_.insert(choices_.end(), made.begin(), made.end());
    if (e + 1 == events.size()) break;
    frame& next = push();  // may move the frames
    const frame& previous = frames_[e];
    if (previous.asleep.begin < previous.asleep.end) put_to_sleep(next, previous, log, events[e]);
  }
  if (guided_until > branch_ + 1 && guided_until < depth_) {
    frames_[guided_until].leaf_begun = executions_;
  }
  if (guide_ != wakeup_trees::none) trees_.drop(guide_);  // its end was the execution's
  guide_ = wakeup_trees::none;
  return guided_until;
}

// Those who sleep before an event, and do not conflict with it, sleep after it.
void optimal_dpor::put_to_sleep(frame& next, const frame& previous, const trace_log& log,
                                const traced_event& happened) {
  for (std::uint32_t i = previous.asleep.begin; i < previous.asleep.end; ++i) {
    const sleeper& s = sleepers_.at(i);
    if (s.process == log.process_of(happened)) continue;
    if (conflict_there(log.accesses_of(happened), sleepers_.accesses_of(s))) continue;
    sleepers_.repeat(i);
  }
  next.asleep.end = sleepers_.size();
}

void optimal_dpor::reverse(const trace_log& log, std::uint32_t earlier, std::uint32_t later) {
  if (earlier == 0) return;  // the beginning of main, before which there is nothing
  reversal_.prepare(log, order_, earlier, later);
  if (!plan_at(earlier) || earlier >= base_) return;
  reversal_.prepare(log, order_, earlier, later);
  tell_outward(earlier);
}

// Plans the sequence at hand at the place of an event. False: it is covered there. At a place that
// is not the job's own the plan only tells what the frontier has been told already.
bool optimal_dpor::plan_at(std::uint32_t event) {
  frame& place = frames_[event];
  for (std::uint32_t i = place.asleep.begin; i < place.asleep.end; ++i) {
    const sleeper& s = sleepers_.at(i);
    if (reversal_.can_begin_with(s.process, sleepers_.accesses_of(s), sleepers_.choices_of(s))) {
      return false;
    }
  }
  return trees_.insert(place.todo, reversal_);
}

void optimal_dpor::explore_other_values(const trace_log& log) {
  for (std::uint32_t e = 0; e < depth_; ++e) {
    if (tells_more(e, e)) explore_other_values_of(log, e);
  }
}

// The values that were not taken in an event are siblings of it.
void optimal_dpor::explore_other_values_of(const trace_log& log, std::uint32_t event) {
  const traced_event& e = log.events.all()[event];
  const auto made = log.choices_of(e);
  for (std::size_t k = 0; k < made.size(); ++k) {
    std::vector<trace_choice> other(made.begin(),
                                    made.begin() + static_cast<std::ptrdiff_t>(k) + 1);
    for (std::uint32_t value = 0; value < made[k].of; ++value) {
      other.back().taken = value;
      if (value != made[k].taken) explore_also(log, event, other);
    }
  }
}

void optimal_dpor::explore_also(const trace_log& log, std::uint32_t event,
                                const std::vector<trace_choice>& choices) {
  reversal_.prepare_choices(log, order_, event, choices);
  if (!plan_at(event) || event >= base_) return;
  reversal_.prepare_choices(log, order_, event, choices);
  tell_outward(event);
}

// Of the sequence at hand, which belongs to a place that is not the job's own.
void optimal_dpor::tell_outward(std::uint32_t event) {
  outward_.push_back({event, packed(reversal_.as_value())});
}

// Moves to the next unexplored branch, the deepest first. False: there is none.
bool optimal_dpor::backtrack(const trace_log& log) {
  for (;;) {
    std::uint32_t planned = depth_;
    while (planned > base_ && frames_[planned - 1].todo.empty()) --planned;
    pop_to(planned);
    if (depth_ == base_) return false;
    frame& top = frames_[depth_ - 1];
    branch_ = depth_ - 1;
    const traced_event& explored = log.events.all()[branch_];
    sleepers_.push(top.asleep.begin, top.process, log.accesses_of(explored),
                   log.choices_of(explored));
    top.asleep.end = sleepers_.size();
    ++top.explored;
    if (take_next(top)) return true;
  }
}

// A reversal that leaves its choices open may have been covered by one value after another.
bool optimal_dpor::take_next(frame& place) {
  while (!place.todo.empty()) {
    guide_ = place.todo.front();
    place.todo.erase(place.todo.begin());
    const bool is_covered =
        sleepers_.covers(place.asleep.begin, trees_.process(guide_, 0), trees_.choices(guide_, 0));
    if (!is_covered) return true;
    trees_.drop(guide_);
  }
  return false;
}

optimal_dpor::frame& optimal_dpor::push() {
  if (depth_ == frames_.size()) frames_.emplace_back();
  frame& fresh = frames_[depth_++];
  fresh.choices_begin = static_cast<std::uint32_t>(choices_.size());
  fresh.below = sleepers_.top();
  fresh.asleep = {fresh.below.sleepers, fresh.below.sleepers};
  fresh.explored = 0;
  fresh.leaf_begun = 0;
  fresh.todo.clear();
  return fresh;
}

// Forgets the places from `depth` on.
void optimal_dpor::pop_to(std::uint32_t depth) {
  if (depth == depth_) return;
  for (std::uint32_t i = depth; i < depth_; ++i) {
    largest_leaf_ = std::max(largest_leaf_, size_of_leaf(frames_[i]));
  }
  sleepers_.cut(frames_[depth].below);
  depth_ = depth;
}

// How many executions there were so far below the end of a guide.
std::uint64_t optimal_dpor::size_of_leaf(const frame& f) const {
  return f.leaf_begun == 0 ? 0 : executions_ - f.leaf_begun + 1;
}

// Of the job, as if the branches that are known were all, and equally large (Knuth, 1975). Those
// that are not known yet make it too large.
double optimal_dpor::share_done() const {
  if (exhausted_) return 1;
  double share = 0;
  double weight = 1;
  for (std::uint32_t i = base_; i < depth_; ++i) {
    const frame& f = frames_[i];
    const double branches = 1.0 + f.explored + static_cast<double>(f.todo.size());
    share += weight * f.explored / branches;
    weight /= branches;
  }
  return share;
}

std::unique_ptr<strategy> make_dpor(const strategy_options& options) {
  return std::make_unique<optimal_dpor>(options);
}

}  // namespace braid
