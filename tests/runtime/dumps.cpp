// What is said of goroutines: dumps, deadlocks, overflows, stalls (rules D1-D4, G6, G10, G12, R1,
// R2, R4).
#include <poll.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "pool/processors.hpp"
#include "support/build.hpp"
#include "support/child.hpp"
#include "support/go_text.hpp"
#include "support/pools.hpp"

namespace {

using namespace std::chrono_literals;
using braid::testing::masked;
using braid::testing::run_in_child;
using braid::testing::run_program;

const std::string deadlock = "fatal error: all goroutines are asleep - deadlock!\n\n";

void wait_for_ever() { braid::select{}; }

TEST_CASE("a deadlock tells of each goroutine what it waits for, where, and who made it",
          "[runtime][D1][D2][D3][G6]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const auto child = run_program(workers, [] {
    auto c = braid::make_chan<int>();
    auto full = braid::make_chan<int>(1);
    full.send(1);
    auto lock = std::make_shared<braid::mutex>();
    auto group = std::make_shared<braid::wait_group>();
    lock->lock();
    group->add(1);
    braid::go([c]() mutable { c.recv(); });
    braid::go([] { braid::chan<int>().recv(); });
    braid::go([full]() mutable { full.send(2); });
    braid::go([] { braid::chan<int>().send(1); });
    braid::go([=]() mutable { braid::select{braid::recv(c), braid::recv(c)}; });
    braid::go({.name = "idle"}, wait_for_ever);
    braid::go([lock] { lock->lock(); });
    group->wait();
  });
  CHECK(child.code == 2);
  std::string expected =
      deadlock + "goroutine 1 [sync.WaitGroup.Wait]:\noperator()(...)\n\tFILE:LINE\n";
  for (const std::string reason :
       {"chan receive", "chan receive (nil chan)", "chan send", "chan send (nil chan)", "select",
        "select (no cases), \"idle\"", "sync.Mutex.Lock"}) {
    const bool is_idle = reason.find("idle") != std::string::npos;
    expected += "\ngoroutine N [" + reason + "]:\n" + (is_idle ? "wait_for_ever" : "operator()") +
                "(...)\n\tFILE:LINE\n" + "created by operator() in goroutine 1\n\tFILE:LINE\n";
  }
  CHECK(masked(child.err) == expected);
}

TEST_CASE("a deadlock of awaits that can never hold is found, however they poll", "[runtime][D1]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int others = GENERATE(0, 1, 20);
  const auto child = run_program(workers, [others] {
    const braid::atomic<int> never = 0;
    braid::go(wait_for_ever);
    for (int i = 0; i < others; ++i) {
      braid::go([&never] { never.await([](int v) { return v == 1; }); });
    }
    never.await([](int v) { return v == 2; });
  });
  CHECK(child.code == 2);
  CHECK(child.err.rfind(deadlock + "goroutine 1 [", 0) == 0);
  CHECK(child.err.find("goroutine 1 [running]") == std::string::npos);
}

TEST_CASE("awaits that somebody will make hold are no deadlock", "[runtime][D1][D4]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const auto child = run_program(workers, [] {
    braid::atomic<int> turn = 0;
    auto answers = braid::make_chan<int>();
    for (int i = 0; i < 3; ++i) {
      braid::go([&turn, answers, i]() mutable {
        turn.await([i](int v) { return v == i; });
        braid::sleep_for(300ms);  // longer than a deadlock of awaits takes to be seen
        ++turn;
        answers.send(i);
      });
    }
    turn.await([](int v) { return v == 3; });
    for (int i = 0; i < 3; ++i) answers.recv();
  });
  CHECK(child.code == 0);
  CHECK(child.err.empty());
}

// R1, R4, G6.

