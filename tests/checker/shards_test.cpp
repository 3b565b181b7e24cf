// Shards: each does its part, and together they do what the whole search does.
//
// Oracle: the report of the whole search, compared in all but its seconds.
#include <braid/braid.hpp>
#include <csignal>
#include <mutex>
#include <string>
#include <vector>

#include "report/json.hpp"
#include "support/exploring.hpp"

namespace {

using braid::explore_options;
using braid::program;
using braid::report;
using braid::timer_mode;
using braid::testing::text_of;

// 30,240 executions, most of them after the search is divided.
program mixed() {
  return {"mixed", [] {
            for (int i = 0; i < 3; ++i) {
              braid::go([i] {
                braid::this_goroutine::yield();
                if (i == 2) braid::chan<int>().recv();
                braid::println(i);
              });
            }
            braid::println(braid::choose(4));
            braid::this_goroutine::yield();
          }};
}

// dpor ends with a gap, so auto goes on to dfs, which sees the loop behind main's end.
program loops_after_end() {
  return {"loops-after-end", [] {
            braid::atomic<int> flag = 0;
            braid::go([&] {
              while (flag.load() == 0) continue;
            });
            braid::println("end");
          }};
}

// Every execution is cut, dpor's are few, and one in fifty has a finding.
program busy() {
  return {"busy", [] {
            braid::mutex m;
            braid::go([&] {
              for (;;) {
                m.lock();
                m.unlock();
              }
            });
            braid::go([] {
              if (braid::choose(50) == 7) braid::panic("rare");
            });
            braid::chan<int>().recv();
          }};
}

// Of three goroutines one may be killed: what the others could do instead dpor does not explore.
program crashing() {
  return {"crashing", [] {
            braid::atomic<int> n = 0;
            for (int i = 0; i < 3; ++i) {
              braid::go([&, i] {
                if (n.fetch_add(1) == 2 && i == 0) std::raise(SIGSEGV);
              });
            }
            while (n.load() < 3) braid::this_goroutine::yield();
            braid::println(n.load());
          }};
}

// One outcome. Which accesses race depends on who comes first, and many executions show each.
program racing() {
  return {"racing", [] {
            braid::var<int> x;
            braid::var<int> y;
            braid::atomic<int> turn = 0;
            for (int i = 0; i < 3; ++i) {
              braid::go([&, i] {
                braid::this_goroutine::yield();
                // No partner: it orders nothing, so the accesses race.
                const int came = turn.fetch_add(1, std::memory_order_relaxed);
                if (came == i) x.write(1);
                if (came > i) x.write(2);
                if (came < i) y.write(3);
                if (came == 2) y.write(4);
              });
            }
            braid::chan<int>().recv();
          }};
}

report shard_of(const program& p, explore_options options, std::uint32_t index,
                std::uint32_t count) {
  options.shard = {.index = index, .count = count};
  return braid::explore(p, options);
}

std::vector<report> shards_of(const program& p, const explore_options& options,
                              std::uint32_t count) {
  std::vector<report> all;
  for (std::uint32_t i = 0; i < count; ++i) all.push_back(shard_of(p, options, i, count));
  return all;
}

struct shards_case {
  program what;
  explore_options options;
};

std::vector<shards_case> cases() {
  const program small = braid::find_program("lock-order");
  const program several = braid::find_program("loop-variable");
  return {{mixed(), {.strategy = "dfs"}},
          {mixed(), {.strategy = "auto"}},
          {several, {.strategy = "dfs", .timers = timer_mode::free}},
          {several, {.strategy = "random", .runs_max = 1000}},
          {several, {.strategy = "random", .runs_max = 2}},
          {small, {.strategy = "dfs"}},
          {small, {.strategy = "auto"}},
          {small, {.strategy = "dpor"}},
          {racing(), {.strategy = "dfs"}},
          {loops_after_end(), {.strategy = "auto"}},
          {busy(), {.strategy = "auto", .seed = 2, .runs_max = 400, .steps_max = 60}},
          {braid::find_program("deadlock-beside-ticker"),
           {.strategy = "auto", .runs_max = 500, .steps_max = 200}}};
}

TEST_CASE("shards add up to the whole search", "[checker]") {
  const std::uint32_t count = GENERATE(1, 2, 3, 8);
  for (const shards_case& c : cases()) {
    INFO(c.what.name << ' ' << c.options.strategy << ' ' << count);
    CHECK(text_of(braid::merge(shards_of(c.what, c.options, count))) ==
          text_of(braid::explore(c.what, c.options)));
  }
}

TEST_CASE("shards add up as JSON too, and whatever their order", "[checker]") {
  for (const shards_case& c : cases()) {
    INFO(c.what.name << ' ' << c.options.strategy);
    const std::vector<report> shards = shards_of(c.what, c.options, 3);
    std::vector<report> read;
    for (const std::size_t i : {2, 0, 1}) {
      read.push_back(
          braid::report_from_json(braid::json::parse(braid::text_of(braid::to_json(shards[i])))));
    }
    braid::json sum = braid::to_json(braid::merge(read));
    braid::json whole = braid::to_json(braid::explore(c.what, c.options));
    const auto reversed = braid::to_json(braid::merge({read.rbegin(), read.rend()}));
    CHECK(reversed == sum);
    sum.erase("seconds");
    whole.erase("seconds");
    if (sum["complete"] == false || !whole.value("why_dfs", "").empty())
      sum["estimate"] = whole["estimate"];
    CHECK(sum == whole);
  }
}

TEST_CASE("auto goes on alike in all shards where dpor has a gap", "[checker]") {
  const explore_options options{.supervise = true};
  for (const program& p : {loops_after_end(), crashing()}) {
    INFO(p.name);
    const report sum = braid::merge(shards_of(p, options, 3));
    const report whole = braid::explore(p, options);
    REQUIRE_FALSE(whole.why_dfs.empty());
    CHECK(sum.why_dfs == whole.why_dfs);
    CHECK(sum.strategy == "dfs");
    CHECK(sum.executions == whole.executions);
    CHECK(sum.complete == whole.complete);
    CHECK(sum.exit_code() == whole.exit_code());
  }
}

TEST_CASE("auto goes on alike in all shards where executions of dpor were cut", "[checker]") {
  for (const report& r : shards_of(busy(), {.runs_max = 400, .steps_max = 60}, 3)) {
    CHECK(r.strategy == "portfolio");
    CHECK(r.sampled > 50);
    CHECK_FALSE(r.classes);
    CHECK_FALSE(r.shard->complete);
  }
}

TEST_CASE("a sum says so when only some of its shards went on to samples", "[checker]") {
  std::vector<report> shards = shards_of(mixed(), {.runs_max = 1000, .preemptions_max = 3}, 3);
  REQUIRE(shards[1].strategy == "portfolio");
  shards[1].strategy = "dfs";
  shards[1].shard->complete = true;
  shards[1].shard->why_incomplete.clear();
  CHECK(braid::merge(shards).why_incomplete.find(
            "; shard 1 drew no samples, though others did, for its part of dfs ended") !=
        std::string::npos);
}

TEST_CASE("each shard of a large search has about its part", "[checker]") {
  const std::vector<report> shards = shards_of(mixed(), {.strategy = "dfs"}, 4);
  for (const report& r : shards) {
    CHECK(r.executions > 30'240 / 10);
    CHECK(r.executions < 30'240 / 2);
    CHECK_FALSE(r.complete);
    CHECK(r.shard->complete);
    CHECK(r.shard->digest == shards[0].shard->digest);
  }
  CHECK(shards[1].why_incomplete == "this is shard 1 of shards 0 to 3");
}

TEST_CASE("the budget of runs is that of all shards together", "[checker]") {
  const std::string strategy = GENERATE("dfs", "random");
  for (const std::uint64_t runs_max : {1, 100, 10'001, 20'000}) {
    const report sum =
        braid::merge(shards_of(mixed(), {.strategy = strategy, .runs_max = runs_max}, 3));
    CHECK(sum.executions == runs_max);
    CHECK_FALSE(sum.complete);
  }
}

TEST_CASE("a shard that is interrupted and resumed comes to the same", "[checker]") {
  char path[] = "/tmp/braid-test-XXXXXX";
  REQUIRE(mkdtemp(path) != nullptr);
  explore_options options{.strategy = "dfs"};
  const std::string alone = text_of(shard_of(mixed(), options, 1, 3));
  for (const int patience : {3, 10, 40, 80}) {
    INFO(patience);
    options.checkpoint = std::string(path) + "/checkpoint";
    int asked = 0;
    options.interrupted = [&] { return ++asked > patience; };
    CHECK(shard_of(mixed(), options, 1, 3).was_interrupted);
    explore_options resumed{.strategy = "dfs", .resume = options.checkpoint};
    CHECK(text_of(shard_of(mixed(), resumed, 1, 3)) == alone);
    CHECK_THROWS_AS(shard_of(mixed(), resumed, 2, 3), braid::unusable_file);
    CHECK_THROWS_AS(shard_of(mixed(), resumed, 1, 4), braid::unusable_file);
  }
  REQUIRE(std::system(("rm -r " + std::string(path)).c_str()) == 0);
}

TEST_CASE("a sum without all shards is incomplete, and names those that are missing", "[checker]") {
  std::vector<report> shards = shards_of(mixed(), {.strategy = "dfs"}, 3);
  shards.erase(shards.begin() + 1);
  const report sum = braid::merge(shards);
  CHECK_FALSE(sum.complete);
  CHECK(sum.why_incomplete == "shard 1 is missing, of shards 0 to 2");
  CHECK(sum.executions == shards[0].executions + shards[1].executions);
  CHECK(braid::merge({shards[1]}).why_incomplete == "shards 0, 1 are missing, of shards 0 to 2");
}

TEST_CASE("a sum with a shard that is incomplete is incomplete", "[checker]") {
  std::vector<report> shards = shards_of(mixed(), {.strategy = "dfs"}, 2);
  shards[1].shard->complete = false;
  shards[1].shard->why_incomplete = "for a reason";
  const report sum = braid::merge(shards);
  CHECK_FALSE(sum.complete);
  CHECK(sum.why_incomplete == "shard 1: for a reason");
}

std::string refusal_of(const std::vector<report>& shards) {
  try {
    braid::merge(shards);
  } catch (const braid::unfit_shards& why) {
    return why.what();
  }
  return "";
}

TEST_CASE("shards of different searches are not added up", "[checker]") {
  const explore_options options{.strategy = "dfs"};
  const program p = braid::find_program("lock-order");
  const report one = shard_of(p, options, 0, 2);
  const auto with = [&](explore_options other) { return shard_of(p, other, 1, 2); };
  CHECK(refusal_of({one, shard_of(p, options, 1, 2)}).empty());
  CHECK(refusal_of({}) == "there are no shards to add up");
  CHECK(refusal_of({one, one}) == "shard 0 is given twice");
  CHECK(refusal_of({one, braid::explore(p, options)}) ==
        "the result is of no shard, but of a whole search");
  CHECK(refusal_of({one, shard_of(p, options, 1, 3)}) == "a shard of 2 and one of 3 do not add up");
  CHECK(refusal_of({one, shard_of(braid::find_program("timeout"), options, 1, 2)}) ==
        "shards of the programs lock-order and timeout do not add up");
  const std::string stranger = "shard 1 is of another search: the program or the options differ";
  CHECK(refusal_of({one, with({.strategy = "random"})}) == stranger);
  CHECK(refusal_of({one, with({.strategy = "dfs", .seed = 2})}) == stranger);
  CHECK(refusal_of({one, with({.strategy = "dfs", .runs_max = 9})}) == stranger);
  CHECK(refusal_of({one, with({.strategy = "dfs", .timers = timer_mode::free})}) == stranger);
  CHECK(refusal_of({one, with({.strategy = "dfs", .preemptions_max = 2})}) == stranger);
  CHECK(refusal_of({one, with({.strategy = "dfs", .delays_max = 2})}) == stranger);
  const program changed{"lock-order", [] { braid::println("something else"); }};
  CHECK(refusal_of({one, shard_of(changed, options, 1, 2)}) == stranger);
}

}  // namespace
