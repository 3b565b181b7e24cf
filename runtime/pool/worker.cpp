// One thread of the pool; see worker.hpp.
#include "pool/worker.hpp"

#include <sched.h>
#include <sys/random.h>
#include <algorithm>
#include <braid/panic.hpp>
#include <utility>

#include "core/goroutine_extra.hpp"
#include "pool/processors.hpp"
#include "pool/stack_overflow.hpp"
#include "pool/this_worker.hpp"

namespace braid {
namespace {

// What a goroutine that has not run yet is `pending` in.
constexpr op first_run{.kind = op_kind::go};

std::uint64_t seed() {
  std::uint64_t random = 0;
  if (getrandom(&random, sizeof random, GRND_NONBLOCK) != sizeof random) {
    random = static_cast<std::uint64_t>(monotonic_now_ns());
  }
  return random;
}

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Half of the processors may spin, and on a single one there is nobody to wait for.
unsigned spinners_max(unsigned workers) { return std::min(workers, processors_count()) / 2; }

}  // namespace

pool_state::pool_state(unsigned workers_count, double time_scale)
    : clock(time_scale), idle(workers_count, spinners_max(workers_count)) {
  for (unsigned i = 0; i < workers_count; ++i) {
    workers.push_back(std::make_unique<worker>(*this, i));
  }
}

bool pool_state::has_work() {
  if (is_stopping() || overflow.has_work()) return true;
  return std::any_of(workers.begin(), workers.end(),
                     [](const auto& one) { return one->queue().has_work(); });
}

void pool_state::enqueue_outside(goroutine& g) {
  g.doing.set(wait_reason::runnable);
  goroutine* const one[] = {&g};
  overflow.push(one);
  idle.work_was_pushed();
}

worker::worker(pool_state& pool, unsigned index, kind what)
    : pool_(pool), index_(index), random_(seed()), is_dedicated_(what == kind::dedicated) {}

void worker::run() {
  const alternate_stack for_signals;
  set_this_worker(this);
  context_ = &goroutine::current();
  if (is_dedicated_) serve();
  while (goroutine* next = is_dedicated_ ? nullptr : find()) leave_for(next, {});
  set_this_worker(nullptr);
}

// The verbs

void worker::park(const op& waiting, off_stack release) {
  goroutine& self = goroutine::current();
  self.pending = &waiting;
  self.doing.waits(reason_of(waiting), waiting.at, static_cast<std::uint32_t>(waiting.argument));
  leave_for(next_of_own(), release);
  if (self.is_abandoned()) goroutine::leave();
}

void worker::yield() {
  if (is_dedicated_) return void(sched_yield());  // to other threads: here is nobody else
  goroutine* next = pool_.is_stopping() ? nullptr : search();
  if (next == nullptr && !pool_.is_stopping()) return;
  goroutine& self = goroutine::current();
  self.doing.set(wait_reason::runnable);
  leave_for(next, {[](void* g) { this_worker()->enqueue(*static_cast<goroutine*>(g)); }, &self});
}

void worker::finish() {
  goroutine& self = goroutine::current();
  pool_.workers[self.home]->live().remove(self);
  if (is_dedicated_) is_ended_ = true;  // a thread_lock was never destroyed
  leave_for(is_dedicated_ || pool_.is_stopping() ? nullptr : search(),
            {[](void* g) { static_cast<goroutine*>(g)->retire(); }, &self});
  __builtin_unreachable();
}

void worker::strand() { goroutine::switch_to(*context_, {}); }

void worker::ready(goroutine& woken) {
  if (woken.has_thread()) return woken.find_extra()->thread->resume(woken);
  woken.doing.set(wait_reason::runnable);
  if (is_firing_ || is_dedicated_) return enqueue(woken);  // in the order of the deadlines
  goroutine* displaced = queue_.push_next(woken);
  if (displaced != nullptr) enqueue(*displaced);
}

void worker::spawn(goroutine& child) {
  births_ = std::max(births_, child.born) + 1;
  child.born = births_;
  child.home = index_;
  child.id = give_id();
  child.pending = &first_run;
  pool_.workers[index_]->live().add(child);
  if (is_firing_ || is_dedicated_) return enqueue(child);  // as in ready()
  while (!queue_.push_spawned(child)) make_room();
  pool_.idle.work_was_pushed();
}

// In batches, so that workers seldom meet. The first goroutine is main, with id 1.
std::uint64_t worker::give_id() {
  constexpr std::uint64_t batch = 16;
  if (id_ % batch == 0) {
    // Relaxed: the numbers need only differ.
    id_ = pool_.ids_given.fetch_add(batch, std::memory_order_relaxed);
  }
  return ++id_;
}

void worker::arm(alarm& t) {
  const time_point when = t.when;  // it may fire, and be gone, as soon as it is armed
  pool_.timers_armed.arm(t);
  pool_.idle.deadline_is_armed(pool_.clock.monotonic_ns(when));
}

// The round

// To `next`, or to the worker's own context.
void worker::leave_for(goroutine* next, off_stack then) {
  running_.store(next == nullptr ? 0 : next->id, std::memory_order_relaxed);  // see running()
  advance(1);
  if (next == nullptr) return goroutine::switch_to(*context_, then);
  if (next->pending == &first_run) {
    first_runs_.store(first_runs() + 1, std::memory_order_relaxed);  // see first_runs()
  }
  next->pending = nullptr;
  next->doing.set(wait_reason::running);
  goroutine::switch_to(*next, then);
}

// Appends to the worker's queue.
void worker::enqueue(goroutine& g) {
  if (is_dedicated_) return pool_.enqueue_outside(g);
  while (!queue_.push(g)) make_room();
  pool_.idle.work_was_pushed();
}

// The worker's queue is full: half of it overflows into the global one.
void worker::make_room() {
  run_queue::batch older;
  const std::uint32_t count = queue_.take_half(older);
  pool_.overflow.push({older.data(), count});
}

// For a goroutine that parks: its own queue, if nothing else is to be seen to.
goroutine* worker::next_of_own() {
  if (pool_.is_stopping() || pool_.timers_armed.any_due(pool_.clock)) return nullptr;
  if ((rounds_ + 1) % global_every == 0) return nullptr;
  ++rounds_;
  return queue_.pop();
}

// For who holds no lock. Does not wait.
goroutine* worker::search() {
  is_firing_ = true;
  pool_.timers_armed.fire_due(pool_.clock);
  is_firing_ = false;
  goroutine* found = ++rounds_ % global_every == 0 ? take_global() : nullptr;
  if (found == nullptr) found = queue_.pop();
  if (found == nullptr) found = take_global();
  if (found == nullptr) found = steal();
  return found;
}

goroutine* worker::take_global() {
  if (pool_.overflow.looks_empty()) return nullptr;
  run_queue::batch taken;
  const auto workers_count = static_cast<std::uint32_t>(pool_.workers.size());
  return run_first_of(taken, pool_.overflow.take_share(taken, workers_count));
}

goroutine* worker::steal() {
  const auto workers_count = static_cast<std::uint32_t>(pool_.workers.size());
  const std::uint32_t start = random_.below(workers_count);
  for (std::uint32_t i = 0; i < workers_count; ++i) {
    worker& victim = *pool_.workers[(start + i) % workers_count];
    if (&victim == this || victim.queue_.size_hint() == 0) continue;
    run_queue::batch taken;
    goroutine* found = run_first_of(taken, victim.queue_.take_half(taken));
    if (found != nullptr) return found;
  }
  return nullptr;
}

// The first of the batch is run at once, the others go into the worker's queue.
goroutine* worker::run_first_of(const run_queue::batch& taken, std::uint32_t count) {
  if (count == 0) return nullptr;
  for (std::uint32_t i = 1; i < count; ++i) enqueue(*taken[i]);
  return taken[0];
}

// For the worker's own context: waits for work; null when the pool stops.
goroutine* worker::find() {
  for (;;) {
    if (pool_.is_stopping()) return nullptr;
    goroutine* found = search();
    if (found == nullptr) found = spin();
    if (found == nullptr) found = sleep_until_work();
    if (found != nullptr && !pool_.is_stopping()) {
      if (is_spinning_) stop_spinning();
      return found;
    }
  }
}

goroutine* worker::spin() {
  constexpr int looks_max = 30;
  constexpr int pauses = 25;  // about a microsecond between two looks
  if (!is_spinning_ && !pool_.idle.start_spinning()) return nullptr;
  is_spinning_ = true;
  for (int look = 0; look < looks_max && !pool_.is_stopping(); ++look) {
    for (int i = 0; i < pauses; ++i) relax();
    if (goroutine* found = search()) return found;
  }
  return nullptr;
}

// Found something to do.
void worker::stop_spinning() {
  is_spinning_ = false;
  if (!pool_.idle.stop_spinning()) return;
  const bool wants_keeper = pool_.idle.lacks_keeper() && !pool_.timers_armed.empty();
  if (wants_keeper || pool_.has_work()) pool_.idle.wake_one();
}

// Steps W and K of parking.hpp. Null: look again.
goroutine* worker::sleep_until_work() {
  const std::uint64_t all_asleep = pool_.idle.enlist(index_);
  if (std::exchange(is_spinning_, false)) pool_.idle.stop_spinning();
  if (pool_.has_work()) {
    pool_.idle.withdraw(index_);
  } else {
    if (all_asleep != 0 && pool_.timers_armed.empty() &&
        pool_.idle.are_all_asleep_since(all_asleep)) {
      pool_.end_in_deadlock();
    }
    std::int64_t until_ns = parking::never_ns;
    if (pool_.idle.become_keeper(index_)) {
      until_ns = pool_.clock.monotonic_ns(pool_.timers_armed.earliest());
      pool_.idle.note_deadline(index_, until_ns);
    }
    pool_.idle.sleep(index_, until_ns);
  }
  is_spinning_ = true;
  return nullptr;
}

}  // namespace braid