TEST_CASE("num_goroutines counts those that have not finished, and so does a dump",
          "[runtime][R1][R4]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  std::vector<int> counts;
  std::string dumped;
  braid::run(
      [&] {
        counts.push_back(braid::num_goroutines());
        auto ready = braid::make_chan<int>();
        auto stop = braid::make_chan<int>();
        for (int i = 0; i < 5; ++i) {
          braid::go([ready, stop]() mutable {
            ready.send(1);
            stop.recv();
          });
        }
        for (int i = 0; i < 5; ++i) ready.recv();
        counts.push_back(braid::num_goroutines());
        std::ostringstream out;
        braid::dump(out);
        dumped = out.str();
        stop.close();
        while (braid::num_goroutines() > 1) braid::this_goroutine::yield();
      },
      {.workers = workers});
  CHECK(counts == std::vector{1, 6});
  const std::string text = masked(dumped);
  const std::string first = "goroutine 1 [running]:\noperator()(...)\n\tFILE:LINE\n\ngoroutine N [";
  CHECK(text.substr(0, first.size()) == first);
  std::size_t blocks = 0;
  for (std::size_t at = 0; (at = text.find("goroutine N [", at)) != std::string::npos; ++at)
    ++blocks;
  CHECK(blocks == 5);
}

TEST_CASE("a dump tells who waits, who sleeps and who could run", "[runtime][R4][D3]") {
  std::string dumped;
  braid::run(
      [&] {
        auto c = braid::make_chan<int>();
        braid::go({.name = "receiver"}, [c]() mutable { c.recv(); });
        braid::go([] { braid::sleep_for(1h); });
        for (int i = 0; i < 3; ++i) braid::this_goroutine::yield();
        braid::go([] {});
        std::ostringstream out;
        braid::dump(out);
        dumped = out.str();
      },
      {.workers = 1});
  const std::string made = "created by operator() in goroutine 1\n\tFILE:LINE\n";
  CHECK(masked(dumped) ==
        "goroutine 1 [running]:\noperator()(...)\n\tFILE:LINE\n"
        "\ngoroutine N [chan receive, \"receiver\"]:\noperator()(...)\n\tFILE:LINE\n" +
            made + "\ngoroutine N [sleep]:\noperator()(...)\n\tFILE:LINE\n" + made +
            "\ngoroutine N [runnable]:\n" + made);
}

TEST_CASE("main is goroutine 1, and no two goroutines have one number", "[runtime][G6]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  std::uint64_t of_main = 0;
  std::vector<std::uint64_t> ids(200);
  braid::run(
      [&] {
        of_main = braid::this_goroutine::id();
        braid::wait_group all;
        all.add(100);
        for (std::size_t i = 0; i < 100; ++i) {
          braid::go([&, i] {
            braid::wait_group child;
            child.add(1);
            braid::go([&, i] {
              ids[2 * i] = braid::this_goroutine::id();
              child.done();
            });
            child.wait();
            ids[2 * i + 1] = braid::this_goroutine::id();
            all.done();
          });
        }
        all.wait();
      },
      {.workers = workers});
  CHECK(of_main == 1);
  ids.push_back(of_main);
  std::sort(ids.begin(), ids.end());
  CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
  CHECK(ids.front() == 1);
  CHECK(braid::this_goroutine::id() == 0);
}

// G12.

[[gnu::noinline]] int descend(volatile char* above, int depth) {
  volatile char frame[512];
  frame[0] = above[0];
  const int below = depth == 0 ? 0 : descend(frame, depth - 1);
  return below + frame[0];
}

TEST_CASE("a stack overflow hits the guard, corrupts nothing and is told", "[runtime][G12]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const bool is_large = GENERATE(false, true);
  const auto child = run_program(workers, [is_large] {
    braid::go({.name = "deep", .stack = is_large ? std::size_t{1} << 20 : 0}, [] {
      volatile char top = 0;
      braid::println(descend(&top, 1'000'000));
    });
    braid::select{};
  });
  CHECK(child.out.empty());
  if (braid::testing::has_asan || braid::testing::has_tsan) {
    CHECK(child.signal == SIGSEGV);  // the sanitizer's own handler is kept
    return;
  }
  CHECK(child.code == 2);
  const std::string limit = is_large ? "1048576" : "61440";
  CHECK(masked(child.err) == "runtime: goroutine stack exceeds " + limit +
                                 "-byte limit; give it more with go_options::stack\n"
                                 "fatal error: stack overflow\n\ngoroutine N [running]:\n"
                                 "created by operator() in goroutine 1\n\tFILE:LINE\n");
}

