// Producers and consumers: condition variables, and flags that should have been some.
#include <array>
#include <cstddef>

#include "common.hpp"
#include "condition.hpp"

namespace {

void arithmetic_prog(bool is_fixed) {
  constexpr int rounds = 3;
  braid::mutex guard;
  sct::condition empty;
  sct::condition full;
  braid::var<int> num = 0;
  braid::var<int> total = 0;
  braid::var<bool> flag = false;
  sct::threads both(2);
  both.start([&] {
    for (int i = 0; i < rounds; ++i) {
      guard.lock();
      while (num.read() > 0) empty.wait(guard);
      ++num;
      guard.unlock();
      full.signal();
    }
  });
  both.start([&] {
    for (int j = 0; j < rounds; ++j) {
      guard.lock();
      while (num.read() == 0) full.wait(guard);
      total += j;
      --num;
      guard.unlock();
      empty.signal();
    }
    total += rounds;
    flag.write(true);
  });
  both.join();
  if (!flag.read()) return;
  const bool is_six = total.read() == 6;
  sct::require(is_six == is_fixed, "the total is not what was asserted");
}

// A place for the next item, in turns: one thread waits until it may send, the other until it may
// receive. The programs as written do not wait: who comes at the wrong time goes away.
class turns {
 public:
  explicit turns(bool waits) : waits_(waits) {}

  bool may_send(braid::mutex& guard) { return is_true(send_, can_send_, guard); }
  bool may_receive(braid::mutex& guard) { return is_true(receive_, can_receive_, guard); }
  void sent() {
    send_.write(false);
    receive_.write(true);
    if (waits_) can_receive_.signal();
  }
  void received() {
    receive_.write(false);
    send_.write(true);
    if (waits_) can_send_.signal();
  }

 private:
  bool is_true(braid::var<bool>& flag, sct::condition& changed, braid::mutex& guard) {
    while (!flag.read()) {
      if (!waits_) return false;
      changed.wait(guard);
    }
    return true;
  }

  const bool waits_;
  braid::var<bool> send_ = true;
  braid::var<bool> receive_ = false;
  sct::condition can_send_;
  sct::condition can_receive_;
};

void circular_buffer(bool is_fixed) {
  constexpr int size = 10;
  constexpr int rounds = 7;
  braid::mutex guard;
  std::array<braid::var<int>, size> buffer;
  braid::var<int> first = 0;
  braid::var<int> next = 0;
  turns turn(is_fixed);
  const auto remove = [&] {
    if (next.read() == 0 || first.read() == size) return -1;
    ++first;
    return buffer[static_cast<std::size_t>(first.read() - 1)].read();
  };
  sct::threads both(2);
  both.start([&] {
    for (int i = 0; i < rounds; ++i) {
      guard.lock();
      if (turn.may_send(guard)) {
        buffer[static_cast<std::size_t>(next.read())].write(i);
        next.write((next.read() + 1) % size);
        turn.sent();
      }
      guard.unlock();
    }
  });
  both.start([&] {
    for (int i = 0; i < rounds; ++i) {
      guard.lock();
      if (turn.may_receive(guard)) {
        sct::require(remove() == i, "an item was skipped");
        turn.received();
      }
      guard.unlock();
    }
  });
  both.join();
}

// A queue for items of one producer; a second array remembers what was put in.
class checked_queue {
 public:
  void enqueue(int item) {
    const int at = tail_.read();
    elements_[static_cast<std::size_t>(at)].write(item);
    ++amount_;
    tail_.write(at == size ? 1 : at + 1);
    stored_[static_cast<std::size_t>(put_++)].write(item);
  }
  int dequeue() {
    const int at = head_.read();
    const int item = elements_[static_cast<std::size_t>(at)].read();
    --amount_;
    head_.write(at == size ? 1 : at + 1);
    return item;
  }
  bool is_empty() const { return head_.read() == tail_.read(); }
  int amount() const { return amount_.read(); }
  int stored(int i) const { return stored_[static_cast<std::size_t>(i)].read(); }

  static constexpr int size = 20;

