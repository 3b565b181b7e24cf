// The checker's scheduler: repeating the beginning of the last execution; see lockstep.hpp.
//
// A search that reverses races goes back to some event and on from there. Up to that event nothing
// is asked, told or recorded again: the goroutines only run. What a strategy sees afterwards is
// rebuilt where the executions part. A check of each operation's kind, and of the number of steps,
// notices a program that does not repeat itself.
#include "lockstep/lockstep.hpp"

namespace braid {

// A strategy that wants the trace has the only observer: no search asks for another.
void lockstep::trace(strategy& strategy, execution& record) {
  BRAID_ASSERT(watcher_ == nullptr);
  if (tracer_ == nullptr || !tracer_->writes_to(record.log())) {
    tracer_ = std::make_unique<tracer>(objects_, repetitions_, options_.timers == timer_mode::free,
                                       record.log());
  }
  const std::uint32_t common = strategy.events_repeated();
  const bool is_logged = !can_race_ || log_.size() != 0;
  const bool can_repeat = is_logged && !has_returns_ && common > 1 && common < marks_.size() &&
                          common <= plain_until_ && tracer_->wrote_last();
  plain_until_ = ~0u;
  if (!can_repeat) {
    marks_.assign(1, {});
    tracer_->begin();
    log_.clear();
    watcher_ = heard_with(tracer_.get());
    return;
  }
  mode_ = mode::repeating;
  next_repeated_ = 1;
  repeated_until_ = common;
  next_choice_ = 0;
  tracer_->keep(common);
  record.keep_decisions(marks_[common].decisions, marks_[common].deviations);
  parting_ = marks_[common];
  marks_.resize(common);
  if (can_race_) log_.cut(parting_.logged);
}

void lockstep::note_mark(alternative happened, op_kind kind) {
  const execution::summary& facts = record_->facts();
  marks_.push_back({.happened = happened,
                    .kind = kind,
                    .trace_hash = facts.trace_hash,
                    .decisions = record_->decisions().size(),
                    .deviations = facts.deviations,
                    .steps = facts.steps,
                    .logged = log_.size()});
}

// As decide(), for the next of the events that are repeated.
bool lockstep::repeat() {
  const mark& m = marks_[next_repeated_++];
  if (m.happened.kind == decision_kind::timer) {
    if (timers_.empty() || m.happened.index >= timers_.due_together()) return diverge();
    fire(m.happened.index);
    return false;
  }
  if (m.happened.index >= tasks_.size()) return diverge();
  const task& t = tasks_[m.happened.index];
  const op* const next = t.self == nullptr || t.is_parked ? nullptr : t.self->pending;
  if (next == nullptr || next->kind != m.kind) return diverge();
  if (next->guard != nullptr && !next->guard(*next)) return diverge();
  ++record_->facts().steps;
  current_ = m.happened.index;
  if (!can_race_ && raced_kinds.has(next->kind)) note_uses(*next);
  return true;
}

std::uint32_t lockstep::repeat_choice(std::uint32_t n) {
  const auto choices = record_->log().choices.all();
  if (next_choice_ < choices.size() && choices[next_choice_].of == n) {
    return choices[next_choice_++].taken;
  }
  diverge();
  return 0;
}

bool lockstep::diverge() {
  record_->facts().has_diverged = over_ = true;
  return false;
}

// From here on the execution goes its own way.
void lockstep::part_from_last() {
  mode_ = mode::seeing;
  parted_ = true;
  watcher_ = heard_with(tracer_.get());
  if (record_->facts().steps != parting_.steps) {
    diverge();
    return;
  }
  record_->facts().trace_hash = parting_.trace_hash;
  repetitions_.keep(parting_.steps);
  for (const task& t : tasks_) {
    if (t.self == nullptr) continue;
    if (repetitions_.is_open(t.self->number)) t.self->recent = ~0ULL;  // of what, is not known
    if (t.self->pending != nullptr && !t.is_parked && !t.is_out) await_turn(*t.self);
  }
}

}  // namespace braid
