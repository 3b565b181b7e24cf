// Goroutines that share mutexes. N is the size.
//
// Sources: Flanagan, Godefroid, Dynamic Partial-Order Reduction for Model Checking Software,
// POPL'05 (indexer, filesystem); Dijkstra's dining philosophers; SCTBench (circular_buffer).
#include <algorithm>
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

#include "dpor/notation.hpp"

using namespace dpor;

BRAID_SCENARIO("dpor/mutex_counter", "N count twice under a mutex: (2N)!/2^N classes",
               {.size = 2, .expected = {"4,\n"}}) {
  constexpr int rounds = 2;
  cell x;
  braid::mutex m;
  team all;
  const auto body = [&] {
    for (int i = 0; i < rounds; ++i) {
      m.lock();
      const long found = x.load();
      x.store(found + 1);
      m.unlock();
    }
  };
  for (int i = 0; i < size; ++i) all.spawn(body);
  all.join_all();
  print_results({x.load()});
}

BRAID_SCENARIO("dpor/mutex_only", "N lock and unlock a mutex: N! classes",
               {.size = 2, .expected = {""}}) {
  braid::mutex m;
  team all;
  const auto body = [&] {
    m.lock();
    m.unlock();
  };
  for (int i = 0; i < size; ++i) all.spawn(body);
  all.join_all();
}

BRAID_SCENARIO("dpor/philo_deadlock", "N philosophers: 2^N-1 classes, one of them the deadlock",
               {.size = 2, .expected = {"", {"", "deadlock"}}}) {
  row<braid::mutex> fork(size);
  team all;
  const auto body = [&](long self) {
    braid::mutex& left = fork[self];
    braid::mutex& right = fork[(self + 1) % size];
    left.lock();
    right.lock();
    right.unlock();
    left.unlock();
  };
  for (int i = 0; i < size; ++i) all.spawn(body, i);
  all.join_all();
}

BRAID_SCENARIO("dpor/philo_ordered", "N philosophers who take the lower fork first: 2^N-2 classes",
               {.size = 2, .expected = {""}}) {
  row<braid::mutex> fork(size);
  team all;
  const auto body = [&](long self) {
    const long next = (self + 1) % size;
    braid::mutex& lower = fork[std::min(self, next)];
    braid::mutex& higher = fork[std::max(self, next)];
    lower.lock();
    higher.lock();
    higher.unlock();
    lower.unlock();
  };
  for (int i = 0; i < size; ++i) all.spawn(body, i);
  all.join_all();
}

BRAID_SCENARIO("dpor/mutex_rw_mix", "N store under a mutex, main loads without: (N+1)! classes",
               {.size = 1, .expected = {"0,\n", "1,\n"}}) {
  cell x;
  braid::mutex m;
  team all;
  const auto body = [&](long self) {
    m.lock();
    x.store(self);
    m.unlock();
  };
  for (int i = 1; i <= size; ++i) all.spawn(body, i);
  const long found = x.load();
  all.join_all();
  print_results({found});
}

BRAID_SCENARIO("dpor/trylock", "N count if they get the mutex at once",
               {.size = 1, .expected = {"1,\n"}}) {
  braid::mutex m;
  cell x;
  team all;
  const auto body = [&] {
    if (!m.try_lock()) return;
    x.fetch_add(1);
    m.unlock();
  };
  for (int i = 0; i < size; ++i) all.spawn(body);
  all.join_all();
  print_results({x.load()});
}

BRAID_SCENARIO("dpor/trylock_vs_lock", "one locks, N try to", {.size = 1, .expected = {""}}) {
  braid::mutex m;
  team all;
  all.spawn([&] {
    m.lock();
    m.unlock();
  });
  const auto body = [&] {
    if (m.try_lock()) m.unlock();
  };
  for (int i = 1; i <= size; ++i) all.spawn(body);
  all.join_all();
}

BRAID_SCENARIO("dpor/circular_buffer", "a producer and a consumer take N turns: C(2N,N) classes",
               {.size = 1, .expected = {""}}) {
  cell may_send = 1;
  cell may_receive;
  cell value;
  braid::mutex m;
  team all;
  all.spawn([&] {
    for (int i = 0; i < size; ++i) {
      m.lock();
      if (may_send.load() != 0) {
        value.store(i);
        may_send.store(0);
        may_receive.store(1);
      }
      m.unlock();
    }
  });
  all.spawn([&] {
    for (int i = 0; i < size; ++i) {
      m.lock();
      if (may_receive.load() != 0) {
        value.load();
        may_receive.store(0);
        may_send.store(1);
      }
      m.unlock();
    }
  });
  all.join_all();
}

// Up to 11 goroutines there is one class: their keys do not meet.
BRAID_SCENARIO("dpor/indexer", "N insert four keys each into a hash table with a mutex per slot",
               {.size = 2, .expected = {""}, .exhaustible = false}) {
  constexpr int slots = 128;
  constexpr int keys = 4;
  row<cell> table(slots);
  row<braid::mutex> m(slots);
  team all;
  const auto insert = [&](long slot, long key) {
    m[slot].lock();
    const bool is_free = table[slot].load() == 0;
    if (is_free) table[slot].store(key);
    m[slot].unlock();
    return is_free;
  };
  const auto body = [&](long self) {
    for (int i = 1; i <= keys; ++i) {
      const long key = i * 11 + self;
      long slot = key * 7 % slots;
      while (!insert(slot, key)) slot = (slot + 1) % slots;
    }
  };
  for (int i = 0; i < size; ++i) all.spawn(body, i);
  all.join_all();
}

// Up to 13 goroutines there is one class; from there on, 2^(N-13).
BRAID_SCENARIO("dpor/filesystem", "N each find a free block for their inode",
               {.size = 2, .expected = {""}}) {
  constexpr int inodes = 32;
  constexpr int blocks = 26;
  constexpr int probes = 10;
  row<braid::mutex> inode_lock(inodes);
  row<braid::mutex> block_lock(blocks);
  row<cell> inode(inodes);
  row<cell> is_busy(blocks);
  team all;
  const auto take = [&](long block, long i) {
    block_lock[block].lock();
    const bool is_free = is_busy[block].load() == 0;
    if (is_free) {
      is_busy[block].store(1);
      inode[i].store(block + 1);
    }
    block_lock[block].unlock();
    return is_free;
  };
  const auto body = [&](long self) {
    const long i = self % inodes;
    inode_lock[i].lock();
    if (inode[i].load() == 0) {
      long block = i * 2 % blocks;
      for (int probe = 0; probe < probes && !take(block, i); ++probe) block = (block + 1) % blocks;
    }
    inode_lock[i].unlock();
  };
  for (int i = 0; i < size; ++i) all.spawn(body, i);
  all.join_all();
}
