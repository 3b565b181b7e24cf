// THE SEAM between goroutine primitives and whoever decides what runs next.
//
// Every primitive is written once. Before it takes effect it announces an `op`; it may then park
// its goroutine or make another one ready; when it took effect it reports an `event`. Production
// (runtime/pool) and the checker (checker/lockstep) are the two schedulers behind these calls.
//
// Laws:
//  * An op is announced before any shared state is touched, and reported exactly once when it took
//    effect (never, if its goroutine waits for ever or the program ends first).
//  * Announcing costs production one predicted test of `watched()`; only then is the scheduler
//    called. An unconditional virtual call would cost 4-10 % of an operation. Prints and endings,
//    which cost a system call anyway, are announced always: the scheduler owns the output.
//  * A guard reads nothing but the op, its object and its context. Lock-like ops carry one: a
//    scheduler that controls the order runs them only when it holds; the pool ignores it and the
//    primitive parks. Ops that complete in the order of their arrival are never guarded (channels,
//    read_lock): they arrive, and complete or park.
//  * Who hands something to a partner that has parked (a value, room) makes it ready before it
//    reports: what follows for the partner is part of the event. Who only lets others go on reports
//    first: they may destroy the object.
//  * An object is known by its address while it lives. The runtime gives it no id: a scheduler
//    that needs one hears of its making and destruction as events.
//
// Rejected: an id in every object (var<T> must stay as large as T); a second set of primitives for
// tests (what is tested must be what ships).
#pragma once

#include <atomic>
#include <braid/goroutine.hpp>
#include <braid/where.hpp>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace braid {

// The clock of goroutines: monotonic in production, virtual under the checker (rule T16).
struct clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<clock>;
  static constexpr bool is_steady = true;
  // The time, of a running program.
  static time_point now(where at = {});
};
using duration = clock::duration;
using time_point = clock::time_point;

// The operations. `object` and `argument` are the fields of `op`. Where a new one has to be known:
// runtime/README.md, "Adding a primitive".
enum class op_kind : std::uint8_t {
  go,         // object: the new goroutine
  yield,      //
  print,      // argument: file descriptor, 1 or 2; text
  send,       // object: channel; value
  recv,       // object: channel
  select,     // arms; argument: 1 with a default case
  close,      // object: channel
  length,     // object: channel
  lock,       // object: mutex; guarded
  try_lock,   // object: mutex
  unlock,     // object: mutex
  add,        // object: wait group; argument: delta
  wait,       // object: wait group; guarded
  sleep,      // argument: nanoseconds
  after,      // object: the timer's channel; argument: nanoseconds
  now,        //
  load,       // object: atomic; argument: the std::memory_order
  store,      // object: atomic; argument: the same; value
  update,     // object: atomic; argument: the same, as it applied, when reported; a
              // read-modify-write
  await,      // object: atomic; argument: the same; guarded
  read,       // object: var
  write,      // object: var; value
  choose,     // argument: number of values
  end,        // the program ends: argument is an `ending`; text
  fire,       // a timer fires; announced by no goroutine
  made,       // an object was constructed: text: its kind, argument: a channel's capacity or an
              // atomic's bits; reported, never announced
  destroyed,  // an object was destroyed; reported, never announced
  // Others, later ones last: traces are hashed with these numbers, and tokens should outlive them.
  read_lock,       // object: shared mutex
  try_read_lock,   // object: shared mutex
  read_unlock,     // object: shared mutex
  announce_write,  // object: shared mutex; guarded; from here on readers have to wait
  await_readers,   // object: shared mutex; guarded
  try_write_lock,  // object: shared mutex
  write_unlock,    // object: shared mutex
  enqueue,         // object: cond; the caller gets its place among those that wait
  cond_wait,       // object: cond; context: that place; guarded
  notify,          // object: cond; argument: 1 for all
  released,        // object: cond; context: a goroutine that a notification chose; reported, never
                   // announced
  start,           // object: the timer, or its channel; argument: nanoseconds; text: its kind
  stop,            // object: the same
  reset,           // object: the same; argument: nanoseconds
  settle,          // until all others wait for something that none of them does; see synctest
};
inline constexpr std::size_t op_kind_count = static_cast<std::size_t>(op_kind::settle) + 1;

// How a program ends.
enum class ending : std::uint8_t {
  returned,  // main returned
  exit,      // braid::exit(code)
  panic,     // an exception left a goroutine (rule P1)
  fatal,     // an error that no goroutine can recover from (rule P12)
};

// A value of the user's that reports can print.
struct shown {
  const void* value = nullptr;
  void (*print)(const void* value, std::string& to) = nullptr;
};

// A pending operation: what its goroutine does next. It lives on that goroutine's stack.
struct op {
  op_kind kind{};
  const void* object = nullptr;
  bool (*guard)(const op& pending) = nullptr;
  // Of an atomic's await and compare_exchange: whether the guard would hold, or the exchange
  // succeed, if the atomic had these bits. Null if its value does not fit into them.
  bool (*holds_for)(const op& pending, std::uint64_t bits) = nullptr;
  const void* context = nullptr;  // of these two, and of conds
  std::int64_t argument = 0;
  std::string_view text = {};
  shown value = {};
  std::span<const op> arms = {};
  where at = where::unknown();
};

