// Optimal dynamic partial order reduction: each class of equivalent executions exactly once.
//
// Abdulla, Aronis, Jonsson, Sagonas: Optimal Dynamic Partial Order Reduction (POPL'14, JACM'17),
// with wakeup trees and sleep sets, the races of an execution detected at its end. Dependence is
// that of trace/access.hpp.
//
// The aim: complete when it ends; no two executions are equivalent; none is cut as redundant. It is
// not reached yet: tests/properties/dpor.cpp finds programs, rarely, in which classes are lost.
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
      a.mode = taken_lock;
      a.amount = 1;
      break;
    case failed_minus:
      a.mode = minus;
      a.amount = -1;
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
  // Learning, at the end of an execution.
  void rebuild_frames(const trace_log& log);
  void reverse(const trace_log& log, std::uint32_t earlier, std::uint32_t later);
  wakeup_sequence without(const trace_log& log, std::uint32_t earlier, std::uint32_t later) const;
  static void recount(const trace_log& log, std::uint32_t earlier, wakeup_sequence& sequence);
  bool backtrack();
  static bool next_choices(frame& top);

  std::uint64_t data_seed_;
  // frames_[i] is event i; event 0 stands for what happens before the first decision. Those that
  // the next execution repeats, the last of them with another branch.
  std::vector<frame> frames_;
  happens_before order_;
  bool exhausted_ = false;

  // Of the execution that runs:
  std::size_t at_ = 0;                      // the event that is being executed
  std::size_t choice_ = 0;                  // made in it so far
  std::vector<planned_event> asleep_;       // beyond the frames
  const wakeup_forest* guide_ = nullptr;    // beyond the frames: how to go on
  const planned_event* planned_ = nullptr;  // the event that is being executed, if it was
};

planned_event event_of(const trace_log& log, std::size_t index) {
  const traced_event& e = log.events.all()[index];
  const auto touched = log.accesses_of(e);
  planned_event event{
      .process = e.process, .accesses = {touched.begin(), touched.end()}, .choices = {}};
  for (const trace_choice& c : log.choices_of(e)) event.choices.push_back(c.taken);
  return event;
}

// Those who still sleep after `happened`.
std::vector<planned_event> still_asleep(const std::vector<planned_event>& sleep,
                                        const planned_event& happened) {
  std::vector<planned_event> still;
  for (const planned_event& asleep : sleep) {
    if (asleep.process != happened.process && !happened.conflicts_with(asleep)) {
      still.push_back(asleep);
    }
  }
  return still;
}

bool optimal_dpor::begin(std::uint64_t) {
  if (frames_.empty()) frames_.emplace_back();
  at_ = choice_ = 0;
  planned_ = &frames_.front().event;
  asleep_ = frames_.back().sleep;
  guide_ = &frames_.back().guide;
  return !exhausted_;
}

std::uint32_t optimal_dpor::pick(const situation& now) {
  choice_ = 0;
  if (++at_ < frames_.size()) {
    planned_ = &frames_[at_].event;
    return now.rank_of_process(planned_->process);
  }
  asleep_ = still_asleep(asleep_, event_of(now.log(), at_ - 1));
  if (!guide_->empty()) {
    planned_ = &guide_->front().event;
    guide_ = &guide_->front().children;
    return now.rank_of_process(planned_->process);
  }
  planned_ = nullptr;
  for (std::uint32_t rank = 0; rank < now.size(); ++rank) {
    const process_id process = now.process_at(rank);
    const bool sleeps = std::any_of(asleep_.begin(), asleep_.end(), [&](const planned_event& e) {
      return e.process == process && e.choices.empty();
    });
    if (!sleeps) return rank;
  }
  return situation::none;  // every continuation was explored
}

std::uint32_t optimal_dpor::choose(const choice_point& now) {
  const std::size_t k = choice_++;
  if (planned_ == nullptr || k >= planned_->choices.size()) return 0;
  return std::min(planned_->choices[k], now.of - 1);
}

void optimal_dpor::end(const execution& done) {
  const auto first_new = static_cast<std::uint32_t>(std::max<std::size_t>(frames_.size(), 2) - 1);
  rebuild_frames(done.log());
  order_.read(done.log());
  for (std::uint32_t later = first_new; later < order_.events(); ++later) {
    for (const std::uint32_t earlier : order_.races_of(later)) {
      reverse(done.log(), earlier, later);
    }
  }
  exhausted_ = !backtrack();
}

