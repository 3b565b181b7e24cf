// Happens-before as Go's memory model defines it; see sync_order.hpp.
#include "detect/sync_order.hpp"

#include <atomic>
#include <braid/panic.hpp>
#include <utility>

namespace braid {
namespace {

// Partner: releases(), of who stored what is loaded.
bool acquires(std::memory_order order) {
  return order != std::memory_order_relaxed && order != std::memory_order_release;
}

// Partner: acquires().
bool releases(std::memory_order order) {
  return order == std::memory_order_release || order == std::memory_order_acq_rel ||
         order == std::memory_order_seq_cst;
}

}  // namespace

void sync_order::clear() {
  goroutines_.clear();
  slots_.clear();
  objects_.clear();
  acting_ = partner_ = none;
  fired_.reset();
}

sync_order::object_state& sync_order::object_of(std::uint64_t id) {
  const std::uint32_t slot = slots_.get(id);
  if (slot >= objects_.size()) objects_.grow(slot + 1);
  return objects_[slot];
}

vector_clock sync_order::told_by(std::uint32_t goroutine) {
  vector_clock told = knows(goroutine);
  knows(goroutine).advance(goroutine);
  return told;
}

void sync_order::take(const sync_entry& e) {
  switch (e.kind) {
    case sync_entry_kind::born:
      return be_born(e);
    case sync_entry_kind::made:
      if (e.op == op_kind::write) return;  // a variable orders nothing
      object_of(e.object).channel.capacity = static_cast<std::uint64_t>(e.argument);
      return;
    case sync_entry_kind::arrives:
      acting_ = e.goroutine;
      partner_ = none;
      fired_.reset();
      // Here and not where it completes: that of a closed channel panics and completes nothing.
      if (e.op == op_kind::close && !std::exchange(object_of(e.object).channel.is_closed, true)) {
        tell(object_of(e.object).released, e.goroutine);
      }
      return;
    case sync_entry_kind::completes:
      return complete(e);
    case sync_entry_kind::woken:
      return wake(e);
    case sync_entry_kind::armed:  // again, by the timer itself: it knows what it knew
      if (e.object == 0 || fired_) return;
      object_of(e.object).released.clear();
      return tell(object_of(e.object).released, e.goroutine);
    case sync_entry_kind::fires:
      return fire(e);
    case sync_entry_kind::offers:
    case sync_entry_kind::expects:
      return;
  }
}

// Rules G3 and T5.
void sync_order::be_born(const sync_entry& e) {
  goroutines_.grow(e.goroutine + 1);
  if (acting_ != none) {
    tell(knows(e.goroutine), acting_);
  } else if (fired_ && *fired_ != 0) {
    learn(e.goroutine, object_of(*fired_).released);
  }
  knows(e.goroutine).advance(e.goroutine);
}

// A value that a timer sends comes from where it was armed (rule H15). One that finds no room is
// dropped; but the timer may also have been stopped, which takes the value back, so that what is
// there may be either.
void sync_order::fire(const sync_entry& e) {
  acting_ = partner_ = none;
  fired_ = e.object;
  if (e.object == 0) return;
  object_state& o = object_of(e.object);
  channel_state& c = o.channel;
  c.is_fed_by_timer = true;
  if (c.capacity == 0) return;
  if (c.sends.size() >= c.capacity) return c.sends.last().join(o.released);
  if (c.sent++ >= c.capacity && !c.recvs.is_empty()) c.recvs.take();
  c.sends.push(o.released);
}

void sync_order::wake(const sync_entry& e) {
  if (acting_ != none) {
    partner_ = e.goroutine;
    return;
  }
  const bool receives = e.op == op_kind::recv || e.op == op_kind::select;
  if (!fired_ || *fired_ == 0 || !receives) return;
  object_state& o = object_of(*fired_);
  goroutines_[e.goroutine].is_matched = true;
  if (o.channel.sends.is_empty()) return learn(e.goroutine, o.released);
  learn(e.goroutine, o.channel.sends.take());
  o.channel.recvs.push(told_by(e.goroutine));
}

// The operation of `acting_` completes first, then that of the partner whom it woke.
void sync_order::complete(const sync_entry& e) {
  if (std::exchange(goroutines_[e.goroutine].is_matched, false)) return;
  if (e.op == op_kind::settle) settle(e.goroutine);
  const bool is_plain = e.op == op_kind::go || e.op == op_kind::read || e.op == op_kind::write;
  if (is_plain || e.object == 0) {
    if (e.goroutine == acting_) acting_ = none;
    return;
  }
  object_state& o = object_of(e.object);
  switch (e.op) {
    case op_kind::send:
      complete_send(e, o);
      break;
    case op_kind::recv:
      complete_recv(e, o);
      break;
    case op_kind::load:
    case op_kind::await:
    case op_kind::store:
    case op_kind::update:
      complete_access(e, o);
      break;
    case op_kind::enqueue:
    case op_kind::cond_wait:
    case op_kind::notify:
      complete_condition(e, o);
      break;
    default:
      complete_lock(e, o);
      break;
  }
  if (e.goroutine == acting_) acting_ = partner_ = none;
}

// Rule Y5: all that the others have done comes before.
void sync_order::settle(std::uint32_t waited) {
  for (std::uint32_t other = 0; other < goroutines_.size(); ++other) {
    if (other != waited) tell(knows(waited), other);
  }
}

// Rule H2: of an unbuffered pair each is before the end of the other.
void sync_order::rendezvous(std::uint32_t a, std::uint32_t b) {
  const vector_clock of_a = told_by(a);
  tell(knows(a), b);
  learn(b, of_a);
}

// Rules H1-H4 and H6.
void sync_order::complete_send(const sync_entry& e, object_state& o) {
  channel_state& c = o.channel;
  if (c.is_closed) return;  // it panics
  const std::uint32_t receiver = e.goroutine == acting_ ? partner_ : none;
  if (receiver != none) goroutines_[receiver].is_matched = true;
  if (c.capacity == 0) {
    if (receiver != none) rendezvous(e.goroutine, receiver);
    return;
  }
  if (c.sent++ >= c.capacity && !c.recvs.is_empty()) learn(e.goroutine, c.recvs.take());
  if (receiver == none) {
    c.sends.push(told_by(e.goroutine));
    return;
  }
  tell(knows(receiver), e.goroutine);
  c.recvs.push(told_by(receiver));
}

void sync_order::complete_recv(const sync_entry& e, object_state& o) {
  channel_state& c = o.channel;
  if (!e.more) return learn(e.goroutine, o.released);
  const std::uint32_t sender = e.goroutine == acting_ ? partner_ : none;
  if (sender != none) goroutines_[sender].is_matched = true;
  if (c.capacity == 0) {
    if (sender != none) return rendezvous(e.goroutine, sender);
    if (c.is_fed_by_timer) learn(e.goroutine, o.released);
    return;
  }
  if (!c.sends.is_empty()) learn(e.goroutine, c.sends.take());
  c.recvs.push(told_by(e.goroutine));
  if (sender == none) return;
  // It waited for the room that this receive has made.
  ++c.sent;
  learn(sender, c.recvs.take());
  c.sends.push(told_by(sender));
}

static_assert(op_kind_count == 42, "a new operation: what does it order?");

// Rules H10, H11, W5, and M5: a lock that was not taken orders nothing.
void sync_order::complete_lock(const sync_entry& e, object_state& o) {
  const bool is_try = e.op == op_kind::try_lock || e.op == op_kind::try_read_lock ||
                      e.op == op_kind::try_write_lock;
  if (is_try && e.result == 0) return;
  switch (e.op) {
    case op_kind::lock:
    case op_kind::try_lock:
    case op_kind::read_lock:
    case op_kind::try_read_lock:
    case op_kind::wait:
      return learn(e.goroutine, o.released);
    case op_kind::await_readers:
    case op_kind::try_write_lock:
      learn(e.goroutine, o.released);
      return learn(e.goroutine, o.read);
    case op_kind::unlock:  // by anybody: it may not know of those before
    case op_kind::write_unlock:
      return tell(o.released, e.goroutine);
    case op_kind::read_unlock:
      return tell(o.read, e.goroutine);
    case op_kind::add:
      if (e.argument < 0 && e.result >= 0) tell(o.released, e.goroutine);
      return;
    default:
      return;
  }
}

// Rule H13: who waits longest is woken first. What it learns lies with the goroutine until it goes
// on.
void sync_order::complete_condition(const sync_entry& e, object_state& o) {
  goroutine_state& self = goroutines_[e.goroutine];
  if (e.op == op_kind::cond_wait) {
    self.knows.join(self.notified);
    self.notified.clear();
    return;
  }
  if (e.op == op_kind::enqueue) return o.waiting.push_back(e.goroutine);
  const vector_clock told = told_by(e.goroutine);
  for (bool wakes = true; wakes && !o.waiting.empty(); wakes = e.argument != 0) {
    goroutines_[o.waiting.front()].notified.join(told);
    o.waiting.erase(o.waiting.begin());
  }
}

// Rules A1, A4 and A6. A store hides those before it; an exchange carries them on, whatever its
// order (a release sequence).
void sync_order::complete_access(const sync_entry& e, object_state& o) {
  const auto order = static_cast<std::memory_order>(e.argument);
  if (e.op != op_kind::store && acquires(order)) learn(e.goroutine, o.released);
  const bool writes = e.op == op_kind::store || (e.op == op_kind::update && e.result != 0);
  if (!writes) return;
  if (e.op == op_kind::store) o.released.clear();
  if (releases(order)) tell(o.released, e.goroutine);
}

}  // namespace braid
