// Channels (rules C1-C15) on the pool.
#include <algorithm>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "support/build.hpp"

namespace {

using braid::testing::scaled;

// C3. The sender asks after its send whether the receiver had come: it must have.
TEST_CASE("an unbuffered send completes only with a receiver", "[runtime][C3]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const int rounds = scaled(1000);
  int too_early = 0;
  braid::run(
      [&] {
        auto values = braid::make_chan<int>();
        auto done = braid::make_chan<bool>();
        braid::atomic<int> receives_begun = 0;
        braid::go([&, values, done]() mutable {
          for (int i = 1; i <= rounds; ++i) {
            values.send(i);
            too_early += receives_begun.load() < i;
          }
          done.send(true);
        });
        for (int i = 0; i < rounds; ++i) {
          ++receives_begun;
          values.recv();
        }
        done.recv();
      },
      {.workers = workers});
  CHECK(too_early == 0);
}

TEST_CASE("unbuffered hand-offs in both directions keep step", "[runtime][C3]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const int rounds = scaled(2000);
  int wrong = 0;
  braid::run(
      [&] {
        auto ask = braid::make_chan<int>();
        auto answer = braid::make_chan<int>();
        braid::go([ask, answer]() mutable {
          for (int v : ask) answer.send(v * 2);
        });
        for (int i = 0; i < rounds; ++i) {
          ask.send(i);
          wrong += answer.recv().value != i * 2;
        }
        ask.close();
      },
      {.workers = workers});
  CHECK(wrong == 0);
}

TEST_CASE("values arrive in the order in which they were sent", "[runtime][C5]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const int capacity = GENERATE(0, 1, 7, 100);
  const int count = scaled(1000);
  std::vector<std::string> received;
  braid::run(
      [&] {
        auto values = braid::make_chan<std::string>(capacity);
        braid::go([values]() mutable {
          for (int i = 0; i < count; ++i) values.send(std::to_string(i));
          values.close();
        });
        for (const std::string& v : values) received.push_back(v);
      },
      {.workers = workers});
  std::vector<std::string> sent;
  for (int i = 0; i < count; ++i) sent.push_back(std::to_string(i));
  CHECK(received == sent);
}

TEST_CASE("a channel takes as many values as its capacity without a receiver",
          "[runtime][C4][C14]") {
  const std::size_t capacity = GENERATE(1u, 2u, 17u);
  std::size_t taken = 0;
  std::size_t size = 0;
  braid::run([&] {
    auto values = braid::make_chan<int>(static_cast<std::ptrdiff_t>(capacity));
    while (braid::select{braid::send(values, 1), braid::otherwise} == 0) ++taken;
    size = values.size();
  });
  CHECK(taken == capacity);
  CHECK(size == capacity);
}

// C7: the value of a blocked sender joins the tail, so the order stays that of the sends.
TEST_CASE("a receive from a full channel lets the first blocked sender in", "[runtime][C7]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  std::vector<int> received;
  std::size_t size_after = 0;
  braid::run(
      [&] {
        auto values = braid::make_chan<int>(2);
        values.send(1);
        values.send(2);
        auto done = braid::make_chan<int>();
        braid::go([values, done]() mutable {
          values.send(3);
          done.send(0);
        });
        received.push_back(values.recv().value);
        done.recv();
        size_after = values.size();
        while (values.size() > 0) received.push_back(values.recv().value);
      },
      {.workers = workers});
  CHECK(size_after == 2);
  CHECK(received == std::vector{1, 2, 3});
}

TEST_CASE("close wakes every receiver with no value", "[runtime][C12]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  constexpr int receivers = 20;
  int woken = 0;
  braid::run(
      [&] {
        auto values = braid::make_chan<int>();
        auto results = braid::make_chan<bool>();
        for (int i = 0; i < receivers; ++i) {
          braid::go([values, results]() mutable {
            const auto [value, more] = values.recv();
            results.send(!more && value == 0);
          });
        }
        braid::this_goroutine::yield();
        values.close();
        for (int i = 0; i < receivers; ++i) woken += results.recv().value;
      },
      {.workers = workers});
  CHECK(woken == receivers);
}

TEST_CASE("close makes every blocked sender panic", "[runtime][C10][C12]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  constexpr int senders = 20;
  int panics = 0;
  braid::run(
      [&] {
        auto values = braid::make_chan<int>();
        auto results = braid::make_chan<bool>();
        for (int i = 0; i < senders; ++i) {
          braid::go([values, results]() mutable {
            try {
              values.send(1);
              results.send(false);
            } catch (const braid::closed_channel& panic) {
              results.send(panic.what() == std::string("send on closed channel"));
            }
          });
        }
        braid::this_goroutine::yield();
        values.close();
        for (int i = 0; i < senders; ++i) panics += results.recv().value;
      },
      {.workers = workers});
  CHECK(panics == senders);
}

TEST_CASE("a closed channel is drained before it tells so, and a range ends there",
          "[runtime][C11][C15]") {
  std::vector<int> ranged;
  bool more_after = true;
  braid::run([&] {
    auto values = braid::make_chan<int>(3);
    for (int i = 1; i <= 3; ++i) values.send(i);
    values.close();
    for (int v : values) ranged.push_back(v);
    more_after = values.recv().more;
  });
  CHECK(ranged == std::vector{1, 2, 3});
  CHECK_FALSE(more_after);
}

TEST_CASE("a second close and a close of nil panic", "[runtime][C9]") {
  std::vector<std::string> texts;
  braid::run([&] {
    auto closed = braid::make_chan<int>();
    closed.close();
    for (auto c : {closed, braid::chan<int>()}) {
      try {
        c.close();
      } catch (const braid::runtime_panic& panic) {
        texts.push_back(panic.what());
      }
    }
  });
  CHECK(texts == std::vector<std::string>{"close of closed channel", "close of nil channel"});
}

// Go's TestMultiConsumer: nothing is lost and nothing is doubled.
TEST_CASE("many senders and many receivers preserve every value", "[runtime][C22]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const int capacity = GENERATE(0, 1, 100);
  constexpr int sides = 8;
  const int each = scaled(2000);
  std::vector<int> times(static_cast<std::size_t>(sides * each));
  braid::run(
      [&] {
        auto values = braid::make_chan<int>(capacity);
        braid::wait_group senders;
        braid::wait_group receivers;
        senders.add(sides);
        receivers.add(sides);
        braid::mutex lock;
        for (int side = 0; side < sides; ++side) {
          braid::go([&, side, values]() mutable {
            for (int i = 0; i < each; ++i) values.send(side * each + i);
            senders.done();
          });
          braid::go([&, values]() mutable {
            std::vector<int> got;
            for (int v : values) got.push_back(v);
            const std::lock_guard held(lock);
            for (int v : got) ++times[static_cast<std::size_t>(v)];
            receivers.done();
          });
        }
        senders.wait();
        values.close();
        receivers.wait();
      },
      {.workers = workers});
  CHECK(std::all_of(times.begin(), times.end(), [](int n) { return n == 1; }));
}

}  // namespace
