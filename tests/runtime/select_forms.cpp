// select, one case at a time: what is evaluated, which case is chosen, how it is written (rules S1,
// S2, S5-S17) on the pool.
//
// Oracle: Go's rules; Go's select3.go, select5.go, select6.go, doubleselect.go, issue4313.go and
// chan_test.go.
#include <array>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
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

// In the order of the cases; within one, C++ leaves the order of two arguments open.
TEST_CASE("channels and sent values are evaluated once, in order, chosen or not", "[runtime][S1]") {
  std::string order;
  int chosen = -1;
  braid::run([&] {
    auto ready = braid::make_chan<int>(1);
    const auto channel = [&](char name, chan<int> c) {
      order += name;
      return c;
    };
    const auto value = [&](char name) {
      order += name;
      return 1;
    };
    chosen = braid::select{braid::recv(channel('a', nullptr)), braid::send(chan<int>(), value('1')),
                           braid::on_send(ready, value('2'), [&] { order += '!'; }),
                           braid::send(channel('b', nullptr), 1),
                           braid::on_recv(channel('c', nullptr), [] {})};
  });
  CHECK(chosen == 2);
  CHECK(order == "a12bc!");
}

// Go's issue4313: the value is what it was when its case was evaluated.
TEST_CASE("a sent variable is copied when its case is evaluated", "[runtime][S1][S11]") {
  int got = 0;
  braid::run([&] {
    auto c = braid::make_chan<int>(1);
    int x = 1;
    const auto change = [&]() -> chan<int> {
      x = 2;
      return nullptr;
    };
    braid::select{braid::send(c, x), braid::recv(change())};
    got = c.recv().value;
  });
  CHECK(got == 1);
}

TEST_CASE("only the chosen case assigns, and only its value is moved from", "[runtime][S1][S11]") {
  int chosen = -1;
  int untouched = 5;
  bool more_untouched = true;
  bool first_kept = false;
  bool second_moved = false;
  braid::run([&] {
    auto full = braid::make_chan<std::unique_ptr<int>>(1);
    auto free = braid::make_chan<std::unique_ptr<int>>(1);
    auto empty = braid::make_chan<int>(1);
    full.send(nullptr);
    auto first = std::make_unique<int>(1);
    auto second = std::make_unique<int>(2);
    chosen = braid::select{braid::send(full, std::move(first)),
                           braid::recv(empty, untouched, more_untouched),
                           braid::send(free, std::move(second))};
    first_kept = first != nullptr && *first == 1;
    second_moved = second == nullptr;
  });
  CHECK(chosen == 2);
  CHECK(untouched == 5);
  CHECK(more_untouched);
  CHECK(first_kept);
  CHECK(second_moved);
}

TEST_CASE("default may stand anywhere and is taken if and only if nothing is ready",
          "[runtime][S5]") {
  std::array<int, 6> chosen{};
  braid::run([&] {
    auto ready = braid::make_chan<int>();
    ready.close();
    const auto never = braid::make_chan<int>();
    chosen = {
        braid::select{braid::otherwise, braid::recv(never), braid::send(never, 1)},
        braid::select{braid::recv(never), braid::otherwise, braid::send(never, 1)},
        braid::select{braid::recv(never), braid::send(never, 1), braid::otherwise},
        braid::select{braid::otherwise, braid::recv(never), braid::recv(ready)},
        braid::select{braid::recv(ready), braid::otherwise},
        braid::select{braid::otherwise},
    };
  });
  CHECK(chosen == std::array{0, 1, 2, 2, 0, 0});
}

// S4: each case counts, not each channel. Within ten standard deviations.
TEST_CASE("a channel that is named three times is chosen three times as often",
          "[runtime][S4][S8]") {
  constexpr int rounds = 10'000;
  std::array<int, 4> chosen{};
  braid::run([&] {
    auto a = braid::make_chan<int>();
    auto b = braid::make_chan<int>();
    a.close();
    b.close();
    for (int i = 0; i < rounds; ++i) {
      ++chosen[static_cast<std::size_t>(
          int{braid::select{braid::recv(a), braid::recv(a), braid::recv(a), braid::recv(b)}})];
    }
  });
  const double deviation = std::sqrt(rounds * 0.25 * 0.75);
  for (const int n : chosen) CHECK(std::abs(n - rounds / 4.0) < 10 * deviation);
}