 private:
  std::array<braid::var<int>, size + 1> elements_;
  std::array<braid::var<int>, size> stored_;
  braid::var<int> head_ = 0;
  braid::var<int> tail_ = 0;
  braid::var<int> amount_ = 0;
  int put_ = 0;  // by the producer, which alone uses it
};

void queue_as_written() {
  braid::mutex guard;
  checked_queue items;
  turns turn(false);
  sct::threads both(2);
  both.start([&] {
    guard.lock();
    items.enqueue(0);
    sct::require(!items.is_empty(), "the queue is empty");
    guard.unlock();
    int value = 0;
    for (int i = 1; i < checked_queue::size; ++i) {
      guard.lock();
      if (turn.may_send(guard)) {
        items.enqueue(++value);
        turn.sent();
      }
      guard.unlock();
    }
  });
  both.start([&] {
    for (int i = 0; i < checked_queue::size; ++i) {
      guard.lock();
      if (turn.may_receive(guard)) {
        sct::require(items.dequeue() == items.stored(i), "not first in, first out");
        turn.received();
      }
      guard.unlock();
    }
  });
  both.join();
}

void queue_as_fixed() {
  braid::mutex guard;
  sct::condition filled;
  checked_queue items;
  sct::threads both(2);
  both.start([&] {
    for (int value = 0; value < checked_queue::size; ++value) {
      guard.lock();
      items.enqueue(value);
      filled.signal();
      guard.unlock();
    }
  });
  both.start([&] {
    for (int i = 0; i < checked_queue::size; ++i) {
      guard.lock();
      while (items.amount() == 0) filled.wait(guard);
      sct::require(items.dequeue() == items.stored(i), "not first in, first out");
      guard.unlock();
    }
  });
  both.join();
}

void sync01(bool is_fixed) {
  braid::mutex guard;
  sct::condition empty;
  sct::condition full;
  braid::var<int> num = 1;
  sct::threads both(2);
  both.start([&] {
    guard.lock();
    while (num.read() > 0) empty.wait(guard);
    ++num;
    guard.unlock();
    full.signal();
  });
  both.start([&] {
    guard.lock();
    while (num.read() == 0) full.wait(guard);
    if (is_fixed) --num;
    guard.unlock();
    empty.signal();
  });
  both.join();
}

void sync02(bool is_fixed) {
  constexpr int rounds = 2;
  braid::mutex guard;
  sct::condition empty;
  sct::condition full;
  braid::var<int> num = is_fixed ? 0 : 2;
  sct::threads both(2);
  both.start([&] {
    for (int i = 0; i < rounds; ++i) {
      guard.lock();
      while (num.read() > 0) empty.wait(guard);
      ++num;
      guard.unlock();
      full.signal();
    }
  });
  both.start([&] {
    for (int i = 0; i < rounds; ++i) {
      guard.lock();
      while (num.read() == 0) full.wait(guard);
      --num;
      guard.unlock();
      empty.signal();
    }
  });
  both.join();
}

void bounded_buffer() {
  constexpr int size = 3;
  constexpr int items = 10;
  braid::mutex guard;
  sct::condition not_full;
  sct::condition not_empty;
  std::array<braid::var<int>, size> buffer;
  braid::var<int> count = 0;
  sct::threads both(2);
  both.start([&] {
    for (int i = 0; i < items; ++i) {
      guard.lock();
      while (count.read() == size) not_full.wait(guard);
      buffer[static_cast<std::size_t>(i % size)].write(i);
      ++count;
      guard.unlock();
      not_empty.signal();
    }
  });
  both.start([&] {
    for (int i = 0; i < items; ++i) {
      guard.lock();
      while (count.read() == 0) not_empty.wait(guard);
      sct::require(buffer[static_cast<std::size_t>(i % size)].read() == i, "an item was lost");
      --count;
      guard.unlock();
      not_full.signal();
    }
  });
  both.join();
}

}  // namespace

// The total is always 6, and the assertion says that it is not: a panic in every schedule.
BRAID_SCENARIO("sct/arithmetic_prog", "a sum that must not be 6, and is", sct::ends({"panic"})) {
  arithmetic_prog(false);
}
BRAID_SCENARIO("sct/arithmetic_prog-fixed", "a sum that must be 6", sct::ends({"ok"})) {
  arithmetic_prog(true);
}

// Both threads count their rounds whether or not it was their turn, so most schedules fail.
// Smallest known bounds: 1 preemption, 2 delays. Fixed by waiting for one's turn.
BRAID_SCENARIO("sct/circular_buffer", "two threads take turns, and nobody waits",
               sct::ends({"ok", "panic"})) {
  circular_buffer(false);
}
BRAID_SCENARIO("sct/circular_buffer-fixed", "two threads take turns, and wait for theirs",
               sct::ends({"ok"})) {
  circular_buffer(true);
}

// As circular_buffer: only threads in near lock-step, or one after the other, end well. Smallest
// known bounds: 1 preemption, 2 delays.
BRAID_SCENARIO("sct/queue", "a queue whose consumer does not wait for items",
               sct::ends({"ok", "panic"})) {
  queue_as_written();
}
BRAID_SCENARIO("sct/queue-fixed", "a queue whose consumer waits for items", sct::ends({"ok"})) {
  queue_as_fixed();
}

// The consumer does not take what it waited for: the producer waits for ever, in every schedule.
BRAID_SCENARIO("sct/sync01", "a consumer that leaves the item there", sct::ends({"deadlock"})) {
  sync01(false);
}
BRAID_SCENARIO("sct/sync01-fixed", "a consumer that takes the item", sct::ends({"ok"})) {
  sync01(true);
}

// Two items are there before the producer adds two, and only two are consumed: the producer waits
// for ever, in every schedule.
BRAID_SCENARIO("sct/sync02", "more items are produced than consumed", sct::ends({"deadlock"})) {
  sync02(false);
}
BRAID_SCENARIO("sct/sync02-fixed", "as many items are produced as consumed", sct::ends({"ok"})) {
  sync02(true);
}

// Correct: a control for false alarms.
BRAID_SCENARIO("sct/bbuf", "a bounded buffer without a bug", sct::ends({"ok"})) {
  bounded_buffer();
}
