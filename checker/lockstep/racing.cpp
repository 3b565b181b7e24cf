// The checker's scheduler: data races; see detect/races.hpp.
//
// The detector hears everything that can order two accesses, which costs time. Programs that have
// nothing to race for do not pay for it: it begins to listen when a variable is made, when a
// channel is closed that others send to or close, or when a wait group is waited for to which
// others add. That execution begins again; the ones after it are heard from their beginning. So are
// all executions if foreign unlocks are to be told, which are found in the same log.
#include <utility>

#include "lockstep/lockstep.hpp"

namespace braid {

void lockstep::listen_for_races() {
  if (!options_.check_races) return;
  can_race_ = must_begin_again_ = over_ = true;
}

// `o` is used in a way that races with a close, or a wait, by another goroutine; or so it is
// closed.
void lockstep::note_use(object& o, bool closes) {
  if (o.first_user == object::none) o.first_user = running_->number;
  o.has_many_users = o.has_many_users || o.first_user != running_->number;
  o.is_closed = o.is_closed || closes;
  if (o.has_many_users && o.is_closed) listen_for_races();
}

void lockstep::note_uses(const op& done, object* on) {
  if (done.kind == op_kind::send || done.kind == op_kind::wait ||
      (done.kind == op_kind::add && done.argument > 0)) {
    if (on != nullptr) note_use(*on, done.kind == op_kind::wait);
  }
  for (const op& arm : done.arms) {
    object* const offered = arm.kind == op_kind::send ? objects_.find(arm.object) : nullptr;
    if (offered != nullptr) note_use(*offered, false);
  }
}

// Before it takes effect: the second close of a channel never does. Then the goroutine that decided
// still stands on its stack, which need not be the one that acts.
void lockstep::note_close(const op& next) {
  goroutine* const decider = std::exchange(running_, tasks_[current_].self);
  object* const on = next.object == nullptr ? nullptr : objects_.find(next.object);
  if (next.kind != op_kind::close) note_uses(next, on);
  if (next.kind == op_kind::close && on != nullptr) note_use(*on, true);
  running_ = decider;
}

// The detector beside another observer, which may be null.
observer* lockstep::heard_with(observer* other) {
  if (other == nullptr) return &log_;
  both_.set(*other, log_);
  return &both_;
}

void lockstep::look_for_races() {
  if (options_.warn_foreign_unlocks) foreign_unlocks_ = unlock_finder_.find(log_.all());
  if (options_.check_races) races_ = finder_.find(log_.all());
  if (!races_.empty()) record_->add(verdict::race);
  record_->facts().races = hash_of(races_) ^ hash_of(foreign_unlocks_);
}

}  // namespace braid
