// Stacks and queues without locks. Nodes are numbers from 1, links are cells, 0 is none; where an
// operation would be tried again and again, it is given up after two tries. N is the size.
//
// Sources: Treiber, Systems Programming: Coping with Parallelism, 1986; Michael, Scott, Simple,
// Fast, and Practical Non-Blocking and Blocking Concurrent Queue Algorithms, PODC'96; Lamport's
// ring for one producer and one consumer.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

#include "dpor/notation.hpp"

using namespace dpor;

namespace {
constexpr int tries = 2;
}

BRAID_SCENARIO("dpor/treiber", "N push to and pop from Treiber's stack",
               {.size = 1, .expected = {""}}) {
  cell top;
  row<cell> next(size + 1);
  team all;
  const auto push = [&](long node) {
    for (int k = 0; k < tries; ++k) {
      const long found = top.load();
      next[node].store(found);
      if (cas(top, found, node)) return true;
    }
    return false;
  };
  const auto pop = [&] {
    for (int k = 0; k < tries; ++k) {
      const long found = top.load();
      if (found == 0) return;
      const long below = next[found].load();
      if (cas(top, found, below)) return;
    }
  };
  const auto body = [&](long self) {
    if (push(self + 1)) pop();
  };
  for (int i = 0; i < size; ++i) all.spawn(body, i);
  all.join_all();
}

// Node 1 is the dummy.
BRAID_SCENARIO("dpor/msqueue", "N enqueue to Michael and Scott's queue, one dequeues",
               {.size = 1, .expected = {""}}) {
  cell head = 1;
  cell tail = 1;
  row<cell> next(size + 2);
  team all;
  const auto enqueue = [&](long self) {
    const long node = self + 2;
    for (int k = 0; k < tries; ++k) {
      const long last = tail.load();
      const long after = next[last].load();
      if (tail.load() != last) continue;
      if (after != 0) {
        cas(tail, last, after);
      } else if (cas(next[last], 0, node)) {
        cas(tail, last, node);
        break;
      }
    }
  };
  const auto dequeue = [&] {
    for (int k = 0; k < tries; ++k) {
      const long first = head.load();
      const long last = tail.load();
      const long after = next[first].load();
      if (head.load() != first) continue;
      if (first != last) {
        if (cas(head, first, after)) break;
      } else if (after == 0) {
        break;
      } else {
        cas(tail, last, after);
      }
    }
  };
  for (int i = 0; i < size; ++i) all.spawn(enqueue, i);
  all.spawn(dequeue);
  all.join_all();
}

BRAID_SCENARIO("dpor/spsc", "N puts to and N gets from a ring of two, skipped if full or empty",
               {.size = 1, .expected = {""}}) {
  constexpr int capacity = 2;
  cell head;
  cell tail;
  row<cell> slot(capacity);
  team all;
  all.spawn([&] {
    for (int i = 1; i <= size; ++i) {
      const long written = tail.load();
      const long read = head.load();
      if (written - read == capacity) continue;
      slot[written % capacity].store(i);
      tail.store(written + 1);
    }
  });
  all.spawn([&] {
    for (int i = 1; i <= size; ++i) {
      const long read = head.load();
      const long written = tail.load();
      if (read == written) continue;
      slot[read % capacity].load();
      head.store(read + 1);
    }
  });
  all.join_all();
}
