// What select does under every schedule, rule by rule.
//
// Oracle: Go's rules (S1-S17), Go's TestNonblockSelectRace and select6.go, and hand-made lists of
// outcomes. With ordered timers a sleep ends only when all others wait: that is how these programs
// know that somebody is parked.
#include <array>
#include <braid/braid.hpp>
#include <memory>
#include <string>
#include <vector>

#include "support/exploring.hpp"
#include "support/together.hpp"

namespace {

using braid::chan;
using braid::testing::all_outcomes;
using braid::testing::explore_all;
using braid::testing::let_others_park;
using braid::testing::only_output;
using braid::testing::outcomes;
using braid::testing::outcomes_of;

// In the order of the cases; within one, C++ leaves the order of two arguments open.
TEST_CASE("operands are evaluated once and in order, before the select waits", "[checker][S1]") {
  CHECK(only_output([] {
          const auto ready = braid::make_chan<int>(1);
          const auto channel = [](const char* name, const chan<int>& c) {
            braid::print(name);
            return c;
          };
          const auto value = [](const char* name) {
            braid::print(name);
            return 1;
          };
          braid::select{braid::recv(channel("a", nullptr)), braid::send(ready, value("1")),
                        braid::send(channel("b", nullptr), 2)};
        }) == "a1b");
}

TEST_CASE("exactly one of the cases that can proceed is performed", "[checker][S2]") {
  CHECK(all_outcomes([] {
          auto a = braid::make_chan<int>(1);
          auto b = braid::make_chan<int>(1);
          a.send(1);
          const int chosen = braid::select{braid::recv(a), braid::send(b, 1)};
          braid::print(chosen, a.size(), b.size());
        }) == outcomes{"000", "111"});
}

// Go's TestNonblockSelectRace: first one channel has a value, then both, then the other.
TEST_CASE("default is never taken while one of two channels is always ready", "[checker][S3]") {
  CHECK(only_output([] {
          auto first = braid::make_chan<int>(1);
          auto second = braid::make_chan<int>(1);
          first.send(1);
          braid::wait_group selector;
          selector.go([=] {
            const int chosen =
                braid::select{braid::recv(first), braid::recv(second), braid::otherwise};
            braid::print(chosen != 2);
          });
          second.send(1);
          braid::select{braid::recv(first), braid::otherwise};
          selector.wait();
        }) == "true");
}

// Go's TestNonblockSelectRace2: the second channel becomes ready by being closed.
TEST_CASE("default is never taken while a channel is ready or closed", "[checker][S3]") {
  CHECK(only_output([] {
          auto first = braid::make_chan<int>(1);
          auto second = braid::make_chan<int>();
          first.send(1);
          braid::wait_group selector;
          selector.go([=] {
            const int chosen =
                braid::select{braid::recv(first), braid::recv(second), braid::otherwise};
            braid::print(chosen != 2);
          });
          second.close();
          braid::select{braid::recv(first), braid::otherwise};
          selector.wait();
        }) == "true");
}

TEST_CASE("each ready case is one branch, also if several name one channel", "[checker][S4][S8]") {
  const auto r = explore_all([] {
    auto a = braid::make_chan<int>();
    auto b = braid::make_chan<int>();
    a.close();
    b.close();
    braid::print(int{braid::select{braid::recv(a), braid::recv(a), braid::recv(a), braid::recv(b),
                                   braid::recv(chan<int>())}});
  });
  CHECK(r.complete);
  CHECK(r.executions == 4);
  CHECK(outcomes_of(r) == outcomes{"0", "1", "2", "3"});
}

// Go enters its queues in a random order.
TEST_CASE("a select that waits in like cases is served in any of them", "[checker][S4][S8]") {
  const auto strategy = GENERATE("dfs", "dpor");
  const auto served = [] {
    auto a = braid::make_chan<int>();
    auto b = braid::make_chan<int>();
    braid::go([=] {
      let_others_park();
      a.recv();
    });
    braid::print(int{braid::select{braid::send(a, 1), braid::recv(b), braid::send(a, 1),
                                   braid::send(chan<int>(), 1), braid::send(a, 1)}});
  };
  const auto closed = [] {
    auto a = braid::make_chan<int>();
    braid::go([=] {
      let_others_park();
      a.close();
    });
    braid::print(int{braid::select{braid::recv(a), braid::recv(a)}});
  };
  const auto outcomes_with = [&](void (*main)()) {
    const auto r = braid::explore({"like cases", main}, {.strategy = strategy});
    CHECK(r.complete);
    return outcomes_of(r);
  };
  CHECK(outcomes_with(served) == outcomes{"0", "2", "4"});
  CHECK(outcomes_with(closed) == outcomes{"0", "1"});
}

TEST_CASE("default may stand anywhere", "[checker][S5]") {
  CHECK(all_outcomes([] {
          auto box = braid::make_chan<int>(1);
          braid::go([=]() mutable { box.send(1); });
          const int first = braid::select{braid::otherwise, braid::recv(box)};
          const int second = braid::select{braid::recv(chan<int>()), braid::otherwise};
          braid::print(first, second);
        }) == outcomes{"01", "11"});
}

TEST_CASE("a case is switched off by making its channel nil", "[checker][S6]") {
  CHECK(all_outcomes([] {
          auto a = braid::make_chan<int>();
          auto b = braid::make_chan<int>();
          braid::go([=]() mutable { a.close(); });
          braid::go([=]() mutable { b.close(); });
          while (a || b) {
            if (braid::select{braid::recv(a), braid::recv(b)} == 0) {
              a = nullptr;
              braid::print("a");
            } else {
              b = nullptr;
              braid::print("b");
            }
          }
        }) == outcomes{"ab", "ba"});
}

TEST_CASE("a closed channel is ready for a receive and for a send", "[checker][S7]") {
  CHECK(all_outcomes([] {
          auto closed = braid::make_chan<int>();
          closed.close();
          braid::print(int{braid::select{braid::recv(closed), braid::send(closed, 1)}});
        }) == outcomes{"0", {"", "panic"}});
}

// A waiter that is queued twice on a channel takes one value, and the other value goes to the
// other.
TEST_CASE("a select that names a channel twice is served once", "[checker][S8]") {
  CHECK(all_outcomes([] {
          auto values = braid::make_chan<int>();
          std::array<int, 2> got{};
          braid::wait_group both;
          for (std::size_t i = 0; i < 2; ++i) {
            both.go([&, i, values] {
              braid::select{braid::recv(values, got[i]), braid::recv(values, got[i])};
            });
          }
          values.send(1);
          values.send(2);
          both.wait();
          braid::print(got[0], got[1]);
        }) == outcomes{"12", "21"});
}

// Go's select6.go.
TEST_CASE(
    "under the checker, a case that was not chosen leaves its queue without disturbing others",
    "[checker][S9]") {
  CHECK(only_output([] {
          auto a = braid::make_chan<int>();
          auto b = braid::make_chan<int>();
          std::array<int, 3> got{};
          braid::wait_group all;
          all.go([&, a]() mutable { got[0] = a.recv().value; });
          let_others_park();
          all.go([&, a, b] { braid::select{braid::recv(a), braid::recv(b, got[1])}; });
          let_others_park();
          all.go([&, a]() mutable { got[2] = a.recv().value; });
          let_others_park();
          b.send(2);
          a.send(1);
          a.send(3);
          all.wait();
          braid::print(got[0], got[1], got[2]);
        }) == "123");
}

TEST_CASE("of two partners that come to a select one is served, the other goes on waiting",
          "[checker][S10]") {
  CHECK(all_outcomes([] {
          auto a = braid::make_chan<int>();
          auto b = braid::make_chan<int>();
          auto stop = braid::make_chan<int>();
          braid::wait_group senders;
          for (const auto& c : {a, b}) {
            senders.go([=] { braid::select{braid::send(c, 1), braid::recv(stop)}; });
          }
          let_others_park();
          braid::print(int{braid::select{braid::recv(a), braid::recv(b)}});
          braid::print(int{braid::select{braid::recv(a), braid::recv(b), braid::otherwise}});
          stop.close();
          senders.wait();
        }) == outcomes{"01", "10"});
}

TEST_CASE("only the value of the chosen case is moved from", "[checker][S11]") {
  CHECK(
      all_outcomes([] {
        auto words = braid::make_chan<std::unique_ptr<int>>(1);
        auto first = std::make_unique<int>(1);
        auto second = std::make_unique<int>(2);
        braid::select{braid::send(words, std::move(first)), braid::send(words, std::move(second))};
        braid::print(*words.recv().value, first != nullptr, second != nullptr);
      }) == outcomes{"1falsetrue", "2truefalse"});
}

TEST_CASE("a select of one case has the schedules of the plain operation", "[checker][S13]") {
  const auto executions = [](bool in_select) {
    return explore_all([=] {
             auto box = braid::make_chan<int>(1);
             braid::go([=]() mutable {
               if (in_select) {
                 braid::select{braid::send(box, 1)};
               } else {
                 box.send(1);
               }
             });
             braid::print(box.size());
             box.recv();
           })
        .executions;
  };
  CHECK(executions(true) == executions(false));
}

TEST_CASE("a dynamic select has the outcomes of the static one", "[checker][S14][S17]") {
  const bool is_dynamic = GENERATE(false, true);
  const auto r = explore_all([=] {
    auto a = braid::make_chan<int>();
    auto b = braid::make_chan<int>(1);
    braid::go([=]() mutable { a.send(7); });
    int v = 0;
    int chosen = -1;
    if (is_dynamic) {
      std::vector<braid::select_op> cases;
      cases.push_back(braid::recv(a, v));
      cases.push_back(braid::send(b, 8));
      cases.push_back(braid::otherwise);
      chosen = braid::select_n(cases);
    } else {
      chosen = braid::select{braid::recv(a, v), braid::send(b, 8), braid::otherwise};
    }
    braid::print(chosen, v, b.size());
    if (chosen != 0) a.recv();
  });
  CHECK(r.complete);
  CHECK(outcomes_of(r) == outcomes{"070", "101"});
}

TEST_CASE("a dynamic select with very many cases may choose any that is ready",
          "[checker][S14][S17]") {
  CHECK(all_outcomes([] {
          std::vector<chan<int>> c(40);
          std::vector<braid::select_op> cases;
          for (auto& one : c) {
            one = braid::make_chan<int>(1);
            cases.push_back(braid::recv(one));
          }
          c[5].send(1);
          c[39].send(1);
          const int first = braid::select_n(cases);
          braid::print(first, " ", braid::select_n(cases));
        }) == outcomes{"5 39", "39 5"});
}

TEST_CASE("a dynamic select without cases waits for ever", "[checker][S6][S17]") {
  CHECK(all_outcomes([] { braid::select_n({}); }) == outcomes{{"", "deadlock"}});
}

TEST_CASE("under the checker, what was written before a send in a select is seen after the receive",
          "[checker][S16]") {
  CHECK(only_output([] {
          auto a = braid::make_chan<int>();
          auto b = braid::make_chan<int>();
          braid::var<int> data = 0;
          braid::go([&, a, b] {
            data = 7;
            braid::select{braid::send(a, 1), braid::send(b, 1)};
          });
          braid::select{braid::recv(a), braid::recv(b)};
          braid::print(data.read());
        }) == "7");
}

TEST_CASE("default tells nothing of what others have written", "[checker][S16]") {
  CHECK(all_outcomes([] {
          auto a = braid::make_chan<int>(1);
          braid::var<int> data = 0;
          braid::wait_group writer;
          writer.go([&, a]() mutable {
            data = 7;
            a.send(1);
          });
          const int chosen = braid::select{braid::recv(a), braid::otherwise};
          braid::print(chosen, data.read());
          writer.wait();
        }) == outcomes{"07", {"10", "race"}, {"17", "race"}});
}

}  // namespace
