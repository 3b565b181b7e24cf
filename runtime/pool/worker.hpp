// One thread of the pool, and the round by which it finds its next goroutine.
//
// A goroutine that parks, yields or finishes switches directly to the next one of its worker's
// queue. Where there is none, or where something else is to be seen to (a timer, the global queue,
// the end), it switches to the worker's own context, which is the loop in run().
//
// Whoever parks holds locks until it is off its stack, so the way from park() looks at nothing but
// the worker's own queue: a timer fired there could want those very locks.
//
// A worker can be *dedicated* to a goroutine that holds a thread_lock: then it runs no other
// (dedicated.cpp). The pool makes it beside its workers and does not count it among them.
//
// Thread safety: the functions are called on the worker's own thread, except where noted. A worker
// is never kept in a local variable across a switch: the goroutine may wake up on another one.
#pragma once

#include <atomic>
#include <braid/dump.hpp>
#include <braid/scheduler.hpp>
#include <cstdint>
#include <memory>
#include <vector>

#include "pool/await_watch.hpp"
#include "pool/global_queue.hpp"
#include "pool/live_list.hpp"
#include "pool/parking.hpp"
#include "pool/random_source.hpp"
#include "pool/run_clock.hpp"
#include "pool/run_queue.hpp"
#include "pool/timers.hpp"

namespace braid {

class worker;

// What the workers of a pool share.
struct pool_state {
  pool_state(unsigned workers, double time_scale);

  // Step W3 of parking.hpp: whether there is something to run, or the end to see to.
  bool has_work();
  bool is_stopping() const {
    // Pairs with the store in pool::stop(); before a sleep, parking's lock orders them.
    return stopping.load(std::memory_order_acquire);
  }
  // What all goroutines do, in the order of their ids.
  std::vector<goroutine_state> describe_all();
  // Nobody runs, nothing can run, and no timer will change that (rules D1, P11).
  [[noreturn]] void end_in_deadlock();
  // Makes a goroutine runnable, for one of the workers, from another thread. One that does not
  // serve goroutines is not counted as running when a deadlock is looked for.
  void enqueue_outside(goroutine& g);

  run_clock clock;
  timers timers_armed;
  parking idle;
  global_queue overflow;
  await_watch awaits;
  std::atomic<bool> stopping = false;
  std::atomic<std::uint64_t> ids_given = 0;  // to workers, who give them to goroutines
  std::vector<std::unique_ptr<worker>> workers;
};

class worker {
 public:
  enum class kind : std::uint8_t { ordinary, dedicated };
  // `index`: its own, or, of a dedicated one, of the worker with which its goroutine's children are
  // listed.
  worker(pool_state& pool, unsigned index, kind what = kind::ordinary);
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  // The thread's main function: runs goroutines until the pool stops.
  void run();

  // The verbs of the seam, for the current goroutine. Where one returns, the caller may be on
  // another worker.
  void park(const op& waiting, off_stack release);
  void yield();
  [[noreturn]] void finish();
  void ready(goroutine& woken);
  void spawn(goroutine& child);
  void arm(alarm& t);
  // Leaves the current goroutine standing, for good: returns only when it is abandoned.
  void strand();

  // Of dedicated workers (dedicated.cpp). The current goroutine goes on there, and nowhere else.
  void move_to(worker& dedicated);
  // The current goroutine, whose dedicated worker this is, goes on with the ordinary ones.
  void move_back();

  random_source& random() { return random_; }
  bool is_stopping() const { return pool_.is_stopping(); }

  // Any thread:
  // Makes the goroutine runnable to which this worker is dedicated.
  void resume(goroutine& own);
  // Takes a dedicated worker that serves nobody. False if it does serve somebody, or has ended.
  bool claim() {
    return is_free_.exchange(false, std::memory_order_acquire);  // partner: move_back()
  }
  // Signals a dedicated worker that the pool stops.
  void interrupt() { spot_.signal(); }
  run_queue& queue() { return queue_; }
  live_list& live() { return live_; }
  std::uint64_t first_runs() const {
    return first_runs_.load(std::memory_order_relaxed);  // a statistic, of an ended worker mostly
  }
  // For the watchdog, which looks at times: the goroutine that runs here, by its id, or 0; a number
  // that changes whenever another one comes to run, or, while operations are watched, this one does
  // something; and the half of it that only changes with the goroutine.
  std::uint64_t running() const {
    return running_.load(std::memory_order_relaxed);  // no partner: an estimate
  }
  std::uint64_t progress() const {
    return progress_.load(std::memory_order_relaxed);  // the same
  }
  std::uint32_t turn() const { return static_cast<std::uint32_t>(progress()); }
  // Whose turn it is lets others run, at its next operation that is watched.
  void end_turn(std::uint32_t which) {
    turn_over_.store(which, std::memory_order_relaxed);  // seen sooner or later
  }

  // Of its own thread again:
  bool is_turn_over() const {
    return turn_over_.load(std::memory_order_relaxed) == turn();  // see end_turn()
  }
  void note_operation() { advance(std::uint64_t{1} << 32); }

 private:
  static constexpr std::uint32_t global_every = 61;  // rounds, as in Go

  goroutine* find();
  goroutine* sleep_until_work();
  goroutine* spin();
  goroutine* search();
  goroutine* next_of_own();
  goroutine* take_global();
  goroutine* steal();
  goroutine* run_first_of(const run_queue::batch& taken, std::uint32_t count);
  void stop_spinning();
  void enqueue(goroutine& g);
  void make_room();
  void leave_for(goroutine* next, off_stack then);
  void advance(std::uint64_t by) {
    progress_.store(progress() + by, std::memory_order_relaxed);  // see progress()
  }
  std::uint64_t give_id();
  void serve();
  void rest();

  pool_state& pool_;
  const unsigned index_;
  goroutine* context_ = nullptr;  // of the thread
  run_queue queue_;
  live_list live_;
  random_source random_;
  std::uint32_t rounds_ = 0;
  std::uint64_t births_ = 0;
  std::uint64_t id_ = 0;  // the next to give; those until the next multiple of a batch are its own
  // Written by this thread only:
  std::atomic<std::uint64_t> first_runs_ = 0;
  std::atomic<std::uint64_t> running_ = 0;
  std::atomic<std::uint64_t> progress_ = 0;
  // Written by the watchdog only: a turn, or a number that none has.
  std::atomic<std::uint64_t> turn_over_ = ~std::uint64_t{0};
  bool is_firing_ = false;
  bool is_spinning_ = false;

  const bool is_dedicated_;
  // Of a dedicated one:
  bool is_ended_ = false;  // with its goroutine
  parking_spot spot_;
  std::atomic<goroutine*> due_ = nullptr;  // it can run on
  std::atomic<bool> is_free_ = false;
};

}  // namespace braid
