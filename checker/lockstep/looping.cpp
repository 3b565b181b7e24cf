// The checker's scheduler: goroutines that repeat an iteration, and livelock; see repetitions.hpp.
#include <algorithm>

#include "lockstep/lockstep.hpp"

namespace braid {
namespace {

// What a loop keeps on the heap is not seen: so often must it go round before it is called endless.
constexpr int trial_rounds = 20;

}  // namespace

// True if the running goroutine comes back to `next`.
bool lockstep::returns_to(const op& next) {
  if ((running_->recent & repetitions::filter_of(next)) == 0 || is_blind() || over_) return false;
  if (!repetitions_.is_back(*running_, next)) return false;
  has_returns_ = true;
  if (parted_) must_begin_again_ = over_ = true;
  return true;
}

void lockstep::note_return(goroutine& g, std::uint64_t state) {
  task_of(g).would_loop = repetitions_.comes_back(g, *g.pending, state);
}

// The running goroutine did more than to observe.
void lockstep::note_act() {
  if (running_->recent != 0) repetitions_.acted(*running_, record_->facts().steps);
}

void lockstep::note_effect(const op& done) {
  note_act();
  change_arms(done);
}

// Whoever attempts an operation on the same channel finds a partner.
void lockstep::note_arrival(const op& parked) {
  note_effect(parked);
  object* const on = parked.object == nullptr ? nullptr : objects_.find(parked.object);
  if (on != nullptr) change(*on);
}

void lockstep::note_fire(const alarm& fired, bool moves_clock) {
  if (moves_clock) repetitions_.clock_moved();
  if (fired.object != nullptr) return change(*objects_.find(fired.object));
  release_changed();
}

// `g` would repeat an iteration, unless something that it read there has changed.
void lockstep::set_aside(goroutine& g) {
  if (repetitions_.has_changed(g)) return enabled_.insert(g.number);
  set_aside_.push_back(&g);
  if (watcher_ != nullptr) watcher_->set_aside(g, *g.pending, repetitions_.iteration_of(g));
}

void lockstep::change_arms(const op& what) {
  for (const op& arm : what.arms) {
    if (object* const on = arm.object == nullptr ? nullptr : objects_.find(arm.object)) change(*on);
  }
}

void lockstep::release_changed() {
  std::erase_if(set_aside_, [this](goroutine* g) {
    if (!repetitions_.has_changed(*g)) return false;
    enabled_.insert(g->number);
    if (watcher_ != nullptr) watcher_->released(*g);
    return true;
  });
}

// Nobody can end the loops of those that are set aside, if braid sees all that they depend on. They
// go on for some rounds, of which nothing is recorded. After main's return who loops is no leak: it
// is not blocked. Who waits beside it is one.
void lockstep::judge_loops() {
  watcher_ = nullptr;
  bool all_loop = true;
  for (goroutine* g : set_aside_) all_loop = all_loop && keeps_looping(*g);
  execution::summary& facts = record_->facts();
  if (program_ended_) {
    facts.run_on_cut = !all_loop && judges_leaks_;
    if (all_loop) judge_waits();
    return;
  }
  facts.has_hidden_state = !all_loop;
  record_->add(all_loop ? verdict::livelock : verdict::steps);
}

bool lockstep::keeps_looping(goroutine& g) {
  const std::span<const observation> iteration = repetitions_.iteration_of(g);
  const auto reads_clock = [](const observation& o) { return o.kind == op_kind::now; };
  if (std::any_of(iteration.begin(), iteration.end(), reads_clock)) return false;
  mode_ = mode::trying;
  trial_ = {.iteration = iteration, .at = 0, .rounds = trial_rounds};
  continue_with(g);
  const bool went_round = trial_.rounds == 0;
  trial_ = {};
  return went_round;
}

// True if the loop that is tried comes to its next operation, and has not done all rounds.
bool lockstep::goes_round() {
  if (trial_.rounds <= 0 || task_of(*running_).self == nullptr) return false;
  while (trial_.iteration[trial_.at++].is_continued) {
  }
  if (trial_.at == trial_.iteration.size()) {
    trial_.at = 0;
    --trial_.rounds;
  }
  const bool is_same = repetitions_.is_same(trial_.iteration[trial_.at], *running_->pending);
  if (!is_same) trial_.rounds = -1;
  return is_same && trial_.rounds > 0;
}

void lockstep::note_trial(const event& done) {
  if (trial_.rounds > 0 && !repetitions::observes(done)) trial_.rounds = -1;
}

}  // namespace braid
