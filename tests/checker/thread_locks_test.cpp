// Goroutines with a thread of their own (rule R3): under the checker all run on one thread, so a
// thread_lock must change nothing but dumps.
//
// Oracle: the report of the same program without locks, in all but its seconds.
#include <braid/braid.hpp>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

#include "support/exploring.hpp"

namespace {

using braid::testing::all_outcomes;
using braid::testing::only_output;
using braid::testing::outcomes;
using braid::testing::text_of;

// Two goroutines that hand values over, one of them under a lock if there is one, and print.
void talk(bool locked) {
  auto values = braid::make_chan<int>(1);
  braid::wait_group all;
  all.add(2);
  braid::go([&, values]() mutable {
    {
      std::optional<braid::thread_lock> outer;
      std::optional<braid::thread_lock> inner;
      if (locked) outer.emplace();
      values.send(1);
      if (locked) inner.emplace();
      braid::this_goroutine::yield();
      braid::println("sent");
    }
    all.done();
  });
  braid::go([&, values]() mutable {
    braid::println("got", values.recv().value);
    all.done();
  });
  all.wait();
}

TEST_CASE("thread_locks change nothing that is explored: classes, outcomes and tokens are the same",
          "[checker][R3]") {
  const std::string strategy = GENERATE("dpor", "dfs", "random");
  const auto explored = [&](bool locked) {
    return text_of(braid::explore({"talk", [locked] { talk(locked); }},
                                  {.strategy = strategy, .seed = 3, .runs_max = 100'000}));
  };
  CHECK(explored(true) == explored(false));
}

TEST_CASE("a dump shows who holds a thread_lock, until the last one goes", "[checker][R3]") {
  CHECK(only_output([] {
          const auto look = [] {
            std::ostringstream text;
            braid::dump(text);
            const std::string first = text.str().substr(0, text.str().find('\n'));
            braid::println(first);
          };
          look();
          std::optional<braid::thread_lock> first(std::in_place);
          std::optional<braid::thread_lock> second(std::in_place);
          look();
          first.reset();
          look();
          second.reset();
          look();
        }) ==
        "goroutine 1 [running]:\n"
        "goroutine 1 [running, locked to thread]:\n"
        "goroutine 1 [running, locked to thread]:\n"
        "goroutine 1 [running]:\n");
}

TEST_CASE("a dump shows a goroutine that waits with a thread_lock", "[checker][R3][D3]") {
  const outcomes all = all_outcomes([] {
    auto c = braid::make_chan<int>();
    braid::go([c]() mutable {
      const braid::thread_lock own_thread;
      c.recv();
    });
    braid::this_goroutine::yield();
    std::ostringstream text;
    braid::dump(text);
    const std::string waits = "goroutine 2 [chan receive, locked to thread]:";
    braid::println(text.str().find(waits) != std::string::npos ? "waits" : "runs");
    c.send(1);
  });
  CHECK(all == outcomes{"waits\n", "runs\n"});
}

// Go's TestLockedDeadlock and TestLockedDeadlock2.
TEST_CASE("a deadlock of goroutines that hold thread_locks is found", "[checker][R3][D1]") {
  CHECK(all_outcomes([] {
          const braid::thread_lock own_thread;
          auto never = braid::make_chan<int>();
          braid::go([never]() mutable {
            const braid::thread_lock another;
            never.recv();
          });
          braid::select{};
        }) == outcomes{{"", "deadlock"}});
}

TEST_CASE("to destroy the thread_lock of another goroutine is a fatal error of the program",
          "[checker][R3][dropped]") {
  CHECK(all_outcomes([] {
          auto lock = std::make_unique<braid::thread_lock>();
          auto done = braid::make_chan<int>();
          braid::go([&, done]() mutable {
            lock.reset();
            done.send(1);
          });
          done.recv();
        }) == outcomes{{"", "fatal"}});
}

}  // namespace
