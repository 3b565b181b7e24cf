// Runs a program in production: on a pool of threads that share the goroutines by work stealing.
#pragma once

#include <braid/where.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace braid {

struct run_options {
  unsigned workers = 0;     // threads; 0: as max_threads() says
  double time_scale = 1.0;  // sleeps and timers last this much of what they say
  std::vector<std::uint64_t>* goroutines_by_worker = nullptr;  // filled at the end, for reports
  // A goroutine that comes to no operation of braid for so long is named once on stderr: nothing
  // else can take its worker from it (rule G10). 0: never.
  std::chrono::nanoseconds stall_after = std::chrono::seconds(10);
};

// Runs `main` as the main goroutine and returns when it does, with 0; other goroutines are not
// waited for (rule G5). An uncaught panic or a fatal error prints Go's text to stderr and ends the
// process with 2; exit(n) ends it with n. One program runs at a time: run() within a goroutine, or
// on a second thread before the first has returned, is a fatal error, too.
//
// Goroutines that are left over are unwound before run() returns, by an exception that is none of
// the user's: their destructors run, while all operations of braid in them do nothing. Of hundreds
// of thousands that takes seconds. One that computes, or is in a system call, is waited for, up to
// a second; if it goes on longer nothing of this program is unwound, and it stops for good at its
// next operation.
//
// Objects may outlive their program and serve a later one. Nobody waits in them any more: a channel
// keeps what is in its buffer, but no sender or receiver of before. What a goroutine that is gone
// has done stays done: a lock that it held stays locked, as does a shared_mutex that it waited to
// write; what it had begun (a once, a call of a singleflight, a count in a wait group) is never
// finished. Timers, tickers and deadlines of an earlier program never come. A cancel_scope must not
// outlive run(), for its destructor cancels, which is an operation.
//
// While it runs, threads of the user's own may use its objects as long as they need not wait: send
// into room or to one who waits, receive what is there, try_send and try_recv, close, lock what is
// free, unlock, add, done, notify, print, use atomics. To wait there, to start a goroutine or a
// timer, or to choose among several ready cases of a select is a fatal error; so a context is not
// cancelled there if that starts goroutines (after_func, stop tokens). After run() has returned
// every operation is a fatal error. A goroutine that waits for what only such a thread will do
// looks like a deadlock once all others wait and no timer is armed: the runtime does not know the
// thread. <braid/thread_lock.hpp> shows the way for one who waits for callbacks.
int run(std::function<void()> main, const run_options& options = {}, where at = {});

// Sets how many threads later calls of run() use unless told, and returns what it was; n < 1
// changes nothing (rule R2). At first: as many as there are processors for this process, by its
// affinity and by the quota of its cgroup.
int max_threads(int n);

}  // namespace braid
