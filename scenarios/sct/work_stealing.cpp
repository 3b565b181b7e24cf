// A work-stealing queue: the owner pushes and pops at the tail, stealers take from the head.
//
// head and tail are read by a compare-and-swap of 0 by 0 and written by an exchange, as in the
// catalogue's program. The queue may hold as many items as it has cells less one: only then is the
// cell that a stealer has claimed, but not read yet, safe from the next push. The guard of the push
// is off by one, so an item is overwritten: it is lost, and another one is processed twice.
#include <array>
#include <cstddef>
#include <memory>
#include <optional>

#include "common.hpp"

namespace {

class work_queue {
 public:
  explicit work_queue(bool is_fixed) : slack_(is_fixed ? 0 : 1) {}

  // By the owner:
  void push(int item) {
    const int t = read(tail_);
    if (t < read(head_) + mask_ + slack_ && t < tail_max) {
      cell(t).write(item);
      write(tail_, t + 1);
    } else {
      push_locked(item);
    }
  }
  std::optional<int> pop() {
    const int t = read(tail_) - 1;
    write(tail_, t);
    if (read(head_) <= t) return cell(t).read();
    write(tail_, t + 1);
    return pop_locked();
  }
  // By the others:
  std::optional<int> steal() {
    std::optional<int> found;
    lock_.lock();
    const int h = read(head_);
    write(head_, h + 1);
    if (h < read(tail_)) {
      found = cell(h).read();
    } else {
      write(head_, h);
    }
    lock_.unlock();
    return found;
  }

 private:
  static constexpr int tail_max = 1 << 20;

  static int read(braid::atomic<int>& from) {
    int found = 0;
    from.compare_exchange_strong(found, 0);
    return found;
  }
  static void write(braid::atomic<int>& to, int value) { to.exchange(value); }

  braid::var<int>& cell(int i) { return cells_[static_cast<std::size_t>(i & mask_)]; }

  std::optional<int> pop_locked() {
    std::optional<int> found;
    lock_.lock();
    const int t = read(tail_) - 1;
    write(tail_, t);
    if (read(head_) <= t) {
      found = cell(t).read();
    } else {
      write(tail_, t + 1);
    }
    if (read(head_) > t) {
      write(head_, 0);
      write(tail_, 0);
      found.reset();
    }
    lock_.unlock();
    return found;
  }
  void push_locked(int item) {
    lock_.lock();
    int h = read(head_);
    const int count = read(tail_) - h;
    h &= mask_;
    write(head_, h);
    write(tail_, h + count);
    if (count >= mask_) grow(h, count);
    sct::require(count < mask_, "the queue is full");
    const int t = read(tail_);
    cell(t).write(item);
    write(tail_, t + 1);
    lock_.unlock();
  }
  void grow(int h, int count) {
    const auto size = static_cast<std::size_t>(2 * (mask_ + 1));
    auto grown = std::make_unique<braid::var<int>[]>(size);
    for (int i = 0; i < count; ++i) grown[static_cast<std::size_t>(i)].write(cell(h + i).read());
    cells_ = std::move(grown);
    mask_ = static_cast<int>(size) - 1;
    write(head_, 0);
    write(tail_, count);
  }

  braid::mutex lock_;
  braid::atomic<int> head_ = 0;
  braid::atomic<int> tail_ = 0;
  // Written by the owner under lock_; read by the owner, and by others under lock_:
  int mask_ = 1;
  std::unique_ptr<braid::var<int>[]> cells_ = std::make_unique<braid::var<int>[]>(2);
  const int slack_;
};

void share_work(int stealers, bool is_fixed) {
  constexpr int rounds = 2;
  work_queue queue(is_fixed);
  std::array<braid::var<int>, 2 * rounds> processed;
  const auto process = [&](std::optional<int> item) {
    if (item) ++processed[static_cast<std::size_t>(*item)];
  };
  sct::threads all(stealers);
  for (int i = 0; i < stealers; ++i) {
    all.start([&] {
      for (int attempt = 0; attempt < 2; ++attempt) process(queue.steal());
    });
  }
  for (int i = 0; i < rounds; ++i) {
    queue.push(2 * i);
    queue.push(2 * i + 1);
    process(queue.pop());
  }
  for (int i = 0; i < rounds; ++i) process(queue.pop());
  all.join();
  for (const auto& times : processed) {
    sct::require(times.read() == 1, "an item was not processed exactly once");
  }
}

}  // namespace

// Smallest known bounds: 2 preemptions, 2 delays.
BRAID_SCENARIO("sct/WorkStealQueue", "a work-stealing queue for 1 stealer, with a full cell",
               sct::ends({"ok", "panic"})) {
  share_work(1, false);
}
BRAID_SCENARIO("sct/WorkStealQueue-fixed", "a work-stealing queue for 1 stealer",
               sct::ends({"ok"})) {
  share_work(1, true);
}

// The catalogue has two more programs around the same queue. They keep a log of their own state
// without synchronisation, which is left out: what remains is the queue with two stealers.
BRAID_SCENARIO("sct/InterlockedWorkStealQueueWithState",
               "a work-stealing queue for 2 stealers, with a full cell",
               sct::ends({"ok", "panic"})) {
  share_work(2, false);
}
BRAID_SCENARIO("sct/InterlockedWorkStealQueueWithState-fixed",
               "a work-stealing queue for 2 stealers", sct::ends({"ok"})) {
  share_work(2, true);
}
BRAID_SCENARIO("sct/StateWorkStealQueue", "the same program as InterlockedWorkStealQueueWithState",
               sct::ends({"ok", "panic"})) {
  share_work(2, false);
}
BRAID_SCENARIO("sct/StateWorkStealQueue-fixed",
               "the same program as InterlockedWorkStealQueueWithState-fixed", sct::ends({"ok"})) {
  share_work(2, true);
}
