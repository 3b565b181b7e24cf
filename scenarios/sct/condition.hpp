// A condition variable, as POSIX has them, made of channels.
//
//   while (items.read() == 0) not_empty.wait(lock);
//
// A waiter joins the queue before it unlocks, so that no signal is lost in between; a signal with
// an empty queue does nothing. A wait is four visible operations, a signal one or two.
#pragma once

#include <braid/braid.hpp>
#include <cstddef>

namespace sct {

class condition {
 public:
  explicit condition(braid::where at = {}) : queue_(braid::make_chan<waiter>(waiters_max, at)) {}

  // Unlocks and waits in one step, then locks again. REQUIRES: the caller holds the lock.
  void wait(braid::mutex& lock, braid::where at = {}) {
    waiter self = braid::make_chan<int>(1, at);
    queue_.send(self, at);
    lock.unlock(at);
    self.recv(at);
    lock.lock(at);
  }
  // Wakes the one that has waited longest.
  void signal(braid::where at = {}) {
    waiter first;
    if (braid::select(braid::recv(queue_, first), braid::otherwise, at) == 0) first.send(1, at);
  }
  // Wakes all that wait.
  void broadcast(braid::where at = {}) {
    for (std::size_t waiting = queue_.size(at); waiting > 0; --waiting) signal(at);
  }

 private:
  using waiter = braid::chan<int>;
  static constexpr int waiters_max = 64;

  braid::chan<waiter> queue_;  // first come, first woken
};

}  // namespace sct
