// select (rules S1-S14) on the pool.
#include <algorithm>
#include <array>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "support/build.hpp"

namespace {

using braid::testing::scaled;

// Each value carries its own number; each must be counted once, whoever selected it.
TEST_CASE("selects over several channels deliver every value exactly once", "[runtime][S2]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  constexpr int channels = 4;
  constexpr int consumers = 4;
  const int each = scaled(1000);
  std::vector<int> times(static_cast<std::size_t>(channels * each));
  braid::run(
      [&] {
        std::array<braid::chan<int>, channels> c;
        for (auto& one : c) one = braid::make_chan<int>();
        auto stop = braid::make_chan<int>();
        braid::wait_group producers;
        braid::wait_group finished;
        producers.add(channels);
        finished.add(consumers);
        braid::mutex lock;
        for (int i = 0; i < channels; ++i) {
          braid::go([&, i] {
            // Every second value is sent by a select, which may pick either channel.
            auto mine = c[static_cast<std::size_t>(i)];
            auto other = c[static_cast<std::size_t>((i + 1) % channels)];
            for (int k = 0; k < each; ++k) {
              const int value = i * each + k;
              if (k % 2 == 0) {
                mine.send(value);
              } else {
                braid::select{braid::send(mine, value), braid::send(other, value)};
              }
            }
            producers.done();
          });
        }
        for (int i = 0; i < consumers; ++i) {
          braid::go([&] {
            std::vector<int> got;
            int v = 0;
            while (braid::select{braid::recv(c[0], v), braid::recv(c[1], v), braid::recv(c[2], v),
                                 braid::recv(c[3], v), braid::recv(stop)} != 4) {
              got.push_back(v);
            }
            const std::lock_guard held(lock);
            for (int one : got) ++times[static_cast<std::size_t>(one)];
            finished.done();
          });
        }
        producers.wait();
        stop.close();
        finished.wait();
      },
      {.workers = workers});
  CHECK(std::all_of(times.begin(), times.end(), [](int n) { return n == 1; }));
}

// S3, Go's TestNonblockSelectRace: at every instant one of the two channels has a value.
TEST_CASE("a select with default never misses a channel that is always ready", "[runtime][S3]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const int rounds = scaled(5000);
  int missed = 0;
  braid::run(
      [&] {
        auto done = braid::make_chan<bool>();
        for (int i = 0; i < rounds; ++i) {
          auto first = braid::make_chan<int>(1);
          auto second = braid::make_chan<int>(1);
          first.send(1);
          braid::go([=]() mutable {
            done.send(braid::select{braid::recv(first), braid::recv(second), braid::otherwise} !=
                      2);
          });
          second.send(1);
          braid::select{braid::recv(first), braid::otherwise};
          missed += !done.recv().value;
        }
      },
      {.workers = workers});
  CHECK(missed == 0);
}

// Go's TestSelectDuplicateChannel: a waiter that is queued twice takes one value, not two.
TEST_CASE("a select that names a channel twice takes one value", "[runtime][S8]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const int rounds = scaled(1000);
  int wrong = 0;
  braid::run(
      [&] {
        auto values = braid::make_chan<int>();
        auto others = braid::make_chan<int>();
        auto results = braid::make_chan<int>();
        for (int i = 0; i < rounds; ++i) {
          for (int side = 0; side < 2; ++side) {
            braid::go([=]() mutable {
              int v = -1;
              braid::select{braid::recv(values, v), braid::recv(others, v), braid::recv(values, v)};
              results.send(v);
            });
          }
          values.send(2 * i);
          values.send(2 * i + 1);
          wrong += results.recv().value + results.recv().value != 4 * i + 1;
        }
      },
      {.workers = workers});
  CHECK(wrong == 0);
}

// Go's TestSelfSelect: nobody receives what it sends itself. Unbuffered, each of one's selects
// meets one of the other's, so both come to their end.
TEST_CASE("a select that sends to and receives from one channel never meets itself",
          "[runtime][S8]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const int capacity = GENERATE(0, 10);
  const int rounds = scaled(1000);
  int met_itself = 0;
  braid::run(
      [&] {
        auto values = braid::make_chan<int>(capacity);
        braid::wait_group both;
        both.add(2);
        for (int id = 0; id < 2; ++id) {
          braid::go([&, id, values]() mutable {
            for (int i = 0; i < rounds; ++i) {
              int v = -1;
              const int chosen = braid::select{braid::send(values, id), braid::recv(values, v)};
              if (capacity == 0 && chosen == 1 && v == id) ++met_itself;
            }
            both.done();
          });
        }
        both.wait();
      },
      {.workers = workers});
  CHECK(met_itself == 0);
}

// S4, Go's TestSelectFairness: four cases of which all are ready are equally likely, within ten
// standard deviations.
TEST_CASE("ready cases are chosen uniformly", "[runtime][S4]") {
  const int rounds = 10'000;
  std::array<int, 4> chosen{};
  braid::run([&] {
    std::array<braid::chan<int>, 4> c;
    for (auto& one : c) {
      one = braid::make_chan<int>();
      one.close();
    }
    for (int i = 0; i < rounds; ++i) {
      ++chosen[static_cast<std::size_t>(int(braid::select{braid::recv(c[0]), braid::recv(c[1]),
                                                          braid::recv(c[2]), braid::recv(c[3])}))];
    }
  });
  const double expected = rounds / 4.0;
  const double deviation = std::sqrt(rounds * 0.25 * 0.75);
  for (const int n : chosen) CHECK(std::abs(n - expected) < 10 * deviation);
}

TEST_CASE("a select that waits is completed by a close", "[runtime][S7]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  int chosen = -1;
  braid::run(
      [&] {
        auto never = braid::make_chan<int>();
        auto stop = braid::make_chan<int>();
        auto results = braid::make_chan<int>();
        braid::go([=]() mutable {
          results.send(braid::select{braid::recv(never), braid::send(never, 1), braid::recv(stop)});
        });
        braid::this_goroutine::yield();
        stop.close();
        chosen = results.recv().value;
      },
      {.workers = workers});
  CHECK(chosen == 2);
}

}  // namespace