// An operation that took effect.
struct event {
  const op& done;
  // select: the index of the chosen arm, -1 for default. try_lock and a comparing update: 1 if it
  // succeeded. enqueue: 1 if nobody needs to notify it. add, and an unlock: -1 if it panics, or is
  // fatal. stop and reset: 1 if the timer was armed, 2 if its value was taken back. recv, also as
  // an arm: `more` is false if the channel was closed and drained.
  std::int64_t result = 0;
  bool more = true;
  shown value = {};        // what was read or received
  std::uint64_t bits = 0;  // the value that an atomic has now, if it fits
};

// Something to do when a goroutine is off its stack, such as to release the locks it holds.
struct off_stack {
  void (*run)(void* argument) = nullptr;
  void* argument = nullptr;
};

// What sleeps and timers are made of: it goes off once, and is linked by the scheduler while it is
// armed.
//
// `fired` or `dropped` runs exactly once unless disarm() came first. Neither may block.
struct alarm {
  time_point when{};
  void (*fired)(alarm&) = nullptr;    // the time came
  void (*dropped)(alarm&) = nullptr;  // the program ended before: release what it owns
  goroutine* sleeper = nullptr;       // whom it wakes, or
  const void* object = nullptr;       // the channel that it feeds, or the timer that starts:
  goroutine* starts = nullptr;        // this goroutine
  where at = where::unknown();
  // Owned by the scheduler while armed:
  std::size_t position = 0;
  std::uint64_t sequence = 0;
};

class scheduler {
 public:
  virtual ~scheduler() = default;

  // About to do `next`; others may run first. False: the program is being abandoned, and the
  // operation must do nothing but return a default.
  [[nodiscard]] virtual bool before(const op& next) = 0;
  // It took effect. Never switches.
  virtual void after(const event& done) = 0;
  // Sleeps until ready(). `release` runs once the caller is off its stack: a waker that finds the
  // caller in a queue must not resume it while it still stands there (Go's gopark).
  virtual void park(const op& waiting, off_stack release) = 0;
  // Wakes a goroutine that parked.
  virtual void ready(goroutine& woken) = 0;
  // Takes over a new goroutine.
  virtual void spawn(goroutine& child) = 0;
  // The current goroutine has run to its end. Does not return.
  [[noreturn]] virtual void finish() = 0;
  // The program ends. Returns only to a goroutine that is being abandoned, which must then leave.
  virtual void end(ending how, int code, std::string_view text, where at) = 0;
  // One of n > 1 outcomes, all of which the language allows.
  virtual std::uint32_t choose(std::uint32_t n) = 0;
  virtual std::uint64_t random() = 0;
  virtual time_point now() = 0;
  virtual void arm(alarm& armed) = 0;
  // True if it had not fired yet.
  virtual bool disarm(alarm& armed) = 0;
  // How many goroutines have not finished, and what each of them does (rules R1, R4). What others
  // do may change meanwhile; this is no event.
  virtual std::size_t goroutines_count() { return 0; }
  virtual void describe_all(std::vector<goroutine_state>&) {}
  // The current goroutine holds its first thread_lock, or has given up its last (rule R3). No
  // event.
  virtual void lock_thread() {}
  virtual void unlock_thread() {}
  // What reports call an object. No event.
  virtual void name(const void*, std::string_view) {}
};

// What Go's rules allow and Go never does: a scheduler that explores may let it happen.
struct spurious_behaviour {
  bool try_locks = false;  // a try_lock of a free lock may fail (rule M5)
  bool wake_ups = false;   // a cond may wake a goroutine that nobody notified, as std's may (W12)
};

// The scheduler of the running program; outside of one, an object that refuses every operation.
scheduler& current_scheduler();

// Installs a scheduler for the life of this object. With `watch`, operations announce themselves.
// Ends the process with 2 if there is one: programs run one at a time.
class scheduler_scope {
 public:
  scheduler_scope(scheduler& installed, bool watch);
  scheduler_scope(const scheduler_scope&) = delete;
  scheduler_scope& operator=(const scheduler_scope&) = delete;
  ~scheduler_scope();
};

namespace detail {

// True while operations must announce themselves. Relaxed: while goroutines run it is changed by
// the pool's watchdog, for whom any later operation is as good, and when the pool stops, which then
// waits until every worker has seen it.
extern std::atomic<bool> watch;
inline bool watched() { return __builtin_expect(watch.load(std::memory_order_relaxed), 0) != 0; }

// Which program runs, counted since the process began. Relaxed: changed only while none runs, and
// read by goroutines, which were started afterwards.
extern std::atomic<std::uint64_t> programs;
inline std::uint64_t this_program() { return programs.load(std::memory_order_relaxed); }

// What the fatal error says when a program is to begin within another, or beside it.
inline constexpr const char* one_runs_already =
    "braid::run, or a checker's execution, while a program runs already";

// Of the running program. Changed only while none runs.
extern spurious_behaviour spurious;
// Whether something that is allowed or not does happen: never in production.
bool happens_if(bool allowed);

// Announces and reports through the current scheduler, out of line.
[[nodiscard]] bool announce(const op& next);
void report(const event& done);
// `kind` is what reports call it: chan, mutex, ... `argument` is the capacity of a channel, the
// bits of an atomic. The checker knows some kinds: handles (chan, timer, context), which the last
// owner destroys (lockstep/pending.cpp), and var, which can be raced for.
void report_made(const void* object, std::string_view kind, where at, std::int64_t argument = 0);
void report_destroyed(const void* object);

}  // namespace detail
}  // namespace braid
