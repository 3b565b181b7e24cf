// What sends and receives do on full, empty, nil and closed channels, one operation at a time
// (rules C4, C6, C8-C13, C15, C21, C23) on the pool.
//
// Oracle: Go's rules; Go's closedchan.go, select3.go, nonblock.go, range.go and chan_test.go.
#include <array>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "support/build.hpp"
#include "support/child.hpp"
#include "support/pools.hpp"

namespace {

using braid::chan;
using braid::testing::park;
using braid::testing::run_in_child;
using braid::testing::scaled;

// The text of the runtime panic that `act` ends in, or "".
std::string panic_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const braid::runtime_panic& panic) {
    return panic.what();
  }
  return "";
}

TEST_CASE("receivers that wait are served in the order of their arrival", "[runtime][C6]") {
  constexpr int receivers = 10;
  std::vector<int> got(receivers, -1);
  braid::run(
      [&] {
        auto values = braid::make_chan<int>();
        auto done = braid::make_chan<int>(receivers);
        for (std::size_t i = 0; i < receivers; ++i) {
          park([&, i, values, done]() mutable {
            got[i] = values.recv().value;
            done.send(0);
          });
        }
        for (int i = 0; i < receivers; ++i) values.send(i);
        for (int i = 0; i < receivers; ++i) done.recv();
      },
      {.workers = 1});
  CHECK(got == std::vector{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("senders that wait are served in the order of their arrival", "[runtime][C6][C7]") {
  const int capacity = GENERATE(0, 2);
  constexpr int senders = 10;
  std::vector<int> got;
  braid::run(
      [&] {
        auto values = braid::make_chan<int>(capacity);
        for (int i = 0; i < capacity; ++i) values.send(i);
        for (int i = capacity; i < senders; ++i) park([=]() mutable { values.send(i); });
        for (int i = 0; i < senders; ++i) got.push_back(values.recv().value);
      },
      {.workers = 1});
  CHECK(got == std::vector{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

// The value goes from hand to hand: a receiver that comes later finds nothing.
TEST_CASE("nobody can take a value that was sent to a receiver that waits", "[runtime][C6]") {
  int got = 0;
  bool barged_in = true;
  braid::run(
      [&] {
        auto values = braid::make_chan<int>();
        auto done = braid::make_chan<int>();
        park([&, values, done]() mutable {
          got = values.recv().value;
          done.send(0);
        });
        values.send(7);
        int v = 0;
        barged_in = values.try_recv(v);
        done.recv();
      },
      {.workers = 1});
  CHECK(got == 7);
  CHECK_FALSE(barged_in);
}

TEST_CASE("a send waits if and only if the channel is full, a receive if it is empty",
          "[runtime][C4]") {
  std::vector<bool> done;
  braid::run([&] {
    auto values = braid::make_chan<int>(2);
    int v = 0;
    done.push_back(values.try_recv(v));
    for (int i = 1; i <= 3; ++i) done.push_back(values.try_send(i));
    for (int i = 1; i <= 3; ++i) done.push_back(values.try_recv(v) && v == i);
    done.push_back(braid::make_chan<int>().try_send(1));
    done.push_back(braid::make_chan<int>().try_recv(v));
  });
  CHECK(done == std::vector<bool>{false, true, true, false, true, true, false, false, false});
}

TEST_CASE("a nil channel is never ready for anything", "[runtime][C8]") {
  int v = 5;
  std::vector<bool> done;
  braid::run([&] {
    chan<int> nil;
    done = {nil.try_send(1), nil.try_recv(v), braid::send_chan<int>(nil).try_send(1),
            braid::recv_chan<int>(nil).try_recv(v),
            braid::select{braid::recv(nil), braid::send(nil, 1), braid::otherwise} != 2};
  });
  CHECK(done == std::vector<bool>(5, false));
  CHECK(v == 5);
}

TEST_CASE("a nil channel waits for ever, in every form", "[runtime][C8][S6]") {
  struct form {
    std::string reason;
    std::function<void()> act;
  };
  const std::array<form, 8> forms = {{
      {"chan send (nil chan)", [] { chan<int>().send(1); }},
      {"chan receive (nil chan)", [] { chan<int>().recv(); }},
      {"chan receive (nil chan)", [] { chan<int>().recv_opt(); }},
      {"chan receive (nil chan)",
       [] {
         for ([[maybe_unused]] int v : chan<int>()) return;
       }},
      {"chan receive (nil chan)", [] { braid::select{braid::recv(chan<int>())}; }},
      {"select",
       [] {
         braid::select{braid::recv(chan<int>()), braid::send(chan<int>(), 1)};
       }},
      {"select (no cases)", [] { braid::select{}; }},
      {"select (no cases)", [] { braid::select_n({}); }},
  }};
  for (const form& one : forms) {
    const auto child = run_in_child([&] { braid::run(one.act, {.workers = 1}); });
    CHECK(child.code == 2);
    CHECK(child.err.find("fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [" +
                         one.reason + "]:\n") == 0);
  }
}

// Go's closedchan.go: each form of a receive, buffered and not.
TEST_CASE("a closed channel gives what is left, then zero values without end", "[runtime][C11]") {
  const int left = GENERATE(0, 1, 2);
  std::vector<bool> right;
  braid::run([&] {
    const std::array<std::function<bool(chan<int>, int, bool)>, 6> forms = {{
        [](chan<int> c, int value, bool more) {
          const auto got = c.recv();
          return got.value == value && got.more == more;
        },
        [](chan<int> c, int value, bool more) {
          int v = -1;
          return c.recv(v) == more && v == value;
        },
        [](chan<int> c, int value, bool more) {
          return c.recv_opt() == (more ? std::optional(value) : std::nullopt);
        },
        [](chan<int> c, int value, bool more) {
          int v = -1;
          bool m = !more;
          return c.try_recv(v, &m) && v == value && m == more;
        },
        [](chan<int> c, int value, bool more) {
          int v = -1;
          bool m = !more;
          return braid::select{braid::recv(c, v, m)} == 0 && v == value && m == more;
        },
        [](chan<int> c, int value, bool more) {
          bool ok = false;
          braid::select{braid::on_default([] {}),
                        braid::on_recv(c, [&](int v, bool m) { ok = v == value && m == more; })};
          return ok;
        },
    }};
    for (const auto& receive : forms) {
      auto c = braid::make_chan<int>(left);
      for (int i = 1; i <= left; ++i) c.send(i);
      c.close();
      for (int i = 1; i <= left; ++i) right.push_back(receive(c, i, true));
      for (int i = 0; i < 3; ++i) right.push_back(receive(c, 0, false));
    }
  });
  CHECK(right == std::vector<bool>(6 * static_cast<std::size_t>(left + 3), true));
}

TEST_CASE("a send on a closed channel panics in every form", "[runtime][C10][S7]") {
  const int capacity = GENERATE(0, 1);
  std::vector<std::string> texts;
  braid::run([&] {
    auto closed = braid::make_chan<int>(capacity);
    const auto never = braid::make_chan<int>();
    closed.close();
    texts = {
        panic_of([&] { closed.send(1); }),
        panic_of([&] { closed.try_send(1); }),
        panic_of([&] { braid::select{braid::send(closed, 1)}; }),
        panic_of([&] {
          braid::select{braid::send(closed, 1), braid::otherwise};
        }),
        panic_of([&] {
          braid::select{braid::recv(never), braid::send(closed, 1)};
        }),
        panic_of([&] {
          braid::select{braid::on_send(closed, 1, [] {}), braid::otherwise};
        }),
    };
  });
  CHECK(texts == std::vector<std::string>(6, "send on closed channel"));
}

// C10 for one that waits, in a plain send and in a select; C13: what was to be sent stays.
TEST_CASE("a close reaches a sender that waits, who keeps the value", "[runtime][C10][C13]") {
  const bool in_select = GENERATE(false, true);
  const unsigned workers = GENERATE(1u, 2u, 8u);
  std::string text;
  bool kept = false;
  bool delivered = true;
  braid::run(
      [&] {
        auto words = braid::make_chan<std::unique_ptr<int>>();
        auto never = braid::make_chan<int>();
        auto done = braid::make_chan<int>();
        braid::go([&, words, done]() mutable {
          auto word = std::make_unique<int>(1);
          text = panic_of([&] {
            if (in_select) {
              braid::select{braid::recv(never), braid::send(words, std::move(word))};
            } else {
              words.send(std::move(word));
            }
          });
          kept = word != nullptr;
          done.send(0);
        });
        braid::this_goroutine::yield();
        words.close();
        done.recv();
        delivered = words.recv().more;
      },
      {.workers = workers});
  CHECK(text == "send on closed channel");
  CHECK(kept);
  CHECK_FALSE(delivered);
}

TEST_CASE("a value that try_send does not send stays with the caller", "[runtime][C13]") {
  std::vector<bool> kept;
  braid::run([&] {
    auto words = braid::make_chan<std::unique_ptr<int>>(1);
    for (int i = 0; i < 2; ++i) {
      auto word = std::make_unique<int>(i);
      const bool sent = words.try_send(std::move(word));
      kept.push_back(word != nullptr);
      if (sent == kept.back()) kept.clear();
    }
  });
  CHECK(kept == std::vector<bool>{false, true});
}

TEST_CASE("a range evaluates its channel once", "[runtime][C15]") {
  int evaluated = 0;
  int sum = 0;
  braid::run([&] {
    auto values = braid::make_chan<int>(3);
    for (int i = 1; i <= 3; ++i) values.send(i);
    values.close();
    const auto channel = [&] {
      ++evaluated;
      return values;
    };
    for (const int v : channel()) {
      values = nullptr;
      sum += v;
    }
  });
  CHECK(evaluated == 1);
  CHECK(sum == 6);
}

// Go's TestNonblockRecvRace: there is a value, and then the channel is closed.
TEST_CASE("a receive without waiting succeeds where a value or an end always is",
          "[runtime][C21]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  int missed = 0;
  braid::run(
      [&] {
        auto results = braid::make_chan<bool>();
        for (int i = 0; i < scaled(2000); ++i) {
          auto values = braid::make_chan<int>(1);
          values.send(1);
          braid::go([=]() mutable {
            int v = 0;
            results.send(values.try_recv(v));
          });
          values.close();
          int v = 0;
          missed += !values.try_recv(v);
          missed += !results.recv().value;
        }
      },
      {.workers = workers});
  CHECK(missed == 0);
}

// Go's TestPseudoRandomSend: each in more than a tenth of the cases.
TEST_CASE("a select between two sends on one channel does both often", "[runtime][C23][S4]") {
  const int capacity = GENERATE(0, 2000);
  constexpr int count = 2000;
  int ones = 0;
  braid::run([&] {
    auto values = braid::make_chan<int>(capacity);
    auto done = braid::make_chan<int>();
    braid::go([&, values, done]() mutable {
      for (int i = 0; i < count; ++i) ones += values.recv().value;
      done.send(0);
    });
    for (int i = 0; i < count; ++i) braid::select{braid::send(values, 0), braid::send(values, 1)};
    done.recv();
  });
  CHECK(ones > count / 10);
  CHECK(ones < count - count / 10);
}

}  // namespace
