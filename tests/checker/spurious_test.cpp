// What Go's rules allow and Go never does (rules M5, W12): only if it is asked for.
//
// Oracle: hand-made lists of outcomes.
#include <braid/braid.hpp>
#include <mutex>
#include <string>

#include "support/exploring.hpp"
#include "support/together.hpp"

namespace {

using braid::testing::announce;
using braid::testing::outcomes;
using braid::testing::outcomes_of;

outcomes explored(const std::function<void()>& body, const std::string& strategy,
                  bool is_spurious) {
  const braid::report r = braid::explore(
      {"spurious", body},
      {.strategy = strategy, .spurious_try_locks = is_spurious, .spurious_wake_ups = is_spurious});
  CHECK(r.complete);
  // Each token reproduces its outcome.
  for (const braid::reported_outcome& o : r.outcomes) {
    const braid::replay_result again =
        braid::replay({"spurious", body}, o.token,
                      {.spurious_try_locks = is_spurious, .spurious_wake_ups = is_spurious});
    CHECK(again.same_trace);
    CHECK(again.outcome.outcomes.at(0).output == o.output);
  }
  return outcomes_of(r);
}

TEST_CASE("try_lock of a free mutex may fail, if that is asked for", "[checker][M5]") {
  const std::string strategy = GENERATE("dfs", "dpor");
  const auto body = [] {
    braid::mutex lock;
    braid::shared_mutex book;
    braid::print(lock.try_lock());
    braid::print(book.try_lock_shared());
  };
  CHECK(explored(body, strategy, false) == outcomes{"truetrue"});
  CHECK(explored(body, strategy, true) ==
        outcomes{"truetrue", "truefalse", "falsetrue", "falsefalse"});
}

// What an attempt touches does not depend on the choice: a failure that was chosen is no less a
// conflict than the attempt that takes the lock.
TEST_CASE("dpor loses no outcome where attempts may fail by choice", "[checker][M5]") {
  const auto body = [] {
    braid::mutex lock;
    braid::wait_group all;
    all.go([&] {
      for (int i = 0; i < 2; ++i) {
        const bool taken = lock.try_lock();
        braid::println(taken);
        if (taken) lock.unlock();
      }
    });
    braid::println("m", lock.try_lock());
    all.wait();
  };
  CHECK(explored(body, "dpor", true) == explored(body, "dfs", true));
}

// A goroutine that announces something, and main, which waits for it as `wait_for` does.
template <class Wait>
std::function<void()> announcement(Wait wait_for) {
  return [=] {
    braid::mutex lock;
    braid::cond changed;
    braid::wait_group all;
    bool is_done = false;
    announce(all, lock, changed, is_done);
    lock.lock();
    wait_for(changed, lock, is_done);
    braid::print(is_done);
    lock.unlock();
    all.wait();
  };
}

// `if` where there should be `while`.
TEST_CASE("a wait may end without a notification, if that is asked for", "[checker][W12]") {
  const std::string strategy = GENERATE("dfs", "dpor");
  const auto body = announcement([](braid::cond& changed, braid::mutex& lock, const bool& is_done) {
    if (!is_done) changed.wait(lock);
  });
  CHECK(explored(body, strategy, false) == outcomes{"true"});
  CHECK(explored(body, strategy, true) == outcomes{"true", "false"});
}

TEST_CASE("a wait with a condition does not mind spurious wake-ups", "[checker][W12]") {
  const std::string strategy = GENERATE("dfs", "dpor");
  const auto body = announcement([](braid::cond& changed, braid::mutex& lock, const bool& is_done) {
    changed.wait(lock, [&] { return is_done; });
  });
  CHECK(explored(body, strategy, true) == outcomes{"true"});
}

}  // namespace
