// Mutexes: taken in opposite order, taken twice, never released; and two programs that assert what
// is never true.
#include <array>
#include <vector>

#include "common.hpp"

namespace {

void deadlock01(bool is_fixed) {
  braid::mutex a;
  braid::mutex b;
  braid::var<int> counter = 1;
  sct::threads both(2);
  both.start([&] {
    a.lock();
    b.lock();
    ++counter;
    b.unlock();
    a.unlock();
  });
  both.start([&] {
    braid::mutex& outer = is_fixed ? a : b;
    braid::mutex& inner = is_fixed ? b : a;
    outer.lock();
    inner.lock();
    --counter;
    inner.unlock();
    outer.unlock();
  });
  both.join();
}

void phase01(bool is_fixed) {
  braid::mutex x;
  braid::mutex y;
  sct::threads both(2);
  for (int i = 0; i < 2; ++i) {
    both.start([&] {
      x.lock();
      x.unlock();
      x.lock();
      y.lock();
      y.unlock();
      y.lock();
      y.unlock();
      if (is_fixed) x.unlock();
    });
  }
  both.join();
}

struct dinner {
  int philosophers;
  bool counts_under_lock = false;
  bool locks_twice = false;  // where it should unlock
  bool is_fixed = false;
};

// The forks are taken and put back under one global lock, so nobody starves. Then each philosopher
// counts itself and asserts that it is not the last.
void din_phil(const dinner& variant) {
  const auto n = static_cast<std::size_t>(variant.philosophers);
  braid::mutex global;
  std::vector<braid::mutex> forks(n);
  braid::var<int> eaten = 0;
  sct::threads all(variant.philosophers);
  for (std::size_t id = 0; id < n; ++id) {
    all.start([&, id] {
      braid::mutex& left = forks[id];
      braid::mutex& right = forks[(id + 1) % n];
      global.lock();
      right.lock();
      left.lock();
      left.unlock();
      right.unlock();
      if (variant.locks_twice) {
        global.lock();
      } else {
        global.unlock();
      }
      if (variant.counts_under_lock) global.lock();
      ++eaten;
      if (!variant.is_fixed) {
        sct::require(eaten.read() != variant.philosophers, "all philosophers have eaten");
      }
      if (variant.counts_under_lock) global.unlock();
    });
  }
  all.join();
  if (variant.is_fixed) {
    sct::require(eaten.read() == variant.philosophers, "a philosopher was not counted");
  }
}

void din_phil_fixed(int philosophers) {
  din_phil({.philosophers = philosophers, .counts_under_lock = true, .is_fixed = true});
}

constexpr int inodes = 26;
constexpr int blocks = 26;
constexpr int fsbench_threads = 27;

void fsbench(bool is_fixed) {
  std::array<braid::mutex, inodes> inode_locks;
  std::array<braid::mutex, blocks> block_locks;
  std::array<braid::var<bool>, blocks> busy;
  std::array<braid::var<int>, inodes> inode;
  const auto take_block = [&](std::size_t i) {
    std::size_t b = 2 * i % blocks;
    for (int tries = 0; tries < blocks / 2; ++tries) {
      block_locks[b].lock();
      if (!busy[b].read()) {
        busy[b].write(true);
        inode[i].write(static_cast<int>(b) + 1);
        block_locks[b].unlock();
        return;
      }
      block_locks[b].unlock();
      b = (b + 1) % blocks;
    }
  };
  sct::threads all(fsbench_threads);
  for (int id = 0; id < fsbench_threads; ++id) {
    all.start([&, id] {
      const int hashed = id % (is_fixed ? inodes : 32);
      sct::require(hashed < inodes, "no such inode");
      const auto i = static_cast<std::size_t>(hashed);
      inode_locks[i].lock();
      if (inode[i].read() == 0) take_block(i);
      inode_locks[i].unlock();
    });
  }
  all.join();
}

}  // namespace

// Smallest known bounds: 1 preemption, 1 delay.
BRAID_SCENARIO("sct/deadlock01", "two threads lock a and b in opposite order",
               sct::ends({"ok", "deadlock"})) {
  deadlock01(false);
}
BRAID_SCENARIO("sct/deadlock01-fixed", "two threads lock a and b in the same order",
               sct::ends({"ok"})) {
  deadlock01(true);
}

// The second thread waits for ever for what the first one keeps, in every schedule.
BRAID_SCENARIO("sct/phase01", "a thread ends without unlocking x", sct::ends({"deadlock"})) {
  phase01(false);
}
BRAID_SCENARIO("sct/phase01-fixed", "both threads unlock x", sct::ends({"ok"})) { phase01(true); }

// With 2 to 4 philosophers the count is not guarded: a lost update hides the failure, which needs
// no preemption. The fixed programs count under the lock and main asserts that all were counted.
BRAID_SCENARIO("sct/din_phil2", "2 philosophers, and the assertion that not all have eaten",
               sct::ends({"ok", "panic"})) {
  din_phil({.philosophers = 2});
}
BRAID_SCENARIO("sct/din_phil3", "3 philosophers, and the assertion that not all have eaten",
               sct::ends({"ok", "panic"})) {
  din_phil({.philosophers = 3});
}
BRAID_SCENARIO("sct/din_phil4", "4 philosophers, and the assertion that not all have eaten",
               sct::ends({"ok", "panic"})) {
  din_phil({.philosophers = 4});
}
// With 5 and 6 they count under the lock: a panic in every schedule.
BRAID_SCENARIO("sct/din_phil5", "5 philosophers, and the assertion that not all have eaten",
               sct::ends({"panic"})) {
  din_phil({.philosophers = 5, .counts_under_lock = true});
}
BRAID_SCENARIO("sct/din_phil6", "6 philosophers, and the assertion that not all have eaten",
               sct::ends({"panic"})) {
  din_phil({.philosophers = 6, .counts_under_lock = true});
}
// The first philosopher waits for a lock that it holds, in every schedule.
BRAID_SCENARIO("sct/din_phil7", "7 philosophers, who lock where they should unlock",
               sct::ends({"deadlock"})) {
  din_phil({.philosophers = 7, .counts_under_lock = true, .locks_twice = true});
}

BRAID_SCENARIO("sct/din_phil2-fixed", "2 philosophers, all counted", sct::ends({"ok"})) {
  din_phil_fixed(2);
}
BRAID_SCENARIO("sct/din_phil3-fixed", "3 philosophers, all counted", sct::ends({"ok"})) {
  din_phil_fixed(3);
}
BRAID_SCENARIO("sct/din_phil4-fixed", "4 philosophers, all counted", sct::ends({"ok"})) {
  din_phil_fixed(4);
}
BRAID_SCENARIO("sct/din_phil5-fixed", "5 philosophers, all counted", sct::ends({"ok"})) {
  din_phil_fixed(5);
}
BRAID_SCENARIO("sct/din_phil6-fixed", "6 philosophers, all counted", sct::ends({"ok"})) {
  din_phil_fixed(6);
}
BRAID_SCENARIO("sct/din_phil7-fixed", "7 philosophers, all counted", sct::ends({"ok"})) {
  din_phil_fixed(7);
}

// The hash has 32 values and there are 26 inodes: thread 26 fails in every schedule.
BRAID_SCENARIO("sct/fsbench", "27 threads allocate blocks of a file system with 26 inodes",
               sct::ends({"panic"})) {
  fsbench(false);
}
BRAID_SCENARIO("sct/fsbench-fixed", "27 threads, hashed to the 26 inodes there are",
               sct::ends({"ok"})) {
  fsbench(true);
}
