// A search is data: however it is cut into jobs, and wherever it is stopped and resumed, it visits
// the same executions and comes to the same.
//
// Oracle: the search in one piece, by its strategy alone, which knows nothing of jobs.
#include <algorithm>
#include <braid/braid.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "frontier.hpp"
#include "search/do_job.hpp"
#include "search/rounds.hpp"
#include "search/workers.hpp"
#include "strategy/random_bits.hpp"
#include "strategy/run_ranges.hpp"
#include "support/exploring.hpp"

namespace {

using braid::budget;
using braid::execution;
using braid::frontier;
using braid::lockstep_options;
using braid::program;
using braid::random_bits;
using braid::rounds;
using braid::search_state;
using braid::session;
using braid::strategy_options;
using nlohmann::json;

// Trees of several shapes: wide, deep, uneven, a single path.
std::vector<program> searched_programs() {
  return {braid::find_program("lock-order"),
          braid::find_program("print-nums"),
          braid::find_program("direct-goroutine-going"),
          {"wide", [] { braid::println(braid::choose(100) + braid::choose(3)); }},
          {"uneven",
           [] {
             std::uint32_t depth = 0;
             while (depth < 6 && braid::choose(depth + 2) != 0) ++depth;
             braid::println(depth);
           }},
          {"single", [] { braid::println("one"); }}};
}

// An execution, as the alternatives that it took.
std::string path_of(const execution& done) {
  std::string path;
  for (const braid::decision& d : done.decisions()) path += std::to_string(d.rank) + '.';
  return path;
}

using visits = std::map<std::string, int>;

// Does a job, or what its budget allows of it; the rest is left in the session.
void visit(session& s, const execution& record, visits& seen) {
  while (s.begin() == search_state::more) {
    s.execute();
    s.account();
    ++seen[path_of(record)];
  }
}

visits in_one_piece(const program& p, const std::string& strategy = "dfs") {
  visits seen;
  execution record;
  session whole(p, {.name = strategy}, {}, record);
  visit(whole, record, seen);
  return seen;
}

// Takes and puts at random, with budgets at random, and now and then saves and loads it all.
visits in_random_pieces(const program& p, const std::string& strategy, std::uint64_t seed) {
  visits seen;
  execution record;
  session s(p, {.name = strategy}, {}, record);
  random_bits bits(seed, 0);
  std::unique_ptr<frontier> all = braid::make_frontier({.name = strategy});
  std::vector<json> out;
  for (int turn = 0; !all->is_done(); ++turn) {
    REQUIRE(turn < 100'000);
    if (bits.below(2U) == 0) {
      if (std::optional<json> job = all->take()) out.push_back(*job);
    } else if (!out.empty()) {
      s.load(out.front(), {.runs_max = bits.below(5U)});
      out.erase(out.begin());
      visit(s, record, seen);
      all->put(s.rest());
    } else if (bits.below(8U) == 0) {
      const json saved = all->save();
      all = braid::make_frontier({.name = strategy});
      all->load(saved);
    }
  }
  CHECK(out.empty());
  return seen;
}

TEST_CASE("dfs in random pieces visits every execution once", "[checker]") {
  const std::uint64_t seed = GENERATE(range(1, 11));
  for (const program& p : searched_programs()) {
    INFO(p.name << " seed " << seed);
    const visits seen = in_random_pieces(p, "dfs", seed);
    CHECK(std::all_of(seen.begin(), seen.end(), [](const auto& v) { return v.second == 1; }));
    CHECK(seen == in_one_piece(p));
  }
}

// Which execution of a class is visited depends on the pieces; tests/properties/dpor.cpp compares
// the classes.
TEST_CASE("dpor in random pieces visits as many executions as in one", "[checker]") {
  const std::uint64_t seed = GENERATE(range(1, 6));
  for (const char* name : {"lock-order", "print-nums", "timeout", "dpor/fib_bench:3",
                           "dpor/readers:6", "dpor/mutex_counter:3"}) {
    INFO(name << " seed " << seed);
    const program p = braid::find_program(name);
    const visits seen = in_random_pieces(p, "dpor", seed);
    CHECK(std::all_of(seen.begin(), seen.end(), [](const auto& v) { return v.second == 1; }));
    CHECK(seen.size() == in_one_piece(p, "dpor").size());
  }
}

TEST_CASE("the parts of a divided search visit every execution once", "[checker]") {
  const std::uint32_t count = GENERATE(1, 2, 7);
  const program p{"wide", [] { braid::println(braid::choose(200) + braid::choose(3)); }};
  execution record;
  session s(p, {.name = "dfs"}, {}, record);
  visits seen;
  for (std::uint32_t index = 0; index < count; ++index) {
    const auto part = braid::make_frontier({.name = "dfs"});
    CHECK_FALSE(part->divide(index, count));  // one job, of which nothing is known
    visits in_common;
    s.load(*part->take(), {.runs_max = 5});
    visit(s, record, index == 0 ? seen : in_common);
    part->put(s.rest());
    REQUIRE(part->divide(index, count));
    while (const std::optional<json> job = part->take()) {
      s.load(*job, {});
      visit(s, record, seen);
      part->put(s.rest());
    }
    CHECK(part->is_done());
  }
  CHECK(std::all_of(seen.begin(), seen.end(), [](const auto& v) { return v.second == 1; }));
  CHECK(seen == in_one_piece(p));
}

TEST_CASE("the share that is done grows from 0 to 1", "[checker]") {
  const program p = braid::find_program("print-nums");
  const auto all = braid::make_frontier({.name = "dfs"});
  execution record;
  session s(p, {.name = "dfs"}, {}, record);
  double share = all->share_done();
  CHECK(share == 0);
  while (const std::optional<json> job = all->take()) {
    s.load(*job, {.runs_max = 3});
    visits seen;
    visit(s, record, seen);
    all->put(s.rest());
    CHECK(all->share_done() > share);
    share = all->share_done();
  }
  CHECK(share == Approx(1));
  CHECK(all->is_done());
}

// Runs by number.

TEST_CASE("ranges hold every run once however they are cut", "[checker]") {
  const std::uint64_t count = GENERATE(1, 2, 5);
  const std::uint64_t until = GENERATE(1, 7, 1000, 20000);
  std::map<std::uint64_t, int> seen;
  for (std::uint64_t first = 0; first < count; ++first) {
    const auto all = braid::make_run_ranges({first, until, count});
    random_bits bits(until, first);
    std::vector<braid::run_range> out;
    for (bool is_left = true; is_left || !out.empty();) {
      const std::optional<json> job = bits.below(2U) == 0 ? all->take() : std::nullopt;
      if (job) out.push_back(braid::run_range_from_value(*job));
      if (out.empty() || bits.below(2U) == 0) {
        is_left = !out.empty() || job || all->share_done() < 1;
        continue;
      }
      braid::run_range range = out.front();
      out.erase(out.begin());
      for (auto runs = bits.below(40U); runs > 0 && !range.is_empty(); --runs) {
        ++seen[range.first];
        range.first += range.stride;
      }
      all->put(to_value(range));
    }
  }
  CHECK(seen.size() == until);
  CHECK(seen.rbegin()->first == until - 1);
  CHECK(std::all_of(seen.begin(), seen.end(), [](const auto& v) { return v.second == 1; }));
}

// Rounds.

// A search with fail_fast comes past several jobs before the first that fails.
program fails_here_and_there() {
  return {"fails", [] {
            const auto n = braid::choose(30) * 100 + braid::choose(100);
            braid::println(n % 5);
            if (n > 1500 && n % 97 == 0) braid::panic("here");
          }};
}

struct rounds_case {
  std::string strategy;
  budget limits;
};

std::vector<rounds_case> rounds_cases() {
  return {{"dfs", {}},
          {"dfs", {.runs_max = 1000}},
          {"dfs", {.steps_max = 30'000}},
          {"random", {.runs_max = 500}},
          {"random", {.steps_max = 20'000}},
          {"dpor", {}},
          {"dfs", {.fail_fast = true}}};
}

std::string text_of(const rounds& search) {
  json found = to_message(search.found());
  found.erase("outcomes");
  std::vector<std::string> outcomes;  // the order in which they were seen is free
  const braid::tally all = search.found();
  for (const braid::outcome& o : all.outcomes.all()) {
    braid::packer packed;
    pack(packed, o);
    outcomes.push_back(packed.take());
  }
  std::sort(outcomes.begin(), outcomes.end());
  std::string text = found.dump() + " state " + std::to_string(static_cast<int>(search.state()));
  for (const std::string& o : outcomes) text += '\n' + o;
  return text;
}

std::string uninterrupted(const program& p, const rounds_case& c) {
  rounds search({.name = c.strategy}, c.limits);
  const braid::search_plan plan{.strategy = {.name = c.strategy}, .options = {}};
  run_search(p, plan, search, [](const auto&) { return false; });
  return text_of(search);
}

// Does the open jobs in a random order, each in random pieces, and now and then goes on in another
// search that was loaded.
std::string in_random_order(const program& p, const rounds_case& c, std::uint64_t seed) {
  random_bits bits(seed, 1);
  execution record;
  session s(p, {.name = c.strategy}, {}, record);
  auto search = std::make_unique<rounds>(strategy_options{.name = c.strategy}, c.limits);
  search->be_saveable();
  while (search->begin()) {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < search->jobs().size(); ++i) {
      if (search->is_open(search->jobs()[i])) open.push_back(i);
    }
    braid::round_job& j = search->jobs()[open[bits.below(std::uint32_t(open.size()))]];
    s.load(j.job, j.left);
    const std::uint64_t pause_at = 1 + bits.below(60U);
    const search_state state =
        do_job(s, {}, [&](std::uint64_t runs, std::uint64_t) { return runs >= pause_at; });
    j.add(state, s.found(), s.rest());
    if (search->is_decided()) search->end();
    if (bits.below(8U) != 0) continue;
    const json saved = json::from_cbor(json::to_cbor(search->save()));
    search = std::make_unique<rounds>(strategy_options{.name = c.strategy}, c.limits);
    search->be_saveable();
    search->load(saved);
  }
  return text_of(*search);
}

TEST_CASE("jobs come to the same in any order and in any pieces", "[checker][volume]") {
  const std::uint64_t seed = GENERATE(1, 2, 3);
  for (const program& p : {braid::find_program("loop-variable"), braid::find_program("lock-order"),
                           fails_here_and_there()}) {
    for (const rounds_case& c : rounds_cases()) {
      INFO(p.name << ' ' << c.strategy << " seed " << seed);
      CHECK(in_random_order(p, c, seed) == uninterrupted(p, c));
    }
  }
}

// Stops at every `patience`-th look, and goes on in another search.
std::string with_stops(const program& p, const rounds_case& c, int patience, bool supervise,
                       int& stops) {
  const braid::search_plan plan{
      .strategy = {.name = c.strategy}, .options = {}, .supervise = supervise, .workers = 2};
  json saved;
  for (;; ++stops) {
    rounds search({.name = c.strategy}, c.limits);
    search.be_saveable();
    if (!saved.is_null()) search.load(saved);
    int looks = 0;
    run_search(p, plan, search, [&](const auto&) { return ++looks >= patience; });
    if (search.state() != search_state::more) return text_of(search);
    saved = json::from_cbor(json::to_cbor(search.save()));
  }
}

TEST_CASE("a search that is stopped and resumed comes to the same", "[checker]") {
  const int patience = GENERATE(1, 2, 5);
  int stops = 0;
  for (const program& p : searched_programs()) {
    for (const rounds_case& c : rounds_cases()) {
      INFO(p.name << ' ' << c.strategy);
      CHECK(with_stops(p, c, patience, false, stops) == uninterrupted(p, c));
    }
  }
  CHECK(stops > 10);
}

TEST_CASE("a search whose workers are stopped and resumed comes to the same", "[checker]") {
  int stops = 0;
  for (const rounds_case& c : rounds_cases()) {
    INFO(c.strategy);
    const program p = braid::find_program("loop-variable");
    CHECK(with_stops(p, c, 3, true, stops) == uninterrupted(p, c));
  }
  CHECK(stops > 10);
}

}  // namespace