// Adds a frame for each event beyond those that were repeated, and writes into the new ones what
// their events turned out to be.
void optimal_dpor::rebuild_frames(const trace_log& log) {
  const std::size_t first_new = frames_.size() - 1;
  wakeup_forest guide = std::move(frames_.back().guide);
  frames_.back().guide.clear();
  for (std::size_t i = first_new; i < log.events.all().size(); ++i) {
    if (i > first_new) {
      frame next;
      next.sleep = still_asleep(frames_.back().sleep, frames_.back().event);
      if (!guide.empty()) {
        next.choices_fixed = guide.front().event.choices.size();
        wakeup_forest below = std::move(guide.front().children);
        next.todo.assign(std::make_move_iterator(guide.begin() + 1),
                         std::make_move_iterator(guide.end()));
        guide = std::move(below);
      }
      frames_.push_back(std::move(next));
    }
    frames_[i].event = event_of(log, i);
    frames_[i].of.clear();
    for (const trace_choice& c : log.choices_of(log.events.all()[i])) {
      frames_[i].of.push_back(c.of);
    }
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
  }
  add(later);
  planned_event reversed;
  if (later < executed) {
    reversed = frames_[later].event;
    reversed.choices.clear();  // in its new place it may choose anew
    for (access& a : reversed.accesses) a = widest(a);
  } else {
    const pending_access& p = log.pending.all()[later - executed];
    reversed.process = p.process;
    reversed.accesses = {p.what};
  }
  sequence.events.push_back(std::move(reversed));
  recount(log, earlier, sequence);
  return sequence;
}

// The counters as they are before each event of the sequence, in its new place.
void optimal_dpor::recount(const trace_log& log, std::uint32_t earlier, wakeup_sequence& sequence) {
  for (std::size_t k = 0; k < sequence.events.size(); ++k) {
    for (access& a : sequence.events[k].accesses) {
      if (a.mode != access_mode::plus && a.mode != access_mode::minus) continue;
      const auto amount_in = [&](std::span<const access> accesses) {
        std::int32_t sum = 0;
        for (const access& other : accesses) sum += other.object == a.object ? other.amount : 0;
        return sum;
      };
      a.count = 0;
      for (std::uint32_t e = 0; e < earlier; ++e) {
        a.count += amount_in(log.accesses_of(log.events.all()[e]));
      }
      for (std::size_t before = 0; before < k; ++before) {
        a.count += amount_in(sequence.events[before].accesses);
      }
    }
  }
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
      top.choices_fixed = top.event.choices.size();
      break;
    }
    frames_.pop_back();
  }
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

nlohmann::json optimal_dpor::save() const {
  nlohmann::json frames = nlohmann::json::array();
  for (const frame& f : frames_) {
    nlohmann::json sleep = nlohmann::json::array();
    for (const planned_event& asleep : f.sleep) sleep.push_back(to_value(asleep));
    frames.push_back({{"event", to_value(f.event)},
                      {"of", f.of},
                      {"choices_fixed", f.choices_fixed},
                      {"sleep", sleep},
                      {"todo", to_value(f.todo)},
                      {"guide", to_value(f.guide)}});
  }
  return {{"frames", frames}, {"exhausted", exhausted_}};
}

void optimal_dpor::load(const nlohmann::json& saved) {
  frames_.clear();
  for (const nlohmann::json& value : saved.at("frames")) {
    frame f{.event = event_from_value(value.at("event")),
            .of = value.at("of"),
            .choices_fixed = value.at("choices_fixed"),
            .sleep = {},
            .todo = forest_from_value(value.at("todo")),
            .guide = forest_from_value(value.at("guide"))};
    for (const nlohmann::json& asleep : value.at("sleep")) {
      f.sleep.push_back(event_from_value(asleep));
    }
    frames_.push_back(std::move(f));
  }
  exhausted_ = saved.at("exhausted");
}

}  // namespace

std::unique_ptr<strategy> make_dpor(const strategy_options& options) {
  return std::make_unique<optimal_dpor>(options);
}

}  // namespace braid
