// What main leaves behind when it returns (rule G5): every goroutine is stopped and unwound, every
// timer dropped, and run() can be called again. Leaks are found by the build with sanitizers.
#include <algorithm>
#include <atomic>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/child.hpp"

namespace {

using namespace std::chrono_literals;
using braid::testing::run_in_child;

// Counts how many of it live.
class counted_copies {
 public:
  explicit counted_copies(std::atomic<int>& count) : count_(&count) { ++*count_; }
  counted_copies(const counted_copies& other) : counted_copies(*other.count_) {}
  counted_copies& operator=(const counted_copies&) = delete;
  ~counted_copies() { --*count_; }

 private:
  std::atomic<int>* count_;
  std::unique_ptr<int> owned_ = std::make_unique<int>(1);
};

TEST_CASE("goroutines that are left over are unwound, wherever they stand", "[runtime][G5]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  std::atomic<int> alive = 0;
  auto nothing = std::make_shared<braid::chan<int>>();
  braid::run(
      [&alive, nothing] {
        *nothing = braid::make_chan<int>();
        auto lock = std::make_shared<braid::mutex>();
        lock->lock();
        const auto leave = [&](auto stand) {
          for (int i = 0; i < 5; ++i) {
            braid::go([stand, on_closure = counted_copies(alive), &alive]() mutable {
              const counted_copies on_stack(alive);
              stand();
            });
          }
        };
        leave([nothing] { nothing->recv(); });
        leave([nothing] { nothing->send(1); });
        leave([nothing] { braid::select{braid::recv(*nothing), braid::send(*nothing, 1)}; });
        leave([] { braid::select{}; });
        leave([lock] { lock->lock(); });
        leave([] { braid::sleep_for(1h); });
        leave([] {
          for (;;) braid::this_goroutine::yield();
        });
        leave([] { braid::after(1h).recv(); });
        for (int i = 0; i < 10; ++i) braid::this_goroutine::yield();
        leave([] {});  // most of them never run
      },
      {.workers = workers});
  CHECK(alive == 0);
}

TEST_CASE("children are unwound before their parents", "[runtime]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  std::vector<int> order;  // written by run()'s thread only
  constexpr int depth_max = 10;
  struct at_end {
    std::vector<int>& order;
    int depth;
    ~at_end() { order.push_back(depth); }
  };
  struct nest {
    static void go_down(std::vector<int>& order, int depth, const int* parent,
                        braid::chan<int> bottom) {
      const at_end guard{order, depth};
      if (depth == depth_max) {
        bottom.send(*parent);
      } else {
        braid::go([&order, depth, bottom] { go_down(order, depth + 1, &depth, bottom); });
      }
      braid::select{};
    }
  };
  braid::run(
      [&] {
        auto bottom = braid::make_chan<int>();
        const int zero = 0;
        braid::go([&order, bottom, &zero] { nest::go_down(order, 1, &zero, bottom); });
        bottom.recv();
      },
      {.workers = workers});
  CHECK(order.size() == depth_max);
  CHECK(std::is_sorted(order.rbegin(), order.rend()));
}

TEST_CASE("timers that are left over are dropped, once", "[runtime]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  struct counting_timer : braid::alarm {
    int times_dropped = 0;
  };
  std::vector<counting_timer> all(10);
  braid::run(
      [&] {
        for (counting_timer& t : all) {
          t.when = braid::clock::now() + 1h;
          t.fired = [](braid::alarm&) { std::abort(); };
          t.dropped = [](braid::alarm& self) {
            ++static_cast<counting_timer&>(self).times_dropped;
          };
          braid::current_scheduler().arm(t);
        }
      },
      {.workers = workers});
  for (const counting_timer& t : all) CHECK(t.times_dropped == 1);
}

// They never park, so each takes a worker for itself; one is left for main.
TEST_CASE("goroutines that are running are stopped at their next operation", "[runtime]") {
  const unsigned workers = GENERATE(2u, 4u, 8u);
  std::atomic<int> alive = 0;
  braid::run(
      [&] {
        for (unsigned i = 1; i < workers; ++i) {
          braid::go([&alive] {
            const counted_copies on_stack(alive);
            braid::atomic<int> spun = 0;
            for (;;) ++spun;
          });
        }
        braid::this_goroutine::yield();
      },
      {.workers = workers});
  CHECK(alive == 0);
}

