// Optimal dynamic partial order reduction: each class of equivalent executions exactly once.
//
// Abdulla, Aronis, Jonsson, Sagonas: Optimal Dynamic Partial Order Reduction (POPL'14, JACM'17),
// with wakeup trees and sleep sets, the races of an execution detected at its end. Dependence is
// that of trace/access.hpp.
//
// Guarantee: complete when it ends; no two executions are equivalent; none is cut as redundant.
// Deviations: choices (a ready case of a select, a value of choose()) are branches of one event. An
// operation that waits on its guard for ever takes part in races, so deadlocks are found. An event
// whose race is reversed is compared by what it may touch at most, since what it does in its new
// place is not known yet.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "strategy/catalogue.hpp"
#include "strategy/wakeup_tree.hpp"
#include "trace/happens_before.hpp"

namespace braid {
namespace {

// What an event may touch in another place: as it would if it succeeded.
access widest(access a) {
  using enum access_mode;
  switch (a.mode) {
    case failed_lock:
      a.mode = lock;
      a.amount = 1;
      break;
    case closed_send:
      a.mode = send;
      break;
    case drained_recv:
      a.mode = recv;
      break;
    case failed_attempt:
      a.mode = attempt;
      break;
    case unseen_print:
      a.mode = print;
      break;
    default:
      break;
  }
  return a;
}

// One event of the execution that is being explored, and what is to be done at its place.
struct frame {
  planned_event event;            // the one explored at present; choices are those it is to make
  std::vector<std::uint32_t> of;  // alternatives of each of its choices, once it was executed
  std::size_t choices_fixed =
      0;  // by the wakeup sequence: their alternatives are not explored here
  std::vector<planned_event> sleep;  // explored at this place, or before and not affected since
  wakeup_forest todo;                // to be explored here after the present one
  wakeup_forest guide;               // how to go on after the present one
};

class optimal_dpor final : public strategy {
 public:
  explicit optimal_dpor(const strategy_options& options) : data_seed_(options.seed - 1) {}

  bool begin(std::uint64_t run) override;
  std::uint32_t pick(const situation& now) override;
  std::uint32_t choose(const choice_point& now) override;
  void end(const execution& done) override;
  std::uint64_t data_seed() const override { return data_seed_; }
  bool is_exhaustive() const override { return true; }
  bool wants_trace() const override { return true; }
  nlohmann::json save() const override;
  void load(const nlohmann::json& saved) override;

 private:
  // frames_[i] is event i; event 0 stands for what happens before the first decision.
  void extend(const situation& now);
  void record_events(const trace_log& log);
  void reverse_races(const trace_log& log);
  void reverse(const trace_log& log, std::uint32_t earlier, std::uint32_t later);
  wakeup_sequence without(const trace_log& log, std::uint32_t earlier, std::uint32_t later) const;
  bool backtrack();
  bool next_choices(frame& top);

