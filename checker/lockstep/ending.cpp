// The checker's scheduler: how programs and executions end; see lockstep.hpp.
//
// When main returns, or anything else ends the program, what others print no longer counts. But
// they run on, quietly and within a bound: to tell goroutines that can never be woken from those
// that were merely not done yet, and because a search reverses races between the end and what it
// cut off. Then the remaining stacks are unwound.
#include <algorithm>
#include <braid/panic.hpp>
#include <string>

#include "lockstep/lockstep.hpp"

namespace braid {
void lockstep::end(ending how, int code, std::string_view text, where at) {
  goroutine& self = *running_;
  if (self.is_abandoned()) return;
  const op last{
      .kind = op_kind::end, .argument = static_cast<std::int64_t>(how), .text = text, .at = at};
  if (!before(last)) return;
  // Another ending may have come first; then this one is part of the run-on and does not count.
  if (!program_ended_) end_program(how, code, text);
  after({.done = last});
  take_out(self);
  continue_with(next_to_run());
}

void lockstep::end_program(ending how, int code, std::string_view text) {
  program_ended_ = record_->facts().has_ended = true;
  judges_leaks_ = how == ending::returned && options_.check_leaks;
  steps_at_end_ = record_->facts().steps;
  switch (how) {
    case ending::returned:
      return;
    case ending::exit:
      record_->facts().exit_code = code;
      return record_->add(verdict::exit);
    case ending::panic:
      if (is_refutation(text)) return conclude(verdict::not_linearizable, "panic: ", text);
      return conclude(verdict::panic, "panic: ", text);
    case ending::fatal:
      return conclude(verdict::fatal, "fatal error: ", text);
  }
}

void lockstep::conclude(verdict v, std::string_view kind, std::string_view text) {
  record_->add(v);
  record_->printed_error(std::string(kind) + std::string(text) + "\n");
}

// The operation that `g` is about to do is at fault: the program ends as by fatal(). After main's
// end its locals are gone, which in production nobody would notice any more.
void lockstep::refuse(goroutine& g) {
  take_out(g);
  if (program_ended_) return;
  record_->facts().has_refused = true;
  std::string text = task_of(g).flaw == fault::object_died
                         ? "use of an object after its destruction"
                         : "use of an object that was made outside of the program: its state would "
                           "leak from one execution into the next; make it inside";
  if (watcher_ != nullptr) watcher_->refused(g, text);
  if (const where at = g.pending->at) {
    text += "  " + std::string(at.file()) + ":" + std::to_string(at.line());
  }
  end_program(ending::fatal, 2, text);
}

void lockstep::take_out(goroutine& g) { task_of(g).is_out = true; }

// Nothing can happen any more: whoever has not ended waits for ever, or loops for ever.
void lockstep::judge_quiescence() {
  over_ = true;
  loops_to_judge_ = !set_aside_.empty();
  if (!loops_to_judge_) judge_waits();
}

void lockstep::judge_waits() {
  const bool somebody_waits = std::any_of(tasks_.begin(), tasks_.end(), [](const task& t) {
    return t.self != nullptr && !t.is_out && !t.would_loop;
  });
  const bool nobody_is_left = !program_ended_ && goroutines_count() == 0;
  if (!somebody_waits && !nobody_is_left) return;
  if (nobody_is_left) {  // main has not returned, and is no more (rule P11)
    record_->printed_error("fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n");
  }
  if (!program_ended_ && options_.check_deadlocks) record_->add(verdict::deadlock);
  if (program_ended_ && judges_leaks_) record_->add(verdict::leak);
}

// A limit was reached while somebody could go on: who never can, is in the log. If there is none
// the execution begins again, with one.
void lockstep::judge_cut() {
  const std::vector<waiting_goroutine> waiting = waiting_goroutines();
  if (waiting.empty() || must_begin_again_) return;
  if (!can_race_) {
    can_race_ = must_begin_again_ = true;
    return;
  }
  std::vector<bool> is_left;
  for (const task& t : tasks_) is_left.push_back(t.self != nullptr && !t.is_out);
  stuck_ = find_stuck(log_.all(), waiting, is_left);
  for (stuck_goroutine& g : stuck_) {
    g.is_deadlocked = g.is_deadlocked && !program_ended_;
    const bool is_judged = program_ended_    ? judges_leaks_
                           : g.is_deadlocked ? options_.check_deadlocks
                                             : options_.check_leaks;
    if (is_judged) record_->add(g.is_deadlocked ? verdict::deadlock : verdict::leak);
  }
}

// Those whose wait is for others, not for time.
std::vector<waiting_goroutine> lockstep::waiting_goroutines() const {
  std::vector<waiting_goroutine> all;
  for (const task& t : tasks_) {
    if (t.self == nullptr || t.is_out || t.self->pending == nullptr) continue;
    const op& in = *t.self->pending;
    const bool is_guarded = in.guard != nullptr && !t.would_loop && !enabled_.has(t.self->number);
    const bool waits = t.is_parked || (is_guarded && (t.guarded == nullptr || !in.guard(in)));
    if (!waits || in.kind == op_kind::sleep || in.kind == op_kind::settle) continue;
    waiting_goroutine w{.number = t.self->number, .in = in.kind, .objects = {}};
    if (in.object != nullptr) w.objects.push_back(object_id(in.object));
    for (const op& arm : in.arms) {
      if (arm.object != nullptr) w.objects.push_back(object_id(arm.object));
    }
    all.push_back(std::move(w));
  }
  return all;
}

void lockstep::finish() {
  goroutine& self = *running_;
  task_of(self).self = nullptr;
  if (watcher_ != nullptr && !abandoning_) watcher_->finished(self);
  goroutine& next = abandoning_ ? *host_ : next_to_run();
  continue_with(next, {[](void* g) { static_cast<goroutine*>(g)->retire(); }, &self});
  __builtin_unreachable();
}

void lockstep::clean_up() {
  abandoning_ = true;
  while (!timers_.empty()) {  // before the stacks on which the timers of sleepers live
    alarm& t = timers_.take(0);
    t.dropped(t);
  }
  clean_up_goroutines();
  tasks_.clear();
  unsettled_.clear();
  unsettled_first_ = 0;
  enabled_.clear();
  set_aside_.clear();
  objects_.clear();
}

// A parked operation has happened; any other that is pending has not.
void lockstep::tell_what_is_left() {
  for (const task& t : tasks_) {
    if (t.self == nullptr || t.is_parked || t.is_out) continue;
    if (t.self->pending != nullptr) watcher_->left(*t.self, *t.self->pending);
  }
  watcher_->over();
}

// Children before their parents, to whose stacks they may refer.
void lockstep::clean_up_goroutines() {
  for (std::size_t n = tasks_.size(); n-- > 0;) {
    goroutine* left = tasks_[n].self;
    if (left == nullptr) continue;
    running_ = left;
    record_->facts().running = left->number;
    const bool unwound = left->abandon();
    running_ = host_;
    if (tasks_[n].self == nullptr) continue;  // it ran to its end and is retired
    record_->facts().dropped += !unwound;
    left->retire();
  }
}

}  // namespace braid