// A goroutine may be stopped in a lock_guard's unlock, or end up there while it is unwound.
TEMPLATE_TEST_CASE("goroutines that are left over in a critical section are unwound", "[runtime]",
                   std::lock_guard<braid::mutex>, std::lock_guard<braid::shared_mutex>,
                   std::shared_lock<braid::shared_mutex>, braid::lock_guard<braid::mutex>,
                   braid::shared_lock_guard<braid::shared_mutex>) {
  const unsigned workers = GENERATE(2u, 4u, 8u);
  std::atomic<int> alive = 0;
  auto lock = std::make_shared<typename TestType::mutex_type>();
  braid::run(
      [&alive, lock, workers] {
        for (unsigned i = 1; i < workers; ++i) {
          braid::go([&alive, lock] {
            const counted_copies on_stack(alive);
            for (;;) {
              const TestType held(*lock);
              const counted_copies inside(alive);
            }
          });
        }
        for (int i = 0; i < 4; ++i) braid::this_goroutine::yield();
      },
      {.workers = workers});
  CHECK(alive == 0);
}

TEST_CASE("operations of destructors are inert while they unwind", "[runtime]") {
  bool received = true;
  bool finished = false;
  braid::run(
      [&] {
        braid::go([&] {
          struct at_end {
            bool& received;
            bool& finished;
            ~at_end() {
              auto c = braid::make_chan<int>(1);
              c.send(1);
              received = c.recv().more;
              braid::go([] { std::abort(); });
              braid::println("not seen");
              finished = true;
            }
          } guard{received, finished};
          braid::select{};
        });
        braid::this_goroutine::yield();
      },
      {.workers = 1});
  CHECK_FALSE(received);
  CHECK(finished);
}

TEST_CASE("a destructor that waits for ever is given up", "[runtime]") {
  const auto child = run_in_child([] {
    braid::run(
        [] {
          braid::go([] {
            struct at_end {
              ~at_end() {
                const braid::atomic<bool> never = false;
                while (!never.load()) continue;
              }
            } guard;
            braid::select{};
          });
          braid::this_goroutine::yield();
        },
        {.workers = 1});
    std::printf("returned");
  });
  CHECK(child.code == 0);
  CHECK(child.out == "returned");
}

TEST_CASE("a goroutine that catches everything is given up", "[runtime]") {
  const auto child = run_in_child([] {
    braid::run(
        [] {
          braid::go([] {
            for (;;) {
              try {
                braid::select{};
              } catch (...) {
              }
            }
          });
          braid::this_goroutine::yield();
        },
        {.workers = 1});
    std::printf("returned");
  });
  CHECK(child.code == 0);
  CHECK(child.out == "returned");
}

// It has no operation in which it could be left: run() returns without it, and it does no harm.
TEST_CASE("a goroutine that only computes does not keep run from returning", "[runtime]") {
  const auto child = run_in_child([] {
    static std::atomic<bool> computing = false;
    static std::atomic<bool> go_on = false;
    for (int program = 0; program < 2; ++program) {
      braid::run(
          [] {
            computing = go_on = false;
            braid::go([] {
              computing = true;
              while (!go_on) continue;
              braid::println("an operation after the end");
              std::abort();
            });
            while (!computing) braid::this_goroutine::yield();
          },
          {.workers = 2});
      go_on = true;
    }
    std::printf("returned");
  });
  CHECK(child.code == 0);
  CHECK(child.out == "returned");
}

TEST_CASE("programs run one after another", "[runtime]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  for (int i = 0; i < 20; ++i) {
    int sum = 0;
    braid::run(
        [&] {
          auto c = braid::make_chan<int>();
          for (int k = 0; k < 10; ++k) braid::go([c, k]() mutable { c.send(k); });
          for (int k = 0; k < 9; ++k) sum += c.recv().more;
        },
        {.workers = workers});
    REQUIRE(sum == 9);
  }
}

}  // namespace
