// Goroutines that load, store and update a few shared cells. N is the size.
//
// Sources: Nidhugg's benchmarks and its TRACER set (readers, n_writers_a_reader, n_writes_a_read,
// co_2p2w, myexample, length_parametric); Abdulla, Aronis, Jonsson, Sagonas, Optimal Dynamic
// Partial Order Reduction, JACM'17, and Concuerror (lastzero); Aronis, Jonsson, Lång, Sagonas,
// Optimal Dynamic Partial Order Reduction with Observers, TACAS'18 (writers, floating_read); RCMC
// (ainc, binc, casrot); SV-COMP (fib_bench); SCTBench (reorder); the classic lost update
// (inc_racy).
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

#include "dpor/notation.hpp"

using namespace dpor;

BRAID_SCENARIO("dpor/readers", "one stores, N load: 2^N classes", {.size = 2, .expected = {""}}) {
  cell x;
  team all;
  all.spawn([&] { x.store(42); });
  for (int i = 1; i <= size; ++i) all.spawn([&] { x.load(); });
  all.join_all();
}

BRAID_SCENARIO("dpor/writers", "N store, main joins and loads: N! classes",
               {.size = 2, .expected = {"1,\n", "2,\n"}}) {
  cell x;
  team all;
  for (int i = 1; i <= size; ++i) all.spawn([&](long self) { x.store(self); }, i);
  all.join_all();
  print_results({x.load()});
}

BRAID_SCENARIO("dpor/n_writers_a_reader", "N store, one loads: (N+1)! classes",
               {.size = 2, .expected = {"0,\n", "1,\n", "2,\n"}}) {
  cell x;
  team all;
  std::vector<long> out(1);
  for (int i = 1; i <= size; ++i) all.spawn([&](long self) { x.store(self); }, i);
  all.spawn([&] { out[0] = x.load(); });
  all.join_all();
  print_results(out);
}

BRAID_SCENARIO("dpor/n_writes_a_read", "two store N times and load once",
               {.size = 1, .expected = {""}}) {
  cell x;
  team all;
  const auto body = [&](long self) {
    for (int i = 0; i < size; ++i) x.store(self);
    x.load();
  };
  all.spawn(body, 1);
  all.spawn(body, 2);
  all.join_all();
}

BRAID_SCENARIO("dpor/lastzero", "a reader seeks the last zero of an array that N writers fill",
               {.size = 1, .expected = {""}}) {
  row<cell> a(size + 1);
  team all;
  all.spawn([&] {
    for (int i = size; a[i].load() != 0; --i) continue;
  });
  for (int i = 1; i <= size; ++i) {
    all.spawn([&](long self) { a[self].store(a[self - 1].load() + 1); }, i);
  }
  all.join_all();
}

BRAID_SCENARIO("dpor/ainc", "N add to a cell: N! classes", {.size = 2, .expected = {""}}) {
  cell x;
  team all;
  for (int i = 0; i < size; ++i) all.spawn([&] { x.fetch_add(1); });
  all.join_all();
}

BRAID_SCENARIO("dpor/binc", "N add to one cell, then to another: N!^2 classes",
               {.size = 2, .expected = {""}}) {
  cell x;
  cell y;
  team all;
  const auto body = [&] {
    x.fetch_add(1);
    y.fetch_add(1);
  };
  for (int i = 0; i < size; ++i) all.spawn(body);
  all.join_all();
}

BRAID_SCENARIO("dpor/inc_racy", "N load and then store one more: lost updates",
               {.size = 2, .expected = {"1,\n", "2,\n"}}) {
  cell x;
  team all;
  const auto body = [&] {
    const long found = x.load();
    x.store(found + 1);
  };
  for (int i = 0; i < size; ++i) all.spawn(body);
  all.join_all();
  print_results({x.load()});
}

BRAID_SCENARIO("dpor/casrot", "goroutine i of N changes i-1 into i, if it comes in time",
               {.size = 2, .expected = {"1,\n", "2,\n"}}) {
  cell x;
  team all;
  for (int i = 1; i <= size; ++i) all.spawn([&](long self) { cas(x, self - 1, self); }, i);
  all.join_all();
  print_results({x.load()});
}

BRAID_SCENARIO("dpor/fib_bench", "two add the other's cell to their own, N times",
               {.size = 1, .expected = {"2,2,\n", "2,3,\n", "3,2,\n"}}) {
  cell x = 1;
  cell y = 1;
  team all;
  all.spawn([&] {
    for (int k = 0; k < size; ++k) {
      const long a = x.load();
      const long b = y.load();
      x.store(a + b);
    }
  });
  all.spawn([&] {
    for (int k = 0; k < size; ++k) {
      const long a = y.load();
      const long b = x.load();
      y.store(a + b);
    }
  });
  all.join_all();
  print_results({x.load(), y.load()});
}

BRAID_SCENARIO("dpor/floating_read", "N store while main loads: (N+1)! classes",
               {.size = 1, .expected = {"0,\n", "1,\n"}}) {
  cell x;
  team all;
  for (int i = 1; i <= size; ++i) all.spawn([&](long self) { x.store(self); }, i);
  const long found = x.load();
  all.join_all();
  print_results({found});
}

BRAID_SCENARIO("dpor/co_2p2w", "N store twice to one cell", {.size = 2, .expected = {""}}) {
  cell x;
  team all;
  const auto body = [&](long self) {
    x.store(self);
    x.store(self);
  };
  for (int i = 0; i < size; ++i) all.spawn(body, i);
  all.join_all();
}

BRAID_SCENARIO("dpor/myexample", "N store and load one cell", {.size = 2, .expected = {""}}) {
  cell x;
  team all;
  const auto body = [&](long self) {
    x.store(self);
    x.load();
  };
  for (int i = 0; i < size; ++i) all.spawn(body, i);
  all.join_all();
}

BRAID_SCENARIO("dpor/reorder", "N-1 set a, then b; one reads a, then b",
               {.size = 2, .expected = {"0,-1,\n", "0,0,\n", "1,-1,\n", "1,0,\n"}}) {
  cell a;
  cell b;
  team all;
  std::vector<long> out(2);
  const auto setter = [&] {
    a.store(1);
    b.store(-1);
  };
  for (int i = 0; i < size - 1; ++i) all.spawn(setter);
  all.spawn([&] {
    out[0] = a.load();
    out[1] = b.load();
  });
  all.join_all();
  print_results(out);
}

BRAID_SCENARIO("dpor/length_parametric", "N accesses to a cell of its own do not count: 4 classes",
               {.size = 1, .expected = {""}}) {
  cell v;
  row<cell> own(2);
  team all;
  const auto body = [&](long self) {
    for (int i = 0; i < size; ++i) {
      own[self].store(i);
      own[self].load();
    }
    v.store(self);
    v.load();
  };
  all.spawn(body, 0);
  all.spawn(body, 1);
  all.join_all();
}
