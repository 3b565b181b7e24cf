// Litmus tests of memory models, under sequential consistency; N goroutines in a ring, or N
// readers.
//
// Source: the classic litmus tests; Maranget, Sarkar, Sewell, A Tutorial Introduction to the ARM
// and POWER Relaxed Memory Models, 2012, explains their names.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

#include "dpor/notation.hpp"

using namespace dpor;

BRAID_SCENARIO("dpor/sb", "store buffering: N store their cell, load the next: 2^N-1 classes",
               {.size = 2, .expected = {"0,1,\n", "1,0,\n", "1,1,\n"}}) {
  row<cell> x(size);
  team all;
  std::vector<long> out(size);
  const auto body = [&](long self) {
    x[self].store(1);
    out[self] = x[(self + 1) % size].load();
  };
  for (int i = 0; i < size; ++i) all.spawn(body, i);
  all.join_all();
  print_results(out);
}

BRAID_SCENARIO("dpor/lb", "load buffering: N load their cell, store the next: 2^N-1 classes",
               {.size = 2, .expected = {"0,0,\n", "0,1,\n", "1,0,\n"}}) {
  row<cell> x(size);
  team all;
  std::vector<long> out(size);
  const auto body = [&](long self) {
    out[self] = x[self].load();
    x[(self + 1) % size].store(1);
  };
  for (int i = 0; i < size; ++i) all.spawn(body, i);
  all.join_all();
  print_results(out);
}

BRAID_SCENARIO("dpor/twoplus2w", "2+2W: N store 1 to their cell, 2 to the next: 2^N-1 classes",
               {.size = 2, .expected = {"1,2,\n", "2,1,\n", "2,2,\n"}}) {
  row<cell> x(size);
  team all;
  const auto body = [&](long self) {
    x[self].store(1);
    x[(self + 1) % size].store(2);
  };
  for (int i = 0; i < size; ++i) all.spawn(body, i);
  all.join_all();
  std::vector<long> out(size);
  for (int i = 0; i < size; ++i) out[i] = x[i].load();
  print_results(out);
}

BRAID_SCENARIO("dpor/mp", "message passing: one sets data and flag, N read flag and data",
               {.size = 1, .expected = {"0,0,\n", "0,1,\n", "1,1,\n"}}) {
  cell data;
  cell flag;
  team all;
  std::vector<long> out(2 * size);
  all.spawn([&] {
    data.store(1);
    flag.store(1);
  });
  const auto consumer = [&](long self) {
    out[2 * self] = flag.load();
    out[2 * self + 1] = data.load();
  };
  for (int i = 0; i < size; ++i) all.spawn(consumer, i);
  all.join_all();
  print_results(out);
}

BRAID_SCENARIO("dpor/iriw", "two write a cell each, N read both, every other one backwards",
               {.size = 2,
                .expected = {"0,0,0,0,\n", "0,0,0,1,\n", "0,0,1,0,\n", "0,0,1,1,\n", "0,1,0,0,\n",
                             "0,1,0,1,\n", "0,1,1,0,\n", "0,1,1,1,\n", "1,0,0,0,\n", "1,0,0,1,\n",
                             "1,0,1,1,\n", "1,1,0,0,\n", "1,1,0,1,\n", "1,1,1,0,\n", "1,1,1,1,\n"},
                .exhaustible = false}) {
  cell x;
  cell y;
  team all;
  std::vector<long> out(2 * size);
  all.spawn([&] { x.store(1); });
  all.spawn([&] { y.store(1); });
  const auto reader = [&](long self) {
    cell& first = self % 2 == 0 ? x : y;
    cell& second = self % 2 == 0 ? y : x;
    out[2 * self] = first.load();
    out[2 * self + 1] = second.load();
  };
  for (int i = 0; i < size; ++i) all.spawn(reader, i);
  all.join_all();
  print_results(out);
}