TEST_CASE("a stack is as large as go_options says", "[runtime][G12]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  int ran = 0;
  braid::run(
      [&] {
        braid::wait_group all;
        all.add(3);
        for (int i = 0; i < 3; ++i) {
          braid::go({.stack = 4'000'000}, [&] {
            volatile char top = 1;
            descend(&top, 3000);
            braid::this_goroutine::yield();
            all.done();
          });
        }
        all.wait();
        ran = 3;
      },
      {.workers = workers});
  CHECK(ran == 3);
}

[[gnu::noinline]] void write_to(int* address) { *static_cast<volatile int*>(address) = 1; }

TEST_CASE("a fault that is no stack overflow goes on as before", "[runtime][G12]") {
  const auto child = run_program(2, [] { write_to(reinterpret_cast<int*>(16)); });
  CHECK(child.signal == SIGSEGV);
  CHECK(child.err.find("stack") == std::string::npos);
}

TEST_CASE("a fault's signal that somebody has sent goes on as before", "[runtime][G12]") {
  const auto child = run_program(2, [] {
    raise(SIGSEGV);
    braid::println("it was taken for nothing");
  });
  CHECK(child.signal == SIGSEGV);
  CHECK(child.out.empty());
}

// G10.

// It computes until it is named, and for some time afterwards: what is said goes into a pipe that
// it looks into itself.
TEST_CASE("a goroutine that comes to no operation is named, once", "[runtime][G10]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const auto child = run_in_child([workers] {
    static std::array<int, 2> said;
    static std::atomic<bool> is_over = false;
    if (pipe(said.data()) != 0 || dup2(said[1], STDERR_FILENO) < 0) std::abort();
    braid::run(
        [] {
          braid::go({.name = "busy"}, [] {
            pollfd readable{said[0], POLLIN, 0};
            while (poll(&readable, 1, 0) == 0) continue;
            volatile int count = 200'000'000;
            while (count > 0) count = count - 1;
            is_over = true;
          });
          while (!is_over) braid::this_goroutine::yield();
        },
        {.workers = workers, .stall_after = 20ms});
    std::array<char, 4096> text;
    const ssize_t size = read(said[0], text.data(), text.size());
    std::fwrite(text.data(), 1, static_cast<std::size_t>(size), stdout);
  });
  CHECK(child.code == 0);
  CHECK(child.out.find("has come to no operation of braid for 20 ms") != std::string::npos);
  // Only of this one: a machine under load may not run main's thread for as long.
  const std::string text = "[running, \"busy\"]";
  const std::size_t first = child.out.find(text);
  REQUIRE(first != std::string::npos);
  CHECK(child.out.find(text, first + 1) == std::string::npos);
}

TEST_CASE("a goroutine that does operations is not named, though it never leaves its worker",
          "[runtime][G10]") {
  const unsigned workers = GENERATE(1u, 2u);
  const auto child = run_in_child([workers] {
    braid::run(
        [] {
          braid::mutex lock;
          const auto until = braid::clock::now() + 2500ms;
          while (braid::clock::now() < until) {
            lock.lock();
            lock.unlock();
          }
        },
        {.workers = workers, .stall_after = 1s});
  });
  CHECK(child.code == 0);
  CHECK(child.err.empty());
}

// R2.

TEST_CASE("max_threads says how many workers run has", "[runtime][R2]") {
  const int before = braid::max_threads(3);
  CHECK(before >= 1);
  std::vector<std::uint64_t> first_runs;
  braid::run([] {}, {.goroutines_by_worker = &first_runs});
  CHECK(first_runs.size() == 3);
  CHECK(braid::max_threads(0) == 3);
  CHECK(braid::max_threads(before) == 3);
  CHECK(braid::max_threads(-1) == before);
}

TEST_CASE("a quota of the cgroup bounds the workers, rounded up and not below 2", "[runtime][R2]") {
  const double none = std::numeric_limits<double>::infinity();
  CHECK(braid::quota_of("max 100000") == none);
  CHECK(braid::quota_of("") == none);
  CHECK(braid::quota_of("250000 100000") == 2.5);
  CHECK(braid::processors_within(8, none) == 8);
  CHECK(braid::processors_within(8, 2.5) == 3);
  CHECK(braid::processors_within(8, 0.5) == 2);
  CHECK(braid::processors_within(1, 0.5) == 1);
  CHECK(braid::processors_within(2, 4) == 2);
}

}  // namespace
