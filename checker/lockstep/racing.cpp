// The checker's scheduler: data races; see detect/races.hpp.
//
// The detector hears everything that can order two accesses, which costs time. Programs that have
// nothing to race for do not pay for it: it begins to listen when a variable is made, when a
// channel is closed that others send to or close, or when a wait group is waited for to which
// others add. That execution begins again; the ones after it are heard from their beginning. So are
// all executions if foreign unlocks are to be told, which are found in the same log.
#include "lockstep/lockstep.hpp"

namespace braid {

void lockstep::listen_for_races() {
  if (!options_.check_races) return;
  can_race_ = must_begin_again_ = over_ = true;
}

// Of goroutine current_, before it takes effect: the second close of a channel never does.
void lockstep::note_uses(const op& next) {
  if (!options_.check_races) return;
  // Without a guard it is a call that a history observes.
  const bool waits = next.kind == op_kind::wait && next.guard != nullptr;
  const bool closes = next.kind == op_kind::close || waits;
  const bool adds = next.kind == op_kind::add && next.argument > 0;
  if (closes || adds || next.kind == op_kind::send) note_use(next.object, closes);
  for (const op& arm : next.arms) {
    if (arm.kind == op_kind::send) note_use(arm.object, false);
  }
}

// The object is used in a way that races with a close, or a wait, by another goroutine; or so it is
// closed.
void lockstep::note_use(const void* address, bool closes) {
  object* const o = address == nullptr ? nullptr : objects_.find(address);
  if (o == nullptr) return;
  if (o->first_user == object::none) o->first_user = current_;
  o->has_many_users = o->has_many_users || o->first_user != current_;
  o->is_closed = o->is_closed || closes;
  if (o->has_many_users && o->is_closed) listen_for_races();
}

// The detector, if it listens, beside another observer, which may be null.
observer* lockstep::heard_with(observer* other) {
  if (!can_race_) return other;
  if (other == nullptr) return &log_;
  both_.set(*other, log_);
  return &both_;
}

void lockstep::look_for_races() {
  const execution::summary& facts = record_->facts();
  if (must_begin_again_ || facts.is_redundant || facts.has_diverged) return;  // it will not count
  if (options_.warn_foreign_unlocks) foreign_unlocks_ = unlock_finder_.find(log_.all());
  if (options_.check_races) races_ = finder_.find(log_.all());
  if (!races_.empty()) record_->add(verdict::race);
  record_->facts().races = hash_of(races_) ^ hash_of(foreign_unlocks_);
}

}  // namespace braid
