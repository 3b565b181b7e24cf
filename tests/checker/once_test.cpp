// wait_group::go, once, once_func and once_value under every schedule.
//
// Oracle: rules W6, W8-W11 and hand-made lists of outcomes.
#include <array>
#include <braid/braid.hpp>
#include <stdexcept>
#include <string>

#include "support/exploring.hpp"
#include "support/together.hpp"

namespace {

using braid::testing::all_outcomes;
using braid::testing::explore_all;
using braid::testing::only_output;
using braid::testing::outcomes;
using braid::testing::outcomes_of;
using braid::testing::together;

TEST_CASE("under the checker, wait returns when all functions started by go have returned",
          "[checker][W6]") {
  CHECK(all_outcomes([] {
          braid::wait_group group;
          for (int i = 0; i < 2; ++i) group.go([i] { braid::print(i); });
          group.wait();
          braid::print("!");
        }) == outcomes{"01!", "10!"});
}

TEST_CASE("a goroutine of a wait group can have a name", "[checker][W6]") {
  const braid::report r = explore_all([] {
    braid::wait_group group;
    group.go({.name = "fetcher"}, [] { braid::chan<int>().recv(); });
    group.wait();
  });
  REQUIRE(r.findings.size() == 1);
  const auto& waiting = r.findings[0].goroutines;
  CHECK(std::any_of(waiting.begin(), waiting.end(),
                    [](const auto& g) { return g.label == "fetcher"; }));
}

// Go's TestIssue76126: in no schedule does main go on.
TEST_CASE("a panic in a function started by go never releases wait", "[checker][W6]") {
  CHECK(all_outcomes([] {
          braid::wait_group group;
          group.go([] { braid::panic("from go"); });
          group.wait();
          braid::print("released");
        }) == outcomes{{"", "panic"}});
}

TEST_CASE("one of two callers of a once runs it, and no call returns before it has",
          "[checker][W8]") {
  CHECK(all_outcomes([] {
          braid::once once;
          braid::var<int> written = 0;
          int runner = -1;
          std::array<int, 2> seen{};
          together(2, [&](int i) {
            once.call([&] {
              runner = i;
              written = 7;
            });
            seen[static_cast<std::size_t>(i)] = written;
          });
          braid::print(runner, seen[0], seen[1]);
        }) == outcomes{"077", "177"});
}

TEST_CASE("a function that panics counts as called, in every schedule", "[checker][W9]") {
  CHECK(all_outcomes([] {
          braid::once once;
          together(2, [&](int i) {
            try {
              once.call([&] { throw i; });
              braid::print("-");
            } catch (const int thrown) {
              braid::print(thrown == i);
            }
          });
        }) == outcomes{"-true", "true-"});
}

TEST_CASE("a function that calls its own once waits for itself", "[checker][W10]") {
  const auto r = explore_all([] {
    braid::once once;
    once.call([&] { once.call([] {}); });
  });
  CHECK(outcomes_of(r) == outcomes{{"", "deadlock"}});
  const braid::involved_goroutine& main = r.findings.at(0).goroutines.at(0);
  CHECK(main.holds == std::vector<std::string>{main.waits_for});
}

TEST_CASE("once_value computes once, and every call gives that value", "[checker][W11]") {
  CHECK(only_output([] {
          braid::var<int> calls = 0;
          const auto value = braid::once_value([&] {
            ++calls;
            return calls.read();
          });
          std::array<int, 2> seen{};
          together(2, [&, value](int i) { seen[static_cast<std::size_t>(i)] = value(); });
          braid::print(seen[0], seen[1], calls.read());
        }) == "111");
}

TEST_CASE("once_func panics alike on every call, and is called once", "[checker][W11]") {
  CHECK(only_output([] {
          int calls = 0;
          const auto function = braid::once_func([&] {
            ++calls;
            throw std::runtime_error("lost");
          });
          together(2, [&, function](int) {
            try {
              function();
            } catch (const std::runtime_error& panic) {
              braid::print(panic.what(), calls);
            }
          });
        }) == "lost1lost1");
}

}  // namespace
