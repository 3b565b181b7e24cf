// The run queue of a worker by itself (rule R5).
#include "pool/run_queue.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <vector>

namespace {

class goroutines {
 public:
  explicit goroutines(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) all_.push_back(std::make_unique<braid::goroutine>());
  }
  braid::goroutine& operator[](std::size_t i) { return *all_[i]; }

 private:
  std::vector<std::unique_ptr<braid::goroutine>> all_;
};

TEST_CASE("a run queue is a FIFO of which thieves take the older half", "[runtime][R5]") {
  goroutines g(7);
  braid::run_queue queue;
  for (std::size_t i = 0; i < 7; ++i) REQUIRE(queue.push(g[i]));
  braid::run_queue::batch taken;
  REQUIRE(queue.take_half(taken) == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(taken[i] == &g[i]);
  for (std::size_t i = 4; i < 7; ++i) CHECK(queue.pop() == &g[i]);
  CHECK(queue.pop() == nullptr);
  CHECK_FALSE(queue.has_work());
}

TEST_CASE("a run queue refuses what it has no room for, and wraps around", "[runtime][R5]") {
  goroutines g(1);
  braid::run_queue queue;
  for (int round = 0; round < 3; ++round) {
    for (std::uint32_t i = 0; i < braid::run_queue::capacity; ++i) REQUIRE(queue.push(g[0]));
    CHECK_FALSE(queue.push(g[0]));
    for (std::uint32_t i = 0; i < braid::run_queue::capacity; ++i) REQUIRE(queue.pop() == &g[0]);
    REQUIRE(queue.push(g[0]));
    REQUIRE(queue.pop() == &g[0]);
  }
}

TEST_CASE("of the spawned the newest goes first, and thieves take the older half",
          "[runtime][R5]") {
  goroutines g(5);
  braid::run_queue queue;
  for (std::size_t i = 0; i < 4; ++i) REQUIRE(queue.push_spawned(g[i]));
  CHECK(queue.size_hint() == 4);
  CHECK(queue.pop() == &g[3]);
  braid::run_queue::batch taken;
  REQUIRE(queue.take_half(taken) == 2);
  CHECK(taken[0] == &g[0]);
  CHECK(taken[1] == &g[1]);
  CHECK(queue.has_work());
  REQUIRE(queue.push(g[4]));
  REQUIRE(queue.take_half(taken) == 1);
  CHECK(taken[0] == &g[4]);
  CHECK(queue.pop() == &g[2]);
  CHECK_FALSE(queue.has_work());
}

TEST_CASE("who was spawned is pushed out by newer ones, while there is room", "[runtime][R5]") {
  constexpr std::uint32_t room = braid::run_queue::spawned_max + braid::run_queue::capacity;
  goroutines g(room + 1);
  braid::run_queue queue;
  for (std::size_t i = 0; i < room; ++i) REQUIRE(queue.push_spawned(g[i]));
  CHECK_FALSE(queue.push_spawned(g[room]));
  CHECK_FALSE(queue.push(g[room]));
  CHECK(queue.size_hint() == room);
  braid::run_queue::batch taken;
  REQUIRE(queue.take_half(taken) == braid::run_queue::half);
  CHECK(taken[0] == &g[0]);
  REQUIRE(queue.push_spawned(g[room]));
  CHECK(queue.pop() == &g[room]);
  CHECK(queue.pop() == &g[room - 1]);
}

// 0 in the FIFO and 1 among the spawned are older than all that come.
TEST_CASE("the spawned go first, but not for ever", "[runtime][R5]") {
  goroutines g(3);
  braid::run_queue queue;
  REQUIRE(queue.push(g[0]));
  REQUIRE(queue.push_spawned(g[1]));
  std::vector<std::uint32_t> streaks;
  for (std::size_t older = 0; older < 2; ++older) {
    std::uint32_t streak = 0;
    for (;; ++streak) {
      REQUIRE(streak <= braid::run_queue::streak_max);
      REQUIRE(queue.push_spawned(g[2]));
      const braid::goroutine* const next = queue.pop();
      if (next == &g[older]) break;
      REQUIRE(next == &g[2]);
    }
    CHECK(streak == braid::run_queue::streak_max);
  }
}

TEST_CASE("the next slot goes first, but not for ever", "[runtime][R5]") {
  goroutines g(3);
  braid::run_queue queue;
  REQUIRE(queue.push(g[0]));
  CHECK(queue.push_next(g[1]) == nullptr);
  CHECK(queue.push_next(g[2]) == &g[1]);
  std::uint32_t streak = 0;
  while (queue.pop() == &g[2]) {
    ++streak;
    CHECK(queue.push_next(g[2]) == nullptr);
    REQUIRE(streak <= braid::run_queue::streak_max);
  }
  CHECK(streak == braid::run_queue::streak_max);
}

TEST_CASE("the next slot is offered to thieves only if it has not moved", "[runtime][R5]") {
  goroutines g(2);
  braid::run_queue queue;
  CHECK(queue.next_stamp() == 0);
  REQUIRE(queue.push_next(g[0]) == nullptr);
  const std::uint64_t seen = queue.next_stamp();
  REQUIRE(queue.pop() == &g[0]);
  CHECK_FALSE(queue.offer_next_if(seen));
  REQUIRE(queue.push_next(g[1]) == nullptr);
  CHECK_FALSE(queue.offer_next_if(seen));
  CHECK_FALSE(queue.has_work());
  CHECK(queue.offer_next_if(queue.next_stamp()));
  CHECK(queue.has_work());
  CHECK(queue.next_stamp() == 0);
  CHECK(queue.pop() == &g[1]);
}

}  // namespace