// The sender never waits for long, so that the select often does. Within ten standard deviations.
TEST_CASE("a select that waits in like cases is served in each as often", "[runtime][S4][S8]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  constexpr int rounds = 10'000;
  std::array<int, 2> chosen{};
  braid::run(
      [&] {
        auto values = braid::make_chan<int>();
        braid::go([=] {
          for (int i = 0; i < rounds; ++i) values.send(i);
        });
        for (int i = 0; i < rounds; ++i) {
          ++chosen[static_cast<std::size_t>(
              int{braid::select{braid::recv(values), braid::recv(values)}})];
        }
      },
      {.workers = workers});
  CHECK(std::abs(chosen[0] - rounds / 2.0) < 10 * std::sqrt(rounds * 0.25));
}

// Go's select3.go. Each row: what one operation alone does to a select with and without default.
TEST_CASE("which operations let a select go on", "[runtime][S5][S6][S7][S13]") {
  enum { none, done, panics };
  struct row {
    int capacity;  // -1: nil
    int queued;
    bool closed;
    int sends;
    int receives;
  };
  const auto r = GENERATE(row{-1, 0, false, none, none}, row{0, 0, false, none, none},
                          row{2, 0, false, done, none}, row{2, 1, false, done, done},
                          row{2, 2, false, none, done}, row{0, 0, true, panics, done},
                          row{2, 0, true, panics, done}, row{2, 2, true, panics, done});
  std::array<int, 4> found{};
  braid::run([&] {
    const auto channel = [&] {
      if (r.capacity < 0) return chan<int>();
      auto c = braid::make_chan<int>(r.capacity);
      for (int i = 0; i < r.queued; ++i) c.send(i);
      if (r.closed) c.close();
      return c;
    };
    const auto never = braid::make_chan<int>();
    const auto outcome = [](auto&& act) {
      try {
        return act() == 0 ? done : none;
      } catch (const braid::closed_channel&) {
        return panics;
      }
    };
    const auto given_up = [] { return braid::after(std::chrono::milliseconds(1)); };
    found = {
        outcome([&] {
          return int{braid::select{braid::send(channel(), 1), braid::otherwise}};
        }),
        outcome([&] {
          return int{braid::select{braid::recv(channel()), braid::otherwise}};
        }),
        outcome([&] {
          return int{braid::select{braid::send(channel(), 1), braid::recv(given_up())}};
        }),
        outcome([&] {
          return int{
              braid::select{braid::recv(channel()), braid::recv(never), braid::recv(given_up())}};
        }),
    };
  });
  CHECK(found == std::array<int, 4>{r.sends, r.receives, r.sends, r.receives});
}

// Go's TestSelectStress: four pairs; a case is switched off by making its channel nil.
TEST_CASE("cases whose channel became nil take no part any more", "[runtime][S2][S6]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int each = scaled(1000);
  std::array<int, 4> sent{};
  std::array<int, 4> received{};
  braid::run(
      [&] {
        std::array<chan<int>, 4> c;
        for (std::size_t i = 0; i < 4; ++i) c[i] = braid::make_chan<int>(i < 2 ? 0 : 2);
        braid::wait_group both;
        both.go([&, c]() mutable {
          for (int i = 0; i < 4 * each; ++i) {
            const std::size_t n = static_cast<std::size_t>(
                int{braid::select{braid::send(c[3], 0), braid::send(c[2], 0), braid::send(c[0], 0),
                                  braid::send(c[1], 0)}});
            const std::size_t to = std::array<std::size_t, 4>{3, 2, 0, 1}[n];
            if (++sent[to] == each) c[to] = nullptr;
          }
        });
        both.go([&, c]() mutable {
          for (int i = 0; i < 4 * each; ++i) {
            const std::size_t from = static_cast<std::size_t>(int{braid::select{
                braid::recv(c[0]), braid::recv(c[1]), braid::recv(c[2]), braid::recv(c[3])}});
            if (++received[from] == each) c[from] = nullptr;
          }
        });
        both.wait();
      },
      {.workers = workers});
  CHECK(sent == std::array{each, each, each, each});
  CHECK(received == sent);
}

