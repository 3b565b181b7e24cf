// What starting and joining goroutines does to the order of events. N is the size.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

#include "dpor/notation.hpp"

using namespace dpor;

BRAID_SCENARIO("dpor/spawn_tree", "main stores before it starts each of N readers: N! classes",
               {.size = 2, .expected = {""}}) {
  cell x;
  team all;
  for (int i = 0; i < size; ++i) {
    x.store(i);
    all.spawn([&] { x.load(); });
  }
  all.join_all();
}

BRAID_SCENARIO("dpor/join_order", "N add, and main after it has joined each: (2N-1)!! classes",
               {.size = 2, .expected = {""}}) {
  cell x;
  std::deque<team> each(static_cast<std::size_t>(size));
  for (team& one : each) one.spawn([&] { x.fetch_add(1); });
  for (team& one : each) {
    one.join_all();
    x.fetch_add(1);
  }
}
