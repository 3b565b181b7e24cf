// An OS thread for one goroutine alone, as Go's runtime.LockOSThread (rule R3).
//
//   braid::go([] {
//     const braid::thread_lock own_thread;
//     make_current(window);        // a library that keeps its state in thread-locals
//     for (event e : events) draw(e);  // braid's operations are allowed
//   });
//
// While a goroutine holds one it runs on one thread, whatever it waits for in the meantime, and
// nobody else runs there. So what it calls may keep thread-locals, or block the thread.
//
// And while it blocks the thread it runs, for the search for deadlocks: so it may wait for another
// library's threads, on behalf of goroutines that could not.
//
//   braid::go([&, results] {
//     const braid::thread_lock own_thread;
//     for (;;) results.send(next_callback());  // waits in a std::condition_variable, say, which
//   });                                        // the library's callback notifies
#pragma once

namespace braid {

class goroutine;

// Held by the goroutine that made it, which must destroy it, too. Of several that one goroutine
// holds the first takes the thread and the last gives it back.
//
// In production the thread is one of its own, and no worker: the first lock moves the goroutine
// there, and while it runs there as many others run as without it. A switch to or from it costs a
// wake-up of a thread, some microseconds. Ends the program with a fatal error if the system gives
// no thread. Under the checker, where all run on one thread, it changes nothing but dumps.
class thread_lock {
 public:
  thread_lock();
  thread_lock(const thread_lock&) = delete;
  thread_lock& operator=(const thread_lock&) = delete;
  ~thread_lock();

 private:
  goroutine& holder_;
};

}  // namespace braid
