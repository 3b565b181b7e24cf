// Channels and select under every schedule.
//
// Oracle: rules C1-C15 and S1-S10 and hand-made lists of outcomes.
#include <braid/braid.hpp>
#include <memory>
#include <string>

#include "support/exploring.hpp"

namespace {

using braid::chan;
using braid::testing::all_outcomes;
using braid::testing::explore_all;
using braid::testing::only_output;
using braid::testing::outcomes;
using braid::testing::outcomes_of;

TEST_CASE("under the checker, values arrive in the order in which they were sent",
          "[checker][C5]") {
  const int capacity = GENERATE(0, 1, 3);
  CHECK(only_output([=] {
          auto numbers = braid::make_chan<int>(capacity);
          braid::go([=]() mutable {
            for (int i = 1; i <= 3; ++i) numbers.send(i);
            numbers.close();
          });
          for (const int n : numbers) braid::print(n);
          braid::print(numbers.recv().more);
        }) == "123false");
}

TEST_CASE("an unbuffered send ends only when somebody receives", "[checker][C3][C4]") {
  const int capacity = GENERATE(0, 1);
  const outcomes found = all_outcomes([=] {
    auto box = braid::make_chan<int>(capacity);
    auto done = braid::make_chan<int>();
    braid::go([=]() mutable {
      box.send(1);
      braid::print("s");
      done.send(1);
    });
    braid::print("m");
    box.recv();
    done.recv();
  });
  CHECK(found == (capacity == 0 ? outcomes{"ms"} : outcomes{"ms", "sm"}));
}

TEST_CASE("two senders are served in the order of their arrival, which is any", "[checker][C6]") {
  const int capacity = GENERATE(0, 1);
  CHECK(all_outcomes([=] {
          auto numbers = braid::make_chan<int>(capacity);
          for (int i = 1; i <= 2; ++i) braid::go([=]() mutable { numbers.send(i); });
          const int first = numbers.recv().value;
          braid::print(first, numbers.recv().value);
        }) == outcomes{"12", "21"});
}

TEST_CASE("close wakes every receiver", "[checker][C12]") {
  CHECK(only_output([] {
          auto gate = braid::make_chan<int>();
          braid::wait_group all;
          all.add(2);
          for (int i = 0; i < 2; ++i) {
            braid::go([&, gate]() mutable {
              braid::print(gate.recv().more);
              all.done();
            });
          }
          gate.close();
          all.wait();
        }) == "falsefalse");
}

TEST_CASE("a sender that waits when the channel is closed panics", "[checker][C10][C12]") {
  CHECK(all_outcomes([] {
          auto box = braid::make_chan<int>();
          auto done = braid::make_chan<int>();
          braid::go([=]() mutable {
            try {
              box.send(1);
            } catch (const braid::closed_channel& e) {
              braid::print(e.what());
            }
            done.send(1);
          });
          box.close();
          done.recv();
        }) == outcomes{{"send on closed channel", "race"}});
}

TEST_CASE("closing twice, or closing nil, is a panic", "[checker][C9]") {
  const auto twice = explore_all([] {
    auto box = braid::make_chan<int>();
    box.close();
    box.close();
  });
  CHECK(outcomes_of(twice) == outcomes{{"", "panic"}});
  CHECK(twice.outcomes[0].errors == "panic: close of closed channel\n");
  const auto nil = explore_all([] { chan<int>().close(); });
  CHECK(nil.outcomes[0].errors == "panic: close of nil channel\n");
}

TEST_CASE("a channel of a negative size is a panic", "[checker][C2]") {
  const auto r = explore_all([] { braid::make_chan<int>(-1); });
  CHECK(outcomes_of(r) == outcomes{{"", "panic"}});
  CHECK(r.outcomes[0].errors == "panic: makechan: size out of range\n");
}

TEST_CASE("the length is what lies in the buffer at that moment", "[checker][C14]") {
  CHECK(all_outcomes([] {
          auto box = braid::make_chan<int>(2);
          auto done = braid::make_chan<int>();
          braid::go([=]() mutable {
            box.send(1);
            box.send(2);
            done.send(1);
          });
          braid::print(box.size());
          done.recv();
          braid::print(box.size(), box.capacity());
        }) == outcomes{"022", "122", "222"});
}

TEST_CASE("a nil channel waits for ever, in both directions", "[checker][C8][S6]") {
  CHECK(all_outcomes([] { chan<int>().send(1); }) == outcomes{{"", "deadlock"}});
  CHECK(all_outcomes([] { chan<int>().recv(); }) == outcomes{{"", "deadlock"}});
  CHECK(all_outcomes([] { braid::select{}; }) == outcomes{{"", "deadlock"}});
  CHECK(all_outcomes([] { braid::select{braid::recv(chan<int>())}; }) ==
        outcomes{{"", "deadlock"}});
}

TEST_CASE("a value that was moved into a channel comes out as the same one", "[checker][C17]") {
  CHECK(only_output([] {
          auto words = braid::make_chan<std::unique_ptr<std::string>>(1);
          braid::go([=]() mutable {
            words.send(std::make_unique<std::string>("a word that needs memory of its own"));
          });
          braid::print(words.recv().value->size());
        }) == "35");
}

// select.

TEST_CASE("default is taken if nothing is ready at that moment, and never else", "[checker][S5]") {
  const int capacity = GENERATE(0, 1);
  CHECK(all_outcomes([=] {
          auto box = braid::make_chan<int>(capacity);
          braid::go([=]() mutable { box.send(7); });
          int value = 0;
          const int chosen = braid::select{braid::recv(box, value), braid::otherwise};
          braid::print(chosen, value);
          if (chosen == 1) box.recv();
        }) == outcomes{"07", "10"});
  CHECK(only_output([] {
          auto box = braid::make_chan<int>(1);
          box.send(7);
          braid::print(int{braid::select{braid::recv(box), braid::otherwise}});
        }) == "0");
}

TEST_CASE("each ready case of a select is explored", "[checker][S4]") {
  const auto r = explore_all([] {
    auto a = braid::make_chan<int>(1);
    auto b = braid::make_chan<int>(1);
    auto c = braid::make_chan<int>();
    a.send(1);
    braid::print(int{braid::select{braid::recv(a), braid::send(b, 1), braid::recv(c)}});
  });
  CHECK(outcomes_of(r) == outcomes{"0", "1"});
  CHECK(r.complete);
  CHECK(r.executions == 2);
}

TEST_CASE("one channel may be in several cases, and each may be chosen", "[checker][S8]") {
  CHECK(all_outcomes([] {
          auto box = braid::make_chan<int>(1);
          box.send(1);
          braid::print(int{braid::select{braid::recv(box), braid::recv(box)}});
        }) == outcomes{"0", "1"});
  CHECK(all_outcomes([] {
          auto box = braid::make_chan<int>(2);
          box.send(1);
          const int chosen = braid::select{braid::send(box, 2), braid::recv(box)};
          braid::print(chosen, box.size());
        }) == outcomes{"02", "10"});
}

TEST_CASE("a select never meets itself", "[checker][S8]") {
  CHECK(all_outcomes([] {
          auto box = braid::make_chan<int>();
          braid::select{braid::send(box, 1), braid::recv(box)};
        }) == outcomes{{"", "deadlock"}});
}

TEST_CASE("a select that waits is completed by whoever comes first, and by one only",
          "[checker][S10]") {
  CHECK(all_outcomes([] {
          auto a = braid::make_chan<int>();
          auto b = braid::make_chan<int>();
          braid::go([=]() mutable { a.send(1); });
          braid::go([=]() mutable { b.send(2); });
          int value = 0;
          braid::select{braid::recv(a, value), braid::recv(b, value)};
          braid::print(value);
          (value == 1 ? b : a).recv();
        }) == outcomes{"1", "2"});
}

TEST_CASE("two selects over the same pair of channels meet exactly once", "[checker][S2][S10]") {
  CHECK(all_outcomes([] {
          auto a = braid::make_chan<int>();
          auto b = braid::make_chan<int>();
          auto done = braid::make_chan<int>();
          braid::go([=]() mutable {
            done.send(braid::select{braid::send(a, 1), braid::send(b, 2)});
          });
          int value = 0;
          braid::select{braid::recv(a, value), braid::recv(b, value)};
          braid::print(value - 1 == done.recv().value);
        }) == outcomes{"true"});
}

TEST_CASE("a send on a closed channel is a ready case, which panics", "[checker][C10][S7]") {
  CHECK(all_outcomes([] {
          auto closed = braid::make_chan<int>(1);
          auto full = braid::make_chan<int>(1);
          full.send(7);
          closed.close();
          int value = 0;
          braid::select{braid::send(closed, 1), braid::recv(full, value)};
          braid::print(value);
        }) == outcomes{"7", {"", "panic"}});
}

TEST_CASE("a select that waits in a send panics when the channel is closed", "[checker][C10]") {
  CHECK(all_outcomes([] {
          auto box = braid::make_chan<int>();
          auto never = braid::make_chan<int>();
          braid::go([=]() mutable { box.close(); });
          braid::select{braid::send(box, 1), braid::recv(never)};
        }) == outcomes{{"", "panic"}});
}

TEST_CASE("a receive from a closed channel is ready with nothing more", "[checker][C11][S6][S7]") {
  CHECK(only_output([] {
          auto box = braid::make_chan<int>();
          box.close();
          int value = 5;
          bool more = true;
          braid::select{braid::recv(box, value, more), braid::recv(chan<int>())};
          braid::print(value, more);
        }) == "0false");
}

}  // namespace
