// wait_group::go, once, once_func and once_value (rules W6, W8-W11) on the pool.
//
// Oracle: Go's rules; Go's waitgroup_test.go, once_test.go and oncefunc_test.go.
#include <array>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/build.hpp"
#include "support/child.hpp"

namespace {

using braid::testing::run_in_child;
using braid::testing::scaled;

TEST_CASE("wait returns when all functions started by go have returned", "[runtime][W6]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int rounds = scaled(500);
  int too_early = 0;
  braid::run(
      [&] {
        for (int i = 0; i < rounds; ++i) {
          braid::wait_group group;
          std::array<int, 4> done{};
          for (int& one : done) {
            group.go([&one] {
              braid::this_goroutine::yield();
              one = 1;
            });
          }
          group.wait();
          for (const int one : done) too_early += one == 0;
        }
      },
      {.workers = workers});
  CHECK(too_early == 0);
}

TEST_CASE("what a function started by go holds is gone when wait returns", "[runtime][W6]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int rounds = scaled(500);
  int too_many = 0;
  braid::run(
      [&] {
        for (int i = 0; i < rounds; ++i) {
          braid::wait_group group;
          auto held = std::make_shared<int>(1);
          for (int k = 0; k < 2; ++k) group.go([held] { braid::this_goroutine::yield(); });
          group.wait();
          too_many += held.use_count() != 1;
        }
      },
      {.workers = workers});
  CHECK(too_many == 0);
}

// Go's TestIssue76126: done() is not called, so main cannot end the program before the panic does.
TEST_CASE("a panic in a function started by go does not release wait", "[runtime][W6]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const auto child = run_in_child([=] {
    braid::run(
        [] {
          braid::wait_group group;
          group.go([] { braid::panic("from go"); });
          group.wait();
          braid::println("released");
        },
        {.workers = workers});
  });
  CHECK(child.code == 2);
  CHECK(child.err.find("panic: from go\n\n") == 0);
  CHECK(child.out.empty());
}

TEST_CASE("once calls one function once, and all calls return after it has", "[runtime][W8]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int rounds = scaled(500);
  int wrong = 0;
  braid::run(
      [&] {
        for (int i = 0; i < rounds; ++i) {
          braid::once once;
          int calls = 0;
          int seen = 0;
          braid::mutex lock;
          braid::wait_group all;
          for (int k = 0; k < 10; ++k) {
            all.go([&] {
              once.call([&] {
                braid::this_goroutine::yield();
                ++calls;
              });
              const int now = calls;
              lock.lock();
              seen += now;
              lock.unlock();
            });
          }
          all.wait();
          wrong += calls != 1 || seen != 10;
        }
      },
      {.workers = workers});
  CHECK(wrong == 0);
}

TEST_CASE("a function that panics counts as called", "[runtime][W9]") {
  int caught = 0;
  int calls = 0;
  braid::run([&] {
    braid::once once;
    for (int i = 0; i < 3; ++i) {
      try {
        once.call([&] {
          ++calls;
          braid::panic("failed");
        });
      } catch (const braid::panic_error&) {
        ++caught;
      }
    }
  });
  CHECK(calls == 1);
  CHECK(caught == 1);
}

TEST_CASE("a function that calls its own once waits for ever", "[runtime][W10]") {
  const auto child = run_in_child([] {
    braid::run(
        [] {
          braid::once once;
          once.call([&] { once.call([] {}); });
        },
        {.workers = 1});
  });
  CHECK(child.code == 2);
  CHECK(child.err.find("fatal error: all goroutines are asleep - deadlock!\n\n"
                       "goroutine 1 [sync.Mutex.Lock]:\n") == 0);
}

TEST_CASE("once_value computes one value, which all copies give", "[runtime][W11]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  int calls = 0;
  int wrong = 0;
  braid::run(
      [&] {
        const auto value = braid::once_value([&] {
          braid::this_goroutine::yield();
          ++calls;
          return std::string("computed");
        });
        braid::mutex lock;
        braid::wait_group all;
        for (int k = 0; k < 10; ++k) {
          all.go([&, value] {
            const bool is_same = &value() == &value() && value() == "computed";
            lock.lock();
            wrong += !is_same;
            lock.unlock();
          });
        }
        all.wait();
      },
      {.workers = workers});
  CHECK(calls == 1);
  CHECK(wrong == 0);
}

TEST_CASE("once_func and once_value panic alike on every call", "[runtime][W11]") {
  int calls = 0;
  std::vector<std::string> texts;
  braid::run([&] {
    const auto function = braid::once_func([&] {
      ++calls;
      throw std::runtime_error("function");
    });
    const auto value = braid::once_value([&]() -> int {
      ++calls;
      throw std::runtime_error("value");
    });
    const auto note = [&](const auto& call) {
      try {
        call();
      } catch (const std::runtime_error& panic) {
        texts.push_back(panic.what());
      }
    };
    for (int i = 0; i < 2; ++i) note(function);
    for (int i = 0; i < 2; ++i) note(value);
  });
  CHECK(calls == 2);
  CHECK(texts == std::vector<std::string>{"function", "function", "value", "value"});
}

// Go's TestOnceXGC.
TEST_CASE("the function is released after its only call", "[runtime][W11]") {
  const bool panics = GENERATE(false, true);
  auto held = std::make_shared<int>(1);
  long before = 0;
  long after = 0;
  braid::run([&] {
    const auto function = braid::once_func([held, panics] {
      if (panics) braid::panic("failed");
    });
    before = held.use_count();
    try {
      function();
    } catch (const braid::panic_error&) {
    }
    after = held.use_count();
  });
  CHECK(before == 2);
  CHECK(after == 1);
}

}  // namespace
