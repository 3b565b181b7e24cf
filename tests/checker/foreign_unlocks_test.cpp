// Unlocks by a goroutine that did not lock, which rule M2 allows and an option tells.
//
// Oracle: who locks and unlocks is written in each program. What is told must not depend on how the
// search is cut, and nothing else may depend on the option.
#include <unistd.h>
#include <braid/braid.hpp>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "report/json.hpp"
#include "support/exploring.hpp"

namespace {

using braid::explore_options;
using braid::foreign_unlock;
using braid::program;
using braid::report;
using braid::testing::text_of;

// `mutex1: main -> g1`.
std::string in_short(const foreign_unlock& u) {
  return u.object + ": " + u.locked_by + " -> " + u.unlocked_by;
}

using told = std::vector<std::string>;

told warnings_of(const report& r) {
  told all;
  for (const foreign_unlock& u : r.warnings) all.push_back(in_short(u));
  return all;
}

told warnings_of(std::function<void()> main, const std::string& strategy = "dfs") {
  const report r = braid::explore({"test", std::move(main)},
                                  {.strategy = strategy, .warn_foreign_unlocks = true});
  CHECK(r.complete);
  return warnings_of(r);
}

// All that is told, with places and tokens.
std::string text_of_warnings(const report& r) {
  std::string text;
  for (const foreign_unlock& u : r.warnings) {
    text += in_short(u) + ' ' + u.made_at + ' ' + u.locked_at + ' ' + u.unlocked_at + ' ' +
            u.token + '\n';
  }
  return text;
}

std::string place(unsigned line) { return "foreign_unlocks_test.cpp:" + std::to_string(line); }

constexpr unsigned made_line = __LINE__ + 2;
void hand_over() {
  braid::mutex lock;
  auto ready = braid::make_chan<int>();
  lock.lock();  // made_line + 2
  braid::go([&, ready]() mutable {
    lock.unlock();  // made_line + 4
    ready.send(1);
  });
  ready.recv();
}

TEST_CASE("an unlock by another goroutine is told with object, goroutines and places",
          "[checker][M2]") {
  const std::string strategy = GENERATE("dfs", "dpor", "random", "auto");
  const report r = braid::explore(
      {"test", hand_over}, {.strategy = strategy, .runs_max = 100, .warn_foreign_unlocks = true});
  REQUIRE(r.warnings.size() == 1);
  const foreign_unlock& u = r.warnings.front();
  CHECK(u.object == "mutex1");
  CHECK(u.made_at == place(made_line));
  CHECK(u.locked_by == "main");
  CHECK(u.locked_at == place(made_line + 2));
  CHECK(u.unlocked_by == "g1");
  CHECK(u.unlocked_at == place(made_line + 4));
  CHECK(u.token == r.outcomes.front().token);
  CHECK(r.findings.empty());
  CHECK(r.exit_code() == 0);
}

TEST_CASE("without the option nothing is told", "[checker][M2]") {
  CHECK(braid::explore({"test", hand_over}).warnings.empty());
}

TEST_CASE("whoever unlocks what it locked itself is not told", "[checker][M2]") {
  CHECK(warnings_of(
            [] {
              braid::mutex lock;
              braid::shared_mutex shared;
              braid::cond changed;
              bool is_done = false;
              braid::wait_group all;
              for (int i = 0; i < 2; ++i) {
                all.go([&, i] {
                  { const std::lock_guard held(lock); }
                  if (i == 0) {
                    const std::scoped_lock both(shared);
                    return;
                  }
                  if (lock.try_lock()) lock.unlock();
                  if (shared.try_lock()) shared.unlock();
                  {
                    std::unique_lock held(lock);
                    is_done = true;
                    changed.notify_all();
                  }
                });
              }
              {
                std::unique_lock held(lock);
                changed.wait(held, [&] { return is_done; });
              }
              all.wait();
            },
            "dpor")
            .empty());
}

TEST_CASE(
    "locks by try_lock, and of a shared_mutex for writing, are told; those of readers are not",
    "[checker][M2]") {
  CHECK(warnings_of([] {
          auto done = braid::make_chan<int>();
          braid::mutex tried;
          braid::shared_mutex writes;
          braid::shared_mutex tries;
          braid::shared_mutex reads;
          (void)tried.try_lock();
          writes.lock();
          (void)tries.try_lock();
          reads.lock_shared();
          braid::go([&, done]() mutable {
            tried.unlock();
            writes.unlock();
            tries.unlock();
            reads.unlock_shared();
            done.send(1);
          });
          done.recv();
        }) == told{"mutex1: main -> g1", "rwmutex1: main -> g1", "rwmutex2: main -> g1"});
}

TEST_CASE("an unlock of what nobody has locked is fatal, and no foreign one", "[checker][M2][M4]") {
  CHECK(warnings_of([] {
          braid::mutex lock;
          auto done = braid::make_chan<int>();
          lock.lock();
          lock.unlock();
          braid::go([&, done]() mutable {
            lock.unlock();
            done.send(1);
          });
          done.recv();
        }).empty());
}

// The lock changes hands: who was given it by an unlock has locked it.
TEST_CASE("a goroutine that waited for the lock holds it afterwards", "[checker][M2]") {
  CHECK(warnings_of([] {
          braid::mutex lock;
          lock.lock();
          braid::wait_group all;
          all.go([&] {
            lock.lock();
            lock.unlock();
          });
          braid::this_goroutine::yield();
          lock.unlock();
          all.wait();
        }).empty());
}

// Two ways to the unlock: the nearest schedule is the default one, if main unlocks.
void sometimes_foreign() {
  braid::mutex lock;
  braid::atomic<bool> was_unlocked = false;
  auto done = braid::make_chan<int>();
  const auto unlock_once = [&] {
    if (!was_unlocked.exchange(true)) lock.unlock();
  };
  lock.lock();
  braid::go([&, done]() mutable {
    unlock_once();
    done.send(1);
  });
  unlock_once();
  done.recv();
}

TEST_CASE("what happens in some schedules only has a token that shows it", "[checker][M2]") {
  const std::string strategy = GENERATE("dfs", "dpor");
  const program p{"test", sometimes_foreign};
  const explore_options options{.strategy = strategy, .warn_foreign_unlocks = true};
  const report r = braid::explore(p, options);
  REQUIRE(warnings_of(r) == told{"mutex1: main -> g1"});
  REQUIRE(r.outcomes.size() == 1);
  const std::string token = r.warnings.front().token;
  CHECK(token != r.outcomes.front().token);
  CHECK(warnings_of(braid::replay(p, token, options).outcome) == told{"mutex1: main -> g1"});
  CHECK(braid::replay(p, token, options).same_trace);
  CHECK(braid::replay(p, token, {}).outcome.warnings.empty());
  CHECK(braid::replay(p, r.outcomes.front().token, options).outcome.warnings.empty());
}

// Not within a macro, which would be one line.
void at_two_places() {
  auto done = braid::make_chan<int>();
  braid::mutex a;
  braid::mutex b;
  for (int i = 0; i < 6; ++i) {
    braid::mutex& lock = i % 2 == 0 ? a : b;
    lock.lock();
    braid::go([&, done, i]() mutable {
      if (i < 4) lock.unlock();
      if (i >= 4) {
        lock.unlock();
      }
      done.send(1);
    });
    done.recv();
  }
}

TEST_CASE("of many foreign unlocks each object is told once for each two places", "[checker][M2]") {
  CHECK(warnings_of(at_two_places) == told{"mutex1: main -> g1", "mutex1: main -> g5",
                                           "mutex2: main -> g2", "mutex2: main -> g6"});
}

// Foreign unlocks beside a race, leaks and prints, in some schedules only.
void all_sorts() {
  auto lock = std::make_shared<braid::mutex>();
  auto writes = std::make_shared<braid::shared_mutex>();
  auto n = std::make_shared<braid::var<int>>(0);
  auto c = braid::make_chan<int>();
  writes->lock();
  braid::go([=]() mutable {
    lock->lock();
    n->write(1);
    c.send(1);
  });
  braid::go([=]() mutable {
    if (n->read() == 1) writes->unlock();
    if (c.recv().value == 1) lock->unlock();
  });
  if (lock->try_lock()) {
    braid::println("took");
    lock->unlock();
  }
}

std::vector<program> programs_that_unlock() {
  return {{"hand-over", hand_over},
          {"sometimes", sometimes_foreign},
          {"all-sorts", all_sorts},
          braid::find_program("lock-order")};
}

TEST_CASE("the option changes neither classes nor outcomes nor tokens", "[checker][M2]") {
  const std::string strategy = GENERATE("dfs", "dpor", "auto", "random", "surw");
  for (const program& p : programs_that_unlock()) {
    INFO(p.name << ' ' << strategy);
    explore_options options{.strategy = strategy};
    if (strategy == "random" || strategy == "surw") options.runs_max = 200;
    report plain = braid::explore(p, options);
    options.warn_foreign_unlocks = true;
    report warned = braid::explore(p, options);
    CHECK(text_of(warned) == text_of(plain));
    CHECK(warned.classes == plain.classes);
    CHECK(warned.blocked == plain.blocked);
    CHECK(warned.exit_code() == plain.exit_code());
    CHECK(plain.warnings.empty());
  }
}

TEST_CASE("the same is told without looking for races", "[checker][M2]") {
  for (const program& p : programs_that_unlock()) {
    INFO(p.name);
    explore_options options{.strategy = "dfs", .warn_foreign_unlocks = true};
    const report all = braid::explore(p, options);
    options.check_races = false;
    const report without = braid::explore(p, options);
    CHECK(warnings_of(without) == warnings_of(all));
    CHECK_FALSE(without.has(braid::verdict::race));
  }
}

TEST_CASE("dpor tells what dfs tells", "[checker][M2]") {
  for (const program& p : programs_that_unlock()) {
    INFO(p.name);
    const auto by = [&](const std::string& strategy) {
      return text_of_warnings(
          braid::explore(p, {.strategy = strategy, .warn_foreign_unlocks = true}));
    };
    CHECK(by("dpor") == by("dfs"));
  }
}

TEST_CASE("processes, shards and checkpoints tell the same foreign unlocks", "[checker][M2]") {
  const std::string strategy = GENERATE("dfs", "dpor", "random", "auto");
  for (const program& p : programs_that_unlock()) {
    INFO(p.name << ' ' << strategy);
    explore_options options{.strategy = strategy, .warn_foreign_unlocks = true};
    if (strategy == "random") options.runs_max = 500;
    const std::string alone = text_of_warnings(braid::explore(p, options));
    explore_options two = options;
    two.supervise = true;
    two.workers = 2;
    CHECK(text_of_warnings(braid::explore(p, two)) == alone);

    std::vector<report> shards;
    for (std::uint32_t i = 0; i < 3; ++i) {
      explore_options part = options;
      part.shard = {.index = i, .count = 3};
      // As files hold them.
      shards.push_back(braid::report_from_json(braid::to_json(braid::explore(p, part))));
    }
    CHECK(text_of_warnings(braid::merge(shards)) == alone);

    std::string file = "/tmp/braid-test-XXXXXX";
    const int descriptor = mkstemp(file.data());
    REQUIRE(descriptor >= 0);
    close(descriptor);
    explore_options kept = options;
    kept.checkpoint = file;
    CHECK(text_of_warnings(braid::explore(p, kept)) == alone);
    kept.checkpoint.clear();
    kept.resume = file;
    CHECK(text_of_warnings(braid::explore(p, kept)) == alone);
    kept.warn_foreign_unlocks = false;
    CHECK_THROWS_AS(braid::explore(p, kept), braid::unusable_file);
    unlink(file.c_str());
  }
}

}  // namespace
