// Goroutines: how they start, that each runs once, and that there can be many.
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/build.hpp"

namespace {

using braid::testing::has_asan;
using braid::testing::has_tsan;
using braid::testing::scaled;

TEST_CASE("run returns 0 when main does", "[runtime][G5]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  bool ran = false;
  CHECK(braid::run([&] { ran = true; }, {.workers = workers}) == 0);
  CHECK(ran);
}

TEST_CASE("run uses as many workers as there are processors, unless told", "[runtime][R2]") {
  std::vector<std::uint64_t> first_runs;
  braid::run([] {}, {.goroutines_by_worker = &first_runs});
  CHECK(first_runs.size() >= 1);
  braid::run([] {}, {.workers = 3, .goroutines_by_worker = &first_runs});
  CHECK(first_runs.size() == 3);
}

// G1: a copy is taken at the go statement, so a later change is not seen.
TEST_CASE("function and arguments of go are evaluated in the caller", "[runtime][G1]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  std::vector<int> seen;
  braid::run(
      [&] {
        auto results = braid::make_chan<int>();
        int value = 1;
        const auto send = [results](int v) mutable { results.send(v); };
        braid::go(send, value);
        value = 2;
        braid::go([results, value]() mutable { results.send(value * 10); });
        value = 3;
        for (int i = 0; i < 2; ++i) seen.push_back(results.recv().value);
      },
      {.workers = workers});
  std::sort(seen.begin(), seen.end());
  CHECK(seen == std::vector{1, 20});
}

TEST_CASE("an argument that can only be moved reaches the goroutine", "[runtime][G1]") {
  int seen = 0;
  braid::run([&] {
    auto results = braid::make_chan<int>();
    braid::go([results](std::unique_ptr<int> owned) mutable { results.send(*owned); },
              std::make_unique<int>(7));
    seen = results.recv().value;
  });
  CHECK(seen == 7);
}

// The counts add up to every goroutine and main, whoever ran them.
TEST_CASE("every goroutine is first run exactly once, by one worker", "[runtime]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  constexpr int count = 1000;
  std::vector<int> runs(count);
  std::vector<std::uint64_t> first_runs;
  braid::run(
      [&] {
        braid::wait_group all;
        all.add(count);
        for (int i = 0; i < count; ++i) {
          braid::go([&, i] {
            braid::this_goroutine::yield();
            ++runs[static_cast<std::size_t>(i)];
            all.done();
          });
        }
        all.wait();
      },
      {.workers = workers, .goroutines_by_worker = &first_runs});
  CHECK(runs == std::vector<int>(count, 1));
  CHECK(first_runs.size() == workers);
  CHECK(std::accumulate(first_runs.begin(), first_runs.end(), std::uint64_t{0}) == count + 1);
}

// Go's test/chan/goroutines.go: a value is handed through a chain, each link adding one.
TEST_CASE("10,000 goroutines hand a value through a chain", "[runtime][C22]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const int length = scaled(10'000);
  int arrived = 0;
  braid::run(
      [&] {
        const auto leftmost = braid::make_chan<int>();
        auto right = leftmost;
        for (int i = 0; i < length; ++i) {
          auto left = braid::make_chan<int>();
          braid::go([](auto from, auto to) { to.send(from.recv().value + 1); }, left, right);
          right = left;
        }
        braid::go([right]() mutable { right.send(0); });
        arrived = braid::chan<int>(leftmost).recv().value;
      },
      {.workers = workers});
  CHECK(arrived == length);
}

TEST_CASE("100,000 goroutines are parked at once", "[runtime]") {
  if (has_tsan || has_asan) return;
  constexpr int count = 100'000;
  int sum = 0;
  braid::run([&] {
    auto start = braid::make_chan<int>();
    auto results = braid::make_chan<int>(1000);
    braid::wait_group waiting;
    waiting.add(count);
    for (int i = 0; i < count; ++i) {
      braid::go([&waiting, start, results]() mutable {
        waiting.done();
        start.recv();
        results.send(1);
      });
    }
    waiting.wait();
    start.close();
    for (int i = 0; i < count; ++i) sum += results.recv().value;
  });
  CHECK(sum == count);
}

// Pages of memory that this process has now.
long resident_pages() {
  std::ifstream file("/proc/self/statm");
  long size = 0;
  long resident = 0;
  file >> size >> resident;
  return resident;
}

// Each stack has at least one page.
TEST_CASE("when a run has ended, the stacks of many goroutines are given back", "[runtime]") {
  const int count = scaled(20'000);
  long at_most = 0;
  braid::run([&] {
    braid::wait_group all;
    braid::atomic<int> begun = 0;
    const auto gate = braid::make_chan<int>();
    for (int i = 0; i < count; ++i) {
      all.go([&] {
        ++begun;
        gate.recv();
      });
    }
    while (begun < count) braid::this_goroutine::yield();
    at_most = resident_pages();
    gate.close();
    all.wait();
  });
  CHECK(resident_pages() < at_most - count / 3);
}

// P15. The other goroutine goes through a catch block of its own while this one is parked in its.
TEST_CASE("a goroutine that parks in a catch block rethrows its own exception", "[runtime][P15]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  constexpr int goroutines = 8;
  constexpr int rounds = 50;
  std::vector<int> own(goroutines);
  braid::run(
      [&] {
        braid::wait_group all;
        all.add(goroutines);
        for (int id = 0; id < goroutines; ++id) {
          braid::go([&, id] {
            for (int round = 0; round < rounds; ++round) {
              const std::string text = std::to_string(id) + "/" + std::to_string(round);
              try {
                try {
                  throw std::runtime_error(text);
                } catch (...) {
                  braid::this_goroutine::yield();
                  throw;
                }
              } catch (const std::runtime_error& caught) {
                own[static_cast<std::size_t>(id)] += caught.what() == text;
              }
            }
            all.done();
          });
        }
        all.wait();
      },
      {.workers = workers});
  CHECK(own == std::vector<int>(goroutines, rounds));
}

}  // namespace