// Go's select6.go: the select in the middle of the queue leaves it, the others keep their places.
TEST_CASE("a case that was not chosen leaves its queue without disturbing others",
          "[runtime][S9]") {
  const bool has_default_behind = GENERATE(false, true);
  std::array<int, 3> got{};
  braid::run(
      [&] {
        auto a = braid::make_chan<int>();
        auto b = braid::make_chan<int>();
        auto done = braid::make_chan<int>();
        park([&, a, done]() mutable {
          got[0] = a.recv().value;
          done.send(0);
        });
        park([&, a, b, done]() mutable {
          braid::select{braid::recv(a), braid::recv(b, got[1])};
          done.send(0);
        });
        park([&, a, done]() mutable {
          got[2] = a.recv().value;
          done.send(0);
        });
        b.send(2);
        done.recv();
        if (has_default_behind) braid::select{braid::recv(a), braid::otherwise};
        a.send(1);
        a.send(3);
        for (int i = 0; i < 2; ++i) done.recv();
      },
      {.workers = 1});
  CHECK(got == std::array{1, 2, 3});
}

// Go's doubleselect.go: a select in which two cases could be completed at once takes one value
// only.
TEST_CASE("a select that waits is completed by one partner only", "[runtime][S2][S10]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int count = scaled(2000);
  int doubled = 0;
  int received = 0;
  braid::run(
      [&] {
        std::array<chan<int>, 4> c;
        for (auto& one : c) one = braid::make_chan<int>();
        auto all = braid::make_chan<int>();
        braid::go([=] {
          for (int i = 0; i < count; ++i) {
            braid::select{braid::send(c[0], i), braid::send(c[1], i), braid::send(c[2], i),
                          braid::send(c[3], i)};
          }
          for (chan<int> one : c) one.close();
        });
        braid::wait_group receivers;
        for (const chan<int>& one : c) {
          receivers.go([=]() mutable {
            for (const int v : one) all.send(v);
          });
        }
        braid::go([&, all]() mutable {
          receivers.wait();
          all.close();
        });
        std::vector<int> times(static_cast<std::size_t>(count));
        for (const int v : all) {
          doubled += times[static_cast<std::size_t>(v)]++ != 0;
          ++received;
        }
      },
      {.workers = workers});
  CHECK(doubled == 0);
  CHECK(received == count);
}

TEST_CASE("break leaves the select only, return and continue do what they say", "[runtime][S12]") {
  std::string path;
  braid::run([&] {
    auto values = braid::make_chan<int>(3);
    for (int i = 0; i < 3; ++i) values.send(i);
    values.close();
    for (;;) {
      int v = 0;
      bool more = false;
      switch (braid::select{braid::recv(values, v, more), braid::otherwise}) {
        case 0:
          if (!more) return;
          if (v == 1) continue;
          break;
        case 1:
          path += "default";
      }
      path += std::to_string(v);
    }
  });
  CHECK(path == "02");
}

TEST_CASE("a select of one case is the plain operation", "[runtime][S13]") {
  const auto child = run_in_child([] {
    braid::run(
        [] {
          auto c = braid::make_chan<int>(1);
          braid::select{braid::send(c, 1)};
          braid::select{braid::send(c, 2)};
        },
        {.workers = 1});
  });
  CHECK(child.err.find("goroutine 1 [chan send]:\n") != std::string::npos);
}

TEST_CASE("a select has any number of cases, and each may be chosen", "[runtime][S14]") {
  const int ready = GENERATE(0, 6, 11);
  int chosen = -1;
  int got = 0;
  braid::run([&] {
    std::array<chan<int>, 12> c;
    for (auto& one : c) one = braid::make_chan<int>(1);
    c[static_cast<std::size_t>(ready)].send(7);
    chosen =
        braid::select{braid::recv(c[0], got), braid::recv(c[1], got),  braid::recv(c[2], got),
                      braid::recv(c[3], got), braid::recv(c[4], got),  braid::recv(c[5], got),
                      braid::recv(c[6], got), braid::recv(c[7], got),  braid::recv(c[8], got),
                      braid::recv(c[9], got), braid::recv(c[10], got), braid::recv(c[11], got)};
  });
  CHECK(chosen == ready);
  CHECK(got == 7);
}

