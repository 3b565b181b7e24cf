// What is left over when an execution ends: its goroutines are unwound, so that an exploration of
// millions of executions holds no more memory than one.
//
// Oracle: destructors count themselves in variables of the test, which outlive the program. A
// program runs once for each execution, and once more for each outcome, whose schedule is checked.
#include <braid/braid.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "support/exploring.hpp"

namespace {

using braid::chan;
using braid::report;
using braid::testing::explore_all;
using braid::testing::outcomes;
using braid::testing::outcomes_of;

struct counts_destruction {
  int* count;
  explicit counts_destruction(int* to) : count(to) {}
  counts_destruction(const counts_destruction&) = delete;
  ~counts_destruction() { ++*count; }
};

int runs_of(const report& r) { return static_cast<int>(r.executions + r.outcomes.size()); }

// Does `act` when it is destroyed.
class on_exit {
 public:
  explicit on_exit(std::function<void()> act) : act_(std::move(act)) {}
  on_exit(const on_exit&) = delete;
  ~on_exit() { act_(); }

 private:
  std::function<void()> act_;
};

TEST_CASE("destructors of goroutines that are left over run, whatever ended the program",
          "[checker]") {
  const auto end = GENERATE(values<void (*)()>({
      [] {},
      [] { braid::exit(1); },
      [] { braid::panic("over"); },
      [] { chan<int>().recv(); },
  }));
  int made = 0;
  int destroyed = 0;
  const report r = explore_all([&] {
    auto never = braid::make_chan<int>();
    braid::go([&, never]() mutable {
      ++made;
      const counts_destruction counted(&destroyed);
      never.recv();
    });
    braid::go([&, never]() mutable {
      ++made;
      const counts_destruction counted(&destroyed);
      braid::sleep_for(std::chrono::hours(1));
      braid::select{braid::recv(never), braid::send(never, 1)};
    });
    end();
  });
  CHECK(r.complete);
  CHECK(r.dropped_stacks == 0);
  CHECK(made == 2 * runs_of(r));
  CHECK(destroyed == made);
}

TEST_CASE("arguments of goroutines that never got to run are destroyed", "[checker]") {
  int destroyed = 0;
  const report r = explore_all([&] {
    auto counted = std::make_shared<counts_destruction>(&destroyed);
    braid::go([counted] { braid::this_goroutine::yield(); });
    counted.reset();
    braid::exit(0);
  });
  CHECK(destroyed == runs_of(r));
}

TEST_CASE("operations in the destructors of a left-over goroutine do nothing", "[checker]") {
  int ran = 0;
  const report r = explore_all([&] {
    auto never = braid::make_chan<int>();
    auto guard = std::make_shared<braid::mutex>();
    braid::go([&ran, never, guard]() mutable {
      const on_exit speaks([&] {
        braid::println("never seen");
        never.send(1);
        guard->lock();
        braid::choose(5);
        braid::go([] { braid::println("nor this"); });
        braid::sleep_for(std::chrono::hours(1));
        ++ran;
      });
      never.recv();
    });
  });
  CHECK(outcomes_of(r) == outcomes{{"", "leak"}});
  CHECK(ran == runs_of(r));
  CHECK(r.dropped_stacks == 0);
}

TEST_CASE("a goroutine that waits in a destructor is dropped, and counted", "[checker]") {
  const report r = explore_all([] {
    auto never = braid::make_chan<int>();
    braid::go([never]() mutable { const on_exit waits([&never] { never.recv(); }); });
  });
  CHECK(outcomes_of(r) == outcomes{{"", "leak"}});
  CHECK(r.dropped_stacks == r.executions);
}

TEST_CASE("a goroutine that catches everything is left all the same", "[checker]") {
  int caught = 0;
  const report r = explore_all([&] {
    auto never = braid::make_chan<int>();
    braid::go([&caught, never]() mutable {
      try {
        never.recv();
      } catch (...) {
        ++caught;
      }
      braid::println("never seen");
    });
  });
  CHECK(outcomes_of(r) == outcomes{{"", "leak"}});
  CHECK(caught == runs_of(r));
  CHECK(r.dropped_stacks == 0);
}

TEST_CASE("a goroutine that catches everything and tries for ever is dropped", "[checker]") {
  const report r = explore_all([] {
    auto never = braid::make_chan<int>();
    braid::go([never]() mutable {
      for (;;) {
        try {
          never.recv();
        } catch (...) {
        }
      }
    });
  });
  CHECK(outcomes_of(r) == outcomes{{"", "leak"}});
  CHECK(r.dropped_stacks == r.executions);
}

TEST_CASE("children are unwound before the parent on whose stack they live", "[checker]") {
  bool was_alive = true;
  const report r = explore_all([&] {
    braid::go([&] {
      bool alive = true;
      const on_exit dies([&] { alive = false; });
      braid::go([&] {
        const on_exit looks([&] { was_alive = was_alive && alive; });
        chan<int>().recv();
      });
      chan<int>().recv();
    });
  });
  CHECK(outcomes_of(r) == outcomes{{"", "leak"}});
  CHECK(was_alive);
}

TEST_CASE("an execution leaves nothing behind that the next one could see", "[checker]") {
  const report r = explore_all([] {
    braid::var<int> n = 0;
    braid::mutex guard;
    guard.lock();
    braid::go([&] { guard.lock(); });
    ++n;
    braid::println(n.read());
  });
  CHECK(outcomes_of(r) == outcomes{{"1\n", "leak"}});
}

// Objects: made by the program itself, and used while they live.

TEST_CASE("an object that was made outside of the program is refused", "[checker][G9]") {
  auto outside = braid::make_chan<int>(1);
  braid::mutex lock_outside;
  const auto use = GENERATE_REF(values<std::function<void()>>({
      [&] { outside.send(1); },
      [&] { lock_outside.lock(); },
      [&] {
        braid::select{braid::recv(outside), braid::otherwise};
      },
  }));
  const report r = explore_all(use);
  CHECK(outcomes_of(r) == outcomes{{"", "fatal"}});
  CHECK(r.outcomes[0].errors.find("made outside of the program") != std::string::npos);
  CHECK(r.outcomes[0].errors.find("left_overs_test.cpp:") != std::string::npos);
}

TEST_CASE("an object is refused once it was destroyed", "[checker]") {
  const report r = explore_all([] {
    auto done = braid::make_chan<int>();
    std::optional<braid::mutex> guard;
    guard.emplace();
    braid::mutex* const dangling = &*guard;
    guard.reset();
    braid::go([=]() mutable {
      dangling->lock();
      done.send(1);
    });
    done.recv();
  });
  CHECK(outcomes_of(r) == outcomes{{"", "fatal"}});
  CHECK(r.outcomes[0].errors.find("after its destruction") != std::string::npos);
}

// The goroutine has announced its lock while the mutex lived, and performs it afterwards.
TEST_CASE("an object that is destroyed under a pending operation is refused", "[checker]") {
  const report r = explore_all([] {
    auto done = braid::make_chan<int>();
    std::optional<braid::mutex> guard;
    guard.emplace();
    braid::go([&guard, done]() mutable {
      guard->lock();
      done.send(1);
    });
    braid::this_goroutine::yield();
    guard.reset();
    done.recv();
  });
  CHECK(outcomes_of(r) == outcomes{"", {"", "fatal"}});
}

TEST_CASE("two objects at one address, one after the other, are two objects", "[checker]") {
  CHECK(braid::testing::only_output([] {
          std::optional<braid::mutex> guard;
          for (int i = 0; i < 2; ++i) {
            guard.emplace();
            guard->lock();
            guard.reset();
          }
          braid::print("done");
        }) == "done");
}

}  // namespace