  std::uint64_t data_seed_;
  std::vector<frame> frames_;
  std::size_t fixed_ = 0;   // frames that the next execution repeats
  std::size_t at_ = 0;      // the event that is being executed
  std::size_t choice_ = 0;  // made in it so far
  wakeup_forest guide_;
  const trace_log* log_ = nullptr;
  happens_before order_;
  bool exhausted_ = false;
};

bool optimal_dpor::begin(std::uint64_t) {
  if (frames_.empty()) frames_.emplace_back();
  fixed_ = std::max<std::size_t>(fixed_, 1);
  at_ = choice_ = 0;
  guide_ = std::move(frames_[fixed_ - 1].guide);
  frames_[fixed_ - 1].guide.clear();
  return !exhausted_;
}

std::uint32_t optimal_dpor::pick(const situation& now) {
  ++at_;
  choice_ = 0;
  if (at_ >= fixed_) extend(now);
  if (frames_.size() <= at_) return situation::none;
  return now.rank_of_process(frames_[at_].event.process);
}

// Decides a new event: as the wakeup tree says, else anything that is not asleep.
void optimal_dpor::extend(const situation& now) {
  frame next;
  const frame& last = frames_[at_ - 1];
  const traced_event& done = now.log().events.all()[at_ - 1];
  const std::span<const access> touched = now.log().accesses_of(done);
  const planned_event happened{
      .process = done.process, .accesses = {touched.begin(), touched.end()}, .choices = {}};
  for (const planned_event& asleep : last.sleep) {
    if (asleep.process != happened.process && !asleep.conflicts_with(happened)) {
      next.sleep.push_back(asleep);
    }
  }
  if (!guide_.empty()) {
    next.event = std::move(guide_.front().event);
    wakeup_forest below = std::move(guide_.front().children);
    next.todo.assign(std::make_move_iterator(guide_.begin() + 1),
                     std::make_move_iterator(guide_.end()));
    guide_ = std::move(below);
  } else {
    const std::uint32_t size = now.size();
    std::uint32_t rank = 0;
    const auto asleep = [&](process_id p) {
      return std::any_of(next.sleep.begin(), next.sleep.end(),
                         [&](const planned_event& e) { return e.process == p; });
    };
    while (rank < size && asleep(now.process_at(rank))) ++rank;
    if (rank == size) return;  // every continuation was explored
    next.event = {.process = now.process_at(rank), .accesses = {}, .choices = {}, .is_free = true};
  }
  next.choices_fixed = next.event.is_free ? 0 : next.event.choices.size();
  if (next.event.is_free) next.event.choices.clear();
  frames_.push_back(std::move(next));
}

std::uint32_t optimal_dpor::choose(const choice_point& now) {
  const std::vector<std::uint32_t>& planned = frames_[at_].event.choices;
  const std::size_t k = choice_++;
  return k < planned.size() && planned[k] < now.of ? planned[k] : 0;
}

void optimal_dpor::end(const execution& done) {
  record_events(done.log());
  reverse_races(done.log());
  exhausted_ = !backtrack();
}

// Writes into the new frames what their events turned out to be.
void optimal_dpor::record_events(const trace_log& log) {
  for (std::size_t i = fixed_ - 1; i < frames_.size(); ++i) {
    const traced_event& e = log.events.all()[i];
    const auto touched = log.accesses_of(e);
    frames_[i].event.accesses.assign(touched.begin(), touched.end());
    frames_[i].event.choices.clear();
    frames_[i].of.clear();
    for (const trace_choice& c : log.choices_of(e)) {
      frames_[i].event.choices.push_back(c.taken);
      frames_[i].of.push_back(c.of);
    }
  }
}

void optimal_dpor::reverse_races(const trace_log& log) {
  order_.read(log);
  const auto first_new = static_cast<std::uint32_t>(fixed_ - 1);
  for (std::uint32_t later = std::max(first_new, 1U); later < order_.events(); ++later) {
    for (const std::uint32_t earlier : order_.races_of(later)) reverse(log, earlier, later);
  }
}

void optimal_dpor::reverse(const trace_log& log, std::uint32_t earlier, std::uint32_t later) {
  frame& place = frames_[earlier];
  wakeup_sequence sequence = without(log, earlier, later);
  for (const planned_event& asleep : place.sleep) {
    if (sequence.has_weak_initial(asleep)) return;
  }
  insert(place.todo, std::move(sequence));
}

// The events after `earlier` that do not happen after it, then `later`.
wakeup_sequence optimal_dpor::without(const trace_log& log, std::uint32_t earlier,
                                      std::uint32_t later) const {
  wakeup_sequence sequence;
  std::vector<std::uint32_t> kept;
  const auto executed = static_cast<std::uint32_t>(log.events.all().size());
  const auto add = [&](std::uint32_t e) {
    std::vector<std::uint32_t> before;
    for (std::uint32_t k = 0; k < kept.size(); ++k) {
      if (order_.before(kept[k], e)) before.push_back(k);
    }
    kept.push_back(e);
    sequence.before.push_back(std::move(before));
  };
  for (std::uint32_t e = earlier + 1; e < executed; ++e) {
    if (e == later || order_.before(earlier, e)) continue;
    add(e);
    sequence.events.push_back(frames_[e].event);
    sequence.events.back().is_free = false;
  }
  add(later);
  planned_event reversed;
  reversed.is_free = true;
  if (later < executed) {
    reversed = frames_[later].event;
    reversed.choices.clear();
    reversed.is_free = true;
    for (access& a : reversed.accesses) a = widest(a);
  } else {
    const pending_access& p = log.pending.all()[later - executed];
    reversed.process = p.process;
    reversed.accesses = {p.what};
  }
  sequence.events.push_back(std::move(reversed));
  return sequence;
}

// Moves to the next unexplored branch, the deepest first. False: there is none.
bool optimal_dpor::backtrack() {
  while (!frames_.empty()) {
    frame& top = frames_.back();
    if (next_choices(top)) break;
    if (frames_.size() == 1) return false;
    if (!top.todo.empty()) {
      top.sleep.push_back(std::move(top.event));
      top.event = std::move(top.todo.front().event);
      top.guide = std::move(top.todo.front().children);
      top.todo.erase(top.todo.begin());
      top.choices_fixed = top.event.is_free ? 0 : top.event.choices.size();
      break;
    }
    frames_.pop_back();
  }
  fixed_ = frames_.size();
  return true;
}

// Raises the last of the event's own choices that can still grow.
bool optimal_dpor::next_choices(frame& top) {
  std::vector<std::uint32_t>& choices = top.event.choices;
  while (choices.size() > top.choices_fixed) {
    if (++choices.back() < top.of[choices.size() - 1]) return true;
    choices.pop_back();
  }
  return false;
}

nlohmann::json optimal_dpor::save() const { return nullptr; }
void optimal_dpor::load(const nlohmann::json&) {}

}  // namespace

std::unique_ptr<strategy> make_dpor(const strategy_options& options) {
  return std::make_unique<optimal_dpor>(options);
}

}  // namespace braid
