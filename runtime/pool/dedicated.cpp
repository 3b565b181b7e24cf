// Workers that are dedicated to a goroutine with a thread_lock (rule R3); see worker.hpp.
//
// The goroutine is in no queue: it runs, or is parked, or is `due` on its own thread. While it is
// parked its thread sleeps in its own spot. So nobody else is ever run there, and the ordinary
// workers, which are as many as before, do not know of it.
//
//   1. The first lock: the goroutine leaves its worker W as if it parked, and once it is off its
//      stack W makes it due on a dedicated thread D, a free one or a new one.
//   2. It parks: it switches to the context of D, where what it holds is released, and D sleeps.
//   3. Whoever wakes it finds D by the goroutine, and makes it due there instead of queueing it.
//   4. The last unlock: it leaves for the context of D, which is free again, and where it is put
//      into the global queue.
//
// What it spawns or wakes goes into the global queue: D has none. (Its queue is empty always, so
// the way from park() needs no test.)
//
// Rejected: to lock the goroutine to the worker on which it stands, as Go does, and to start
// another thread for that worker's queue when it parks. A worker is its thread here; to divide the
// two would cost each switch an indirection, and Go's hand-over at each park costs more than ours.
#include <braid/panic.hpp>

#include "core/goroutine_extra.hpp"
#include "pool/ending.hpp"
#include "pool/pool.hpp"
#include "pool/this_worker.hpp"

namespace braid {

void pool::lock_thread() {
  goroutine& self = goroutine::current();
  if (self.is_abandoned()) return;
  worker* dedicated = free_dedicated();
  if (dedicated == nullptr) return worker_here().strand();
  self.extra().thread = dedicated;
  worker_here().move_to(*dedicated);
}

void pool::unlock_thread() {
  if (goroutine::current().is_abandoned()) return;
  worker& here = worker_here();
  here.is_stopping() ? here.strand() : here.move_back();
}

// One that serves nobody yet; null if the pool stops.
worker* pool::free_dedicated() {
  bool can_start = true;
  {
    const std::lock_guard held(lock_);
    if (state_.is_stopping()) return nullptr;  // stop() has interrupted all there are
    for (const auto& one : dedicated_) {
      if (one->claim()) return one.get();
    }
    const auto home = static_cast<unsigned>(dedicated_.size() % state_.workers.size());
    dedicated_.push_back(std::make_unique<worker>(state_, home, worker::kind::dedicated));
    can_start = start_thread(*dedicated_.back());
    if (can_start) return dedicated_.back().get();
  }
  end_process_fatally("the system does not give a thread to a thread_lock", {});
}

void worker::move_to(worker& dedicated) {
  BRAID_ASSERT(dedicated.is_dedicated_ && !is_dedicated_);
  goroutine& self = goroutine::current();
  leave_for(pool_.is_stopping() ? nullptr : search(), {[](void* g) {
                                                         auto& moved = *static_cast<goroutine*>(g);
                                                         moved.find_extra()->thread->resume(moved);
                                                       },
                                                       &self});
}

// D is free before the goroutine can run on: its next lock finds it.
void worker::move_back() {
  BRAID_ASSERT(is_dedicated_);
  leave_for(nullptr, {[](void* g) {
                        worker& left = *this_worker();
                        left.is_free_.store(true, std::memory_order_release);  // partner: claim()
                        left.enqueue(*static_cast<goroutine*>(g));
                      },
                      &goroutine::current()});
}

void worker::resume(goroutine& own) {
  own.doing.set(wait_reason::runnable);
  pool_.idle.errand_begins();
  due_.store(&own, std::memory_order_release);  // partner: serve()
  spot_.signal();
}

// The thread's main function.
void worker::serve() {
  while (!pool_.is_stopping() && !is_ended_) {
    spot_.wait_until(parking::never_ns);
    goroutine* const next = due_.exchange(nullptr, std::memory_order_acquire);  // partner: resume()
    if (next == nullptr || pool_.is_stopping()) continue;
    leave_for(next, {});
    rest();
  }
}

// Its goroutine has parked, or has left it. Steps W1 and W3 of parking.hpp.
void worker::rest() {
  const std::uint64_t all_asleep = pool_.idle.errand_ends();
  if (all_asleep == 0 || pool_.has_work() || !pool_.timers_armed.empty()) return;
  if (pool_.idle.are_all_asleep_since(all_asleep)) pool_.end_in_deadlock();
}

}  // namespace braid
