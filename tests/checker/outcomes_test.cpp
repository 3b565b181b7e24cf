// Sets of outcomes: what is kept of many executions does not depend on the order in which they
// come.
//
// Oracle: all orders of a few executions.
#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "trace/execution.hpp"
#include "trace/outcomes.hpp"

namespace {

using braid::decision;
using braid::decision_kind;
using braid::execution;
using braid::known_outcomes;

struct example {
  std::vector<decision> decisions;
  std::uint64_t run;
};

// In the order of "nearest": deviations, then run, then the order of dfs.
std::vector<example> examples() {
  constexpr auto goroutine = decision_kind::goroutine;
  constexpr auto arm = decision_kind::arm;
  constexpr auto timer = decision_kind::timer;
  const decision kept_at_2{2, 0, 0, 3, goroutine};
  return {{{kept_at_2}, 7},
          {{kept_at_2, {5, 1, 1, 2, arm}}, 0},
          {{kept_at_2, {5, 1, 1, 2, goroutine}, {5, 0, 0, 2, arm}}, 0},
          {{kept_at_2, {5, 0, 1, 2, timer}}, 0},
          {{{2, 1, 1, 3, goroutine}}, 0},
          {{{2, 2, 2, 3, goroutine}}, 0},
          {{kept_at_2, {6, 1, 1, 2, goroutine}}, 1},
          {{{2, 1, 1, 3, goroutine}, {6, 1, 1, 2, goroutine}}, 0}};
}

void add(known_outcomes& to, const example& e, execution& record) {
  record.clear(e.run);
  for (const decision& d : e.decisions) record.decided(d);
  record.facts().steps = static_cast<std::uint32_t>(e.decisions.size());
  to.add(record, e.run);
}

std::string text_of(const known_outcomes& set) {
  braid::packer packed;
  for (const braid::outcome& o : set.all()) pack(packed, o);
  return packed.take();
}

TEST_CASE("of two executions the nearer one is kept, whichever comes first", "[checker]") {
  const std::vector<example> all = examples();
  execution record;
  for (std::size_t near = 0; near < all.size(); ++near) {
    for (std::size_t far = near; far < all.size(); ++far) {
      INFO(near << ' ' << far);
      known_outcomes expected;
      add(expected, all[near], record);
      braid::outcome twice = expected.all().front();
      twice.count = 2;
      braid::packer packed;
      pack(packed, twice);

      known_outcomes forward;
      add(forward, all[near], record);
      add(forward, all[far], record);
      known_outcomes backward;
      add(backward, all[far], record);
      add(backward, all[near], record);
      const std::string kept = packed.take();
      CHECK(text_of(forward) == kept);
      CHECK(text_of(backward) == kept);
    }
  }
}

TEST_CASE("sets of outcomes add up in any order", "[checker]") {
  const std::vector<example> all = examples();
  execution record;
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), 0);
  std::string first;
  for (int turn = 0; turn < 200; ++turn) {
    known_outcomes parts[3];
    for (std::size_t i = 0; i < order.size(); ++i) add(parts[i % 3], all[order[i]], record);
    known_outcomes sum;
    for (const known_outcomes& part : parts) {
      for (const braid::outcome& o : part.all()) sum.merge(o);
    }
    if (turn == 0) first = text_of(sum);
    CHECK(text_of(sum) == first);
    for (int step = 0; step < 97; ++step) std::next_permutation(order.begin(), order.end());
  }
}

}  // namespace
