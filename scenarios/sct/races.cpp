// Data that is not guarded, or guarded in two halves, or by another lock than the others take.
#include <array>
#include <memory>

#include "common.hpp"

namespace {

class driver {
 public:
  // Whether work may start; the work then ends with leave().
  bool enter_as_written() {
    if (stopping_flag_.read()) return false;
    count(1);
    return true;
  }
  bool enter_as_fixed() {
    count(1);
    if (!stopping_flag_.read()) return true;
    leave();
    return false;
  }
  void leave() {
    if (count(-1) == 0) stopping_event_.write(true);
  }
  void stop() {
    stopping_flag_.write(true);
    leave();
    if (stopping_event_.read()) stopped_.write(true);
  }
  bool is_stopped() const { return stopped_.read(); }

 private:
  int count(int delta) {
    guard_.lock();
    pending_io_ += delta;
    const int pending = delta < 0 ? pending_io_.read() : 0;
    guard_.unlock();
    return pending;
  }

  braid::mutex guard_;  // makes changes of pending_io_ atomic
  braid::var<int> pending_io_ = 1;
  braid::var<bool> stopping_flag_ = false;
  braid::var<bool> stopping_event_ = false;
  braid::var<bool> stopped_ = false;
};

void bluetooth_driver(bool is_fixed) {
  const auto shared = std::make_shared<driver>();  // main may panic while the stopper uses it
  sct::threads stopper(1);
  stopper.start([shared] { shared->stop(); });
  const bool has_entered = is_fixed ? shared->enter_as_fixed() : shared->enter_as_written();
  if (has_entered) sct::require(!shared->is_stopped(), "the driver works after it was stopped");
  if (has_entered || !is_fixed) shared->leave();
  stopper.join();
}

void stack(bool is_fixed) {
  constexpr int rounds = 10;
  braid::mutex guard;
  braid::var<int> top = 0;
  std::array<braid::var<int>, rounds> cells;
  braid::var<bool> flag = false;  // something may be popped
  sct::threads both(2);
  both.start([&] {
    for (int i = 0; i < rounds; ++i) {
      guard.lock();
      const int at = top.read();
      sct::require(at < rounds, "the stack overflows");
      cells[static_cast<std::size_t>(at)].write(i);
      top.write(at + 1);
      flag.write(true);
      guard.unlock();
    }
  });
  both.start([&] {
    for (int i = 0; i < rounds; ++i) {
      guard.lock();
      if (flag.read()) {
        const int at = top.read();
        sct::require(at > 0, "the stack underflows");
        top.write(at - 1);
        cells[static_cast<std::size_t>(at - 1)].read();
        if (is_fixed && at == 1) flag.write(false);
      }
      guard.unlock();
    }
  });
  both.join();
}

struct thread_counts {
  int writers;
  int readers;
};

void twostage(thread_counts n, bool is_fixed) {
  braid::mutex first;
  braid::mutex second;
  braid::var<int> data1 = 0;
  braid::var<int> data2 = 0;
  sct::threads all(n.writers + n.readers);
  for (int i = 0; i < n.writers; ++i) {
    all.start([&] {
      first.lock();
      data1.write(1);
      if (!is_fixed) first.unlock();
      second.lock();
      data2.write(data1.read() + 1);
      second.unlock();
      if (is_fixed) first.unlock();
    });
  }
  for (int i = 0; i < n.readers; ++i) {
    all.start([&] {
      first.lock();
      if (data1.read() == 0) {
        first.unlock();
        return;
      }
      const int seen1 = data1.read();
      first.unlock();
      second.lock();
      const int seen2 = data2.read();
      second.unlock();
      sct::require(seen2 == seen1 + 1, "the stages do not match");
    });
  }
  all.join();
}

void wronglock_3(bool is_fixed) {
  braid::mutex data_lock;
  braid::mutex this_lock;
  braid::mutex& lock_of_others = is_fixed ? data_lock : this_lock;
  braid::var<int> value = 0;
  sct::threads all(4);
  all.start([&] {
    data_lock.lock();
    const int before = value.read();
    ++value;
    sct::require(value.read() == before + 1, "somebody else has written");
    data_lock.unlock();
  });
  for (int i = 0; i < 3; ++i) {
    all.start([&] {
      lock_of_others.lock();
      ++value;
      lock_of_others.unlock();
    });
  }
  all.join();
}

}  // namespace

// The adder sees that nobody stops the driver, then the stopper runs to its end, then the adder
// counts itself in. Fixed by counting first. Smallest known bounds: 1 preemption, 1 delay.
BRAID_SCENARIO("sct/bluetooth_driver", "work is counted in after the check that it may start",
               sct::ends({"ok", "panic"})) {
  bluetooth_driver(false);
}
BRAID_SCENARIO("sct/bluetooth_driver-fixed", "work is counted in, then checked",
               sct::ends({"ok"})) {
  bluetooth_driver(true);
}

// Nobody takes the flag back when the stack becomes empty. Smallest known bounds: 1 preemption,
// 1 delay.
BRAID_SCENARIO("sct/stack", "a flag says that there is something to pop, and stays for ever",
               sct::ends({"ok", "panic"})) {
  stack(false);
}
BRAID_SCENARIO("sct/stack-fixed", "the flag is taken back when the stack is empty",
               sct::ends({"ok"})) {
  stack(true);
}

// A reader fails if it sees the first stage of a writer and no second one. Fixed by holding the
// first lock over both. Smallest known bounds: 1 preemption in all; 1, 40 and 99 delays.
BRAID_SCENARIO("sct/twostage", "1 writer updates two values under two locks, 1 reader compares",
               sct::ends({"ok", "panic"})) {
  twostage({.writers = 1, .readers = 1}, false);
}
BRAID_SCENARIO("sct/twostage_50", "40 writers update two values under two locks, 10 readers",
               sct::ends({"ok", "panic"})) {
  twostage({.writers = 40, .readers = 10}, false);
}
BRAID_SCENARIO("sct/twostage_100", "99 writers update two values under two locks, 1 reader",
               sct::ends({"ok", "panic"})) {
  twostage({.writers = 99, .readers = 1}, false);
}
BRAID_SCENARIO("sct/twostage-fixed", "as twostage, with one lock inside the other",
               sct::ends({"ok"})) {
  twostage({.writers = 1, .readers = 1}, true);
}
BRAID_SCENARIO("sct/twostage_50-fixed", "as twostage_50, with one lock inside the other",
               sct::ends({"ok"})) {
  twostage({.writers = 40, .readers = 10}, true);
}
BRAID_SCENARIO("sct/twostage_100-fixed", "as twostage_100, with one lock inside the other",
               sct::ends({"ok"})) {
  twostage({.writers = 99, .readers = 1}, true);
}

// One thread guards the value with another lock than three others. Smallest known bounds:
// 1 preemption, 1 delay.
BRAID_SCENARIO("sct/wronglock_3", "a value under one lock here and under another lock there",
               sct::ends({"ok", "panic"})) {
  wronglock_3(false);
}
BRAID_SCENARIO("sct/wronglock_3-fixed", "a value under one lock everywhere", sct::ends({"ok"})) {
  wronglock_3(true);
}
