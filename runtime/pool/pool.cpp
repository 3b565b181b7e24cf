// The seam's functions in production; see pool.hpp. The pool's own life is in life.cpp.
#include "pool/pool.hpp"

#include <algorithm>
#include <braid/dump.hpp>
#include <braid/panic.hpp>

#include "core/goroutine_extra.hpp"
#include "pool/ending.hpp"
#include "pool/this_worker.hpp"

namespace braid {
namespace {

// Not at these does a turn end, if it can be helped: others may wait for the lock.
bool releases_lock(op_kind kind) {
  return kind == op_kind::unlock || kind == op_kind::read_unlock || kind == op_kind::write_unlock;
}

// Destructors do these, and not only while an exception unwinds them: a left-over goroutine may
// stand in a lock_guard's unlock at the end of a block. To throw there would be std::terminate.
bool is_for_destructors(op_kind kind) {
  return releases_lock(kind) || kind == op_kind::add || kind == op_kind::close ||
         kind == op_kind::print;
}

// The blocks below a fatal error: the caller's, then all others.
std::string describe_fatal(where at, const std::vector<goroutine_state>& all) {
  std::vector<goroutine_state> caller_first{detail::state_of_caller(at)};
  std::copy_if(all.begin(), all.end(), std::back_inserter(caller_first),
               [&](const goroutine_state& one) { return one.id != caller_first.front().id; });
  return detail::text_of_all(caller_first);
}

}  // namespace

// Of the pool to which the current goroutine belongs: not this one, if it computes on when its
// program has ended.
worker& pool::worker_here() {
  worker* here = this_worker();
  if (here == nullptr) {
    end_process_fatally(
        "a braid operation that waits, or starts something, on a thread of the user's", {});
  }
  return *here;
}

bool pool::before(const op& next) {
  goroutine& self = goroutine::current();
  if (self.is_abandoned()) return stay_inert(next);
  if (this_worker() == nullptr) {
    // On run()'s thread, in a destructor of what was left over; or on a thread of the user's, where
    // an operation that waits is refused when it does.
    if (state_.is_stopping()) return false;
    if (next.kind != op_kind::yield) return true;
  }
  worker& here = worker_here();
  if (here.is_stopping()) {
    here.strand();
    return self.is_abandoned() ? stay_inert(next) : true;
  }
  const bool is_turn_over = here.is_turn_over() && !releases_lock(next.kind);
  here.note_operation();
  if (next.kind == op_kind::await) {  // it lets others run between its looks
    const bool polls = self.doing.is_awaiting();
    if (polls && state_.awaits.finds_deadlock(state_, self)) state_.end_in_deadlock();
  } else if (next.kind == op_kind::yield || is_turn_over) {
    here.yield();
  }
  return self.is_abandoned() ? stay_inert(next) : true;
}

// In an abandoned goroutine: false, or leaves.
bool pool::stay_inert(const op& next) {
  constexpr int releases_max = 100;  // a loop of them must end, too
  const bool may_go_on = is_for_destructors(next.kind) && ++releases_ <= releases_max;
  if (!may_go_on) goroutine::stay_inert();
  return false;
}

void pool::after(const event& done) {
  if (done.done.kind != op_kind::print) return;
  write_all(static_cast<int>(done.done.argument), done.done.text);
}

void pool::park(const op& waiting, off_stack release) { worker_here().park(waiting, release); }

void pool::ready(goroutine& woken) {
  worker* here = this_worker();
  if (here == nullptr && woken.has_thread()) return woken.find_extra()->thread->resume(woken);
  if (here == nullptr) return state_.enqueue_outside(woken);
  here->ready(woken);
}

void pool::spawn(goroutine& child) { worker_here().spawn(child); }

void pool::finish() {
  if (goroutine::current().is_abandoned()) {
    goroutine::switch_to(*unwinder_, {});
    __builtin_unreachable();
  }
  worker_here().finish();
}

void pool::end(ending how, int code, std::string_view text, where at) {
  if (goroutine::current().is_abandoned()) return;
  auto held = lock_endings();
  worker* here = this_worker();  // null in a destructor of what was left over, on run()'s thread
  if (here != nullptr && here->is_stopping()) {  // main returned first
    held.unlock();
    return here->strand();
  }
  switch (how) {
    case ending::returned:
      return stop();
    case ending::exit:
      end_process_with_code(code, std::move(held));
    case ending::panic:
      end_process_with_panic(text, detail::text_of(detail::state_of_caller(at)), std::move(held));
    case ending::fatal:
      end_process_fatally(text, describe_fatal(at, state_.describe_all()), std::move(held));
  }
}

std::uint32_t pool::choose(std::uint32_t n) { return worker_here().random().below(n); }

std::uint64_t pool::random() {
  worker* here = this_worker();
  return here == nullptr ? random_.draw() : here->random().draw();
}

time_point pool::now() { return state_.clock.now(); }
void pool::arm(alarm& armed) { worker_here().arm(armed); }
bool pool::disarm(alarm& armed) { return state_.timers_armed.disarm(armed); }

std::size_t pool::goroutines_count() {
  std::size_t count = 0;
  for (const auto& one : state_.workers) count += one->live().size();
  return count;
}

void pool::describe_all(std::vector<goroutine_state>& to) { to = state_.describe_all(); }

}  // namespace braid