TEST_CASE("a dynamic select performs each kind of case", "[runtime][S14][S17]") {
  std::string done;
  std::vector<int> chosen;
  braid::run([&] {
    auto numbers = braid::make_chan<int>(1);
    auto words = braid::make_chan<std::unique_ptr<int>>(1);
    int v = 0;
    bool more = false;
    std::vector<braid::select_op> receives;
    receives.push_back(braid::otherwise);
    receives.push_back(braid::recv(numbers, v, more));
    receives.push_back(braid::on_recv(
        words, [&](std::unique_ptr<int> one) { done += "word" + std::to_string(*one); }));
    std::vector<braid::select_op> sends;
    sends.push_back(braid::on_send(words, std::make_unique<int>(5), [&] { done += "sent "; }));
    sends.push_back(braid::on_default([&] { done += "full "; }));
    chosen.push_back(braid::select_n(receives));
    chosen.push_back(braid::select_n(sends));
    chosen.push_back(braid::select_n(sends));
    chosen.push_back(braid::select_n(receives));
    numbers.send(8);
    chosen.push_back(braid::select_n(receives));
    done += " " + std::to_string(v) + (more ? "+" : "-");
  });
  CHECK(chosen == std::vector{0, 0, 1, 2, 1});
  CHECK(done == "sent full word5 8+");
}

TEST_CASE("a dynamic select of many cases loses no value", "[runtime][S2][S14][S17]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const std::size_t width = GENERATE(1u, 9u, 300u);
  const int each = scaled(static_cast<int>(3000 / width));
  std::vector<int> times(width);
  braid::run(
      [&] {
        std::vector<chan<int>> c(width);
        std::vector<braid::select_op> cases;
        for (auto& one : c) {
          one = braid::make_chan<int>();
          cases.push_back(braid::recv(one));
          braid::go([one, each]() mutable {
            for (int i = 0; i < each; ++i) one.send(i);
          });
        }
        for (std::size_t i = 0; i < width * static_cast<std::size_t>(each); ++i) {
          ++times[static_cast<std::size_t>(braid::select_n(cases))];
        }
      },
      {.workers = workers});
  CHECK(times == std::vector<int>(width, each));
}

TEST_CASE("a dynamic select refuses two defaults and more than 65536 cases",
          "[runtime][S14][S17]") {
  std::vector<std::string> texts;
  int most = -1;
  braid::run([&] {
    const auto attempt = [&](std::vector<braid::select_op>& cases) {
      try {
        most = braid::select_n(cases);
      } catch (const braid::runtime_panic& panic) {
        texts.push_back(panic.what());
      }
    };
    std::vector<braid::select_op> cases;
    cases.push_back(braid::otherwise);
    cases.push_back(braid::otherwise);
    attempt(cases);
    cases.clear();
    while (cases.size() < 65'535) cases.push_back(braid::recv(chan<int>()));
    cases.push_back(braid::otherwise);
    attempt(cases);
    cases.push_back(braid::recv(chan<int>()));
    attempt(cases);
  });
  CHECK(most == 65'535);
  CHECK(texts == std::vector<std::string>{"select_n: multiple default cases",
                                          "select_n: too many cases (max 65536)"});
}

// S16. Under ThreadSanitizer a missing edge is an error of its own.
TEST_CASE("what was written before a send in a select is seen after the receive",
          "[runtime][S16]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int capacity = GENERATE(0, 1);
  const int rounds = scaled(1000);
  int wrong = 0;
  braid::run(
      [&] {
        const auto a = braid::make_chan<int>(capacity);
        const auto b = braid::make_chan<int>(capacity);
        const auto back = braid::make_chan<int>();
        int plain = 0;
        braid::go([&, a, b, back] {
          for (int i = 1; i <= rounds; ++i) {
            plain = i;
            braid::select{braid::send(a, i), braid::send(b, i)};
            braid::select{braid::recv(back)};
          }
        });
        for (int i = 1; i <= rounds; ++i) {
          braid::select{braid::recv(a), braid::recv(b)};
          wrong += plain != i;
          plain = 0;
          braid::select{braid::send(back, 0)};
        }
      },
      {.workers = workers});
  CHECK(wrong == 0);
}

}  // namespace
