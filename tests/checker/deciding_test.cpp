// The deciding step, the order that decides, and the nearest execution that goes well.
//
// Oracle: programs whose fate is known from their text; and for small ones every continuation, by
// exhausting the program: an execution that has the steps before the deciding one in common with
// the failing execution, and goes well, must exist, and none that has the deciding one too.
#include <algorithm>
#include <braid/braid.hpp>
#include <braid/explore.hpp>
#include <braid/scenario.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace {

using braid::happening;
using braid::program;
using braid::shrink_result;
using braid::turning_point;
using braid::verdict;

const braid::explore_options no_races = {.check_races = false};

shrink_result shrunk(const program& p, verdict what, const braid::explore_options& options) {
  braid::explore_options all = options;
  all.strategy = "dfs";
  const braid::report r = braid::explore(p, all);
  REQUIRE(r.has(what));
  return braid::shrink(p, r.first(what).token, options);
}

void inversion() {
  braid::mutex a, b;
  braid::wait_group both;
  both.add(2);
  braid::go([&] {
    a.lock();
    b.lock();
    b.unlock();
    a.unlock();
    both.done();
  });
  braid::go([&] {
    b.lock();
    a.lock();
    a.unlock();
    b.unlock();
    both.done();
  });
  both.wait();
}

TEST_CASE("a lock order inversion is decided when both have their first lock",
          "[checker][shrink]") {
  const program p{"inversion", inversion};
  const shrink_result r = shrunk(p, verdict::deadlock, no_races);
  const turning_point& t = r.found.turn;
  REQUIRE(t.is_known);
  CHECK(t.is_exhausted);
  CHECK(t.decided_by.goroutine == "g2");
  CHECK(t.decided_by.operation == "mutex2.lock");
  REQUIRE(t.swap.size() == 2);
  CHECK(t.swap[0].operation == "mutex2.lock");
  CHECK(t.swap[1].operation == "mutex2.lock");
  CHECK(t.swap[0].goroutine != t.swap[1].goroutine);
  CHECK(t.swap[1].step == 0);
  CHECK(t.without == r.token.substr(0, r.token.find('~')));
  const braid::replay_result good = braid::replay(p, t.good_token, no_races);
  CHECK(good.same_trace);
  CHECK(!good.outcome.outcomes[0].has(verdict::deadlock));
}

TEST_CASE("what always fails is decided before the first step", "[checker][shrink]") {
  const program p{"always", [] {
                    braid::go([] { braid::this_goroutine::yield(); });
                    braid::this_goroutine::yield();
                    braid::panic("in any case");
                  }};
  const shrink_result r = shrunk(p, verdict::panic, no_races);
  CHECK(r.found.turn.is_known);
  CHECK(r.found.turn.is_exhausted);
  CHECK(r.found.turn.decided_by.step == 0);
  CHECK(r.found.turn.good_token.empty());
  CHECK(r.found.turn.swap.empty());
}

TEST_CASE("the order of two accesses that decides is told", "[checker][shrink]") {
  const program p{"lost", [] {
                    braid::atomic<int> n = 0;
                    braid::wait_group both;
                    both.add(2);
                    for (int i = 0; i < 2; ++i) {
                      braid::go([&] {
                        n.store(n.load() + 1);
                        both.done();
                      });
                    }
                    both.wait();
                    if (n.load() != 2) braid::panic("lost");
                  }};
  const shrink_result r = shrunk(p, verdict::panic, no_races);
  const turning_point& t = r.found.turn;
  REQUIRE(t.is_known);
  CHECK(t.is_exhausted);
  CHECK(r.found.preemptions == 1);
  // A store after the other one's load.
  REQUIRE(t.swap.size() == 2);
  CHECK(t.swap[0].step < t.swap[1].step);
  CHECK(t.swap[0].goroutine != t.swap[1].goroutine);
}

// Without a row's names of objects, which are the same if what comes before is.
bool is_same(const happening& a, const happening& b) {
  return a.step == b.step && a.goroutine == b.goroutine && a.text == b.text && a.value == b.value;
}

// The steps that two executions have in common.
std::uint32_t common_steps(const braid::history& a, const braid::history& b) {
  std::uint32_t last = 0;
  std::size_t other = 0;
  for (const happening& row : a.rows) {
    if (row.step == 0) continue;
    while (other < b.rows.size() && b.rows[other].step == 0) ++other;
    if (other == b.rows.size() || !is_same(row, b.rows[other])) return last;
    last = row.step;
    ++other;
  }
  return last;
}

TEST_CASE("the deciding step is the first after which nothing goes well", "[checker][shrink]") {
  for (const char* name : {"sct/deadlock01", "sct/bluetooth_driver", "sct/reorder_3"}) {
    const program p = braid::find_program(name);
    const braid::report all = braid::explore(p, {.strategy = "dfs", .check_races = false});
    const verdict what = all.findings.at(0).what;
    const shrink_result r = braid::shrink(p, all.findings.at(0).token, no_races);
    const turning_point& t = r.found.turn;
    INFO(name << " " << r.token << " decided at " << t.decided_by.step);
    REQUIRE(t.is_known);
    CHECK(t.is_exhausted);
    const braid::replay_result good = braid::replay(p, t.good_token, no_races);
    CHECK(!good.outcome.outcomes[0].has(what));
    CHECK(t.first_difference <= t.decided_by.step);
    CHECK(common_steps(r.told, good.told) + 1 >= t.first_difference);
    for (const braid::reported_outcome& o : all.outcomes) {
      if (o.has(what)) continue;
      const braid::replay_result other = braid::replay(p, o.token, no_races);
      CHECK(common_steps(r.told, other.told) < t.decided_by.step);
    }
  }
}

TEST_CASE("diff finds where a failing execution and the nearest good one part",
          "[checker][shrink]") {
  const program p{"inversion", inversion};
  const shrink_result r = shrunk(p, verdict::deadlock, no_races);
  const braid::diff_result d = braid::diff(p, r.token, {}, no_races);
  CHECK(d.has_finding);
  REQUIRE(d.has_good);
  CHECK(!d.good.outcomes[0].has(verdict::deadlock));
  CHECK(d.first_difference == r.found.turn.first_difference);
  CHECK(common_steps(d.bad_told, d.good_told) + 1 == d.first_difference);
  const braid::diff_result same = braid::diff(p, r.token, r.token, no_races);
  CHECK(same.first_difference == 0);
  const braid::diff_result none = braid::diff(p, "0", {}, no_races);
  CHECK(!none.has_finding);
  CHECK(!none.has_good);
}

}  // namespace
