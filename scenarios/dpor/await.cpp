// Goroutines that wait for the value of a cell: a load that happens only where the value is right.
// N is the size.
//
// Sources: the idea of await_vs_inc is from Nidhugg's smoke tests; the barrier is the classic one
// that counts.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

#include "dpor/notation.hpp"

using namespace dpor;

BRAID_SCENARIO("dpor/await_flag", "one sets data and flag, N await the flag: one class",
               {.size = 1, .expected = {""}}) {
  cell flag;
  cell data;
  team all;
  all.spawn([&] {
    data.store(1);
    flag.store(1);
  });
  const auto consumer = [&] {
    await_value(flag, 1);
    data.load();
  };
  for (int i = 1; i <= size; ++i) all.spawn(consumer);
  all.join_all();
}

BRAID_SCENARIO("dpor/await_chain", "N add in turn, each waiting for the one before: one class",
               {.size = 2, .expected = {""}}) {
  row<cell> flag(size + 1);
  cell count;
  team all;
  const auto body = [&](long self) {
    if (self > 0) await_value(flag[self], 1);
    count.fetch_add(1);
    flag[self + 1].store(1);
  };
  for (int i = 0; i < size; ++i) all.spawn(body, i);
  all.join_all();
}

// From N = 2 on, who waits for 1 waits for ever once it has passed.
BRAID_SCENARIO("dpor/await_vs_inc", "one counts to N, one awaits 1, one awaits N",
               {.size = 1, .expected = {""}}) {
  cell x;
  team all;
  all.spawn([&] {
    for (int i = 0; i < size; ++i) x.fetch_add(1);
  });
  all.spawn([&] { await_value(x, 1); });
  all.spawn([&] { await_value(x, size); });
  all.join_all();
}

BRAID_SCENARIO("dpor/await_deadlock", "a ring of N is set off, unless the signal is gone at once",
               {.size = 2, .expected = {"", {"", "deadlock"}}}) {
  row<cell> x(size);
  team all;
  const auto body = [&](long self) {
    await_value(x[self], 1);
    x[(self + 1) % size].store(1);
  };
  for (int i = 0; i < size; ++i) all.spawn(body, i);
  all.spawn([&] {
    x[0].store(1);
    x[0].store(0);
  });
  all.join_all();
}

BRAID_SCENARIO("dpor/barrier", "N meet, then add: N!^2 classes", {.size = 2, .expected = {""}}) {
  cell count;
  cell open;
  cell y;
  team all;
  const auto body = [&] {
    if (count.fetch_add(1) == size - 1) {
      open.store(1);
    } else {
      await_value(open, 1);
    }
    y.fetch_add(1);
  };
  for (int i = 0; i < size; ++i) all.spawn(body);
  all.join_all();
}
