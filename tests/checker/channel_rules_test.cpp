// What channels do under every schedule, rule by rule: handles, buffers, order, close, elements.
//
// Oracle: Go's rules (C1-C23) and hand-made lists of outcomes. With ordered timers a sleep ends
// only when all others wait: that is how these programs know that somebody is parked.
#include <array>
#include <braid/braid.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>

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

TEST_CASE("a send to one handle arrives at every copy of it", "[checker][C1][C16]") {
  CHECK(only_output([] {
          auto c = braid::make_chan<int>();
          braid::go(
              [](braid::send_chan<int> to) {
                to.send(7);
                to.close();
              },
              c);
          const chan<int> copy = c;
          braid::recv_chan<int> from = copy;
          for (const int v : from) braid::print(v);
          braid::print(copy == c, from == c, c == chan<int>());
        }) == "7truetruefalse");
}

TEST_CASE("a sender waits while the buffer is full, and only then", "[checker][C4]") {
  CHECK(all_outcomes([] {
          auto box = braid::make_chan<int>(1);
          auto done = braid::make_chan<int>();
          braid::go([=]() mutable {
            box.send(1);
            braid::print("a");
            box.send(2);
            braid::print("b");
            done.send(0);
          });
          braid::print("m");
          box.recv();
          done.recv();
        }) == outcomes{"amb", "mab"});
}

TEST_CASE("under the checker, receivers that wait are served in the order of their arrival",
          "[checker][C6]") {
  CHECK(only_output([] {
          auto values = braid::make_chan<int>();
          std::array<int, 3> got{};
          braid::wait_group all;
          for (std::size_t i = 0; i < 3; ++i) {
            all.go([&, i, values]() mutable { got[i] = values.recv().value; });
            let_others_park();
          }
          for (int i = 0; i < 3; ++i) values.send(i);
          all.wait();
          braid::print(got[0], got[1], got[2]);
        }) == "012");
}

TEST_CASE("under the checker, nobody can take a value that was sent to a receiver that waits",
          "[checker][C6]") {
  CHECK(only_output([] {
          auto values = braid::make_chan<int>();
          braid::wait_group receiver;
          receiver.go([=]() mutable { braid::print(values.recv().value); });
          let_others_park();
          values.send(7);
          int v = 0;
          const bool taken = values.try_recv(v);
          receiver.wait();
          braid::print(taken);
        }) == "7false");
}

TEST_CASE("a receive from a full channel lets the first sender in, in one step", "[checker][C7]") {
  CHECK(only_output([] {
          auto values = braid::make_chan<int>(1);
          values.send(1);
          for (int i = 2; i <= 3; ++i) {
            braid::go([=]() mutable { values.send(i); });
            let_others_park();
          }
          for (int i = 0; i < 3; ++i) {
            braid::print(values.recv().value);
            braid::print(values.size(), " ");
          }
        }) == "11 21 30 ");
}

TEST_CASE("a nil channel is ready in no form, and waits for ever in each", "[checker][C8]") {
  CHECK(only_output([] {
          chan<int> nil;
          int v = 5;
          braid::print(nil.try_send(1), nil.try_recv(v), v, nil.size(), nil.capacity());
        }) == "falsefalse500");
  const outcomes deadlock = {{"", "deadlock"}};
  CHECK(all_outcomes([] { chan<int>().recv_opt(); }) == deadlock);
  CHECK(all_outcomes([] {
          for ([[maybe_unused]] const int v : chan<int>()) return;
        }) == deadlock);
  CHECK(all_outcomes([] {
          braid::select{braid::recv(chan<int>()), braid::send(chan<int>(), 1)};
        }) == deadlock);
}

TEST_CASE("a send on a closed channel panics, with a default case too", "[checker][C10]") {
  const outcomes panic = {{"", "panic"}};
  const auto closed = [] {
    auto c = braid::make_chan<int>(1);
    c.close();
    return c;
  };
  CHECK(all_outcomes([=] { closed().send(1); }) == panic);
  CHECK(all_outcomes([=] { closed().try_send(1); }) == panic);
  CHECK(all_outcomes([=] { braid::select{braid::send(closed(), 1), braid::otherwise}; }) == panic);
}

TEST_CASE("a send races with a close: it arrives or it panics", "[checker][C10][C11]") {
  CHECK(all_outcomes([] {
          auto box = braid::make_chan<int>(1);
          braid::wait_group sender;
          sender.go([=]() mutable {
            try {
              box.send(7);
            } catch (const braid::closed_channel&) {
            }
          });
          box.close();
          sender.wait();
          int v = 1;
          const bool more = box.recv(v);
          braid::print(v, more);
        }) == outcomes{{"0false", "race"}, {"7true", "race"}});
}

TEST_CASE("a value that a close keeps from being sent stays with its sender", "[checker][C13]") {
  const bool in_select = GENERATE(false, true);
  CHECK(all_outcomes([=] {
          auto words = braid::make_chan<std::unique_ptr<int>>();
          braid::wait_group sender;
          sender.go([=]() mutable {
            auto word = std::make_unique<int>(1);
            try {
              if (in_select) {
                braid::select{braid::send(words, std::move(word)), braid::recv(chan<int>())};
              } else {
                words.send(std::move(word));
              }
            } catch (const braid::closed_channel&) {
              braid::print(word != nullptr);
            }
          });
          words.close();
          sender.wait();
        }) == outcomes{{"true", "race"}});
}

TEST_CASE("a range evaluates its channel once and ends when that is drained", "[checker][C15]") {
  CHECK(only_output([] {
          auto values = braid::make_chan<int>(2);
          braid::go([=]() mutable {
            for (int i = 1; i <= 3; ++i) values.send(i);
            values.close();
          });
          for (const int v : std::exchange(values, chan<int>())) braid::print(v);
        }) == "123");
}

TEST_CASE("channels carry channels, and elements without default constructor", "[checker][C17]") {
  struct parcel {
    explicit parcel(int n) : number(n) {}
    int number;
  };
  CHECK(only_output([] {
          auto requests = braid::make_chan<chan<parcel>>();
          braid::go([=]() mutable {
            for (chan<parcel> reply : requests) {
              reply.send(parcel(7));
              reply.close();
            }
          });
          auto reply = braid::make_chan<parcel>();
          requests.send(reply);
          braid::print(reply.recv_opt()->number);
          braid::print(reply.recv_opt().has_value());
          requests.close();
        }) == "7false");
}

TEST_CASE("the operands of a send are evaluated before others can be waited for",
          "[checker][C18]") {
  CHECK(only_output([] {
          auto values = braid::make_chan<int>();
          const auto channel = [&] {
            braid::print("c");
            return values;
          };
          const auto value = [&] {
            braid::print("v");
            return 1;
          };
          braid::wait_group receiver;
          receiver.go([=]() mutable {
            values.recv();
            braid::print("!");
          });
          channel().send(value());
          receiver.wait();
        }) == "cv!");
}

TEST_CASE("a receive destroys the element in the channel", "[checker][C20]") {
  struct copied {  // moving it copies it, so that the count shows what is still there
    explicit copied(std::shared_ptr<int> shared) : element(std::move(shared)) {}
    copied(const copied&) = default;
    std::shared_ptr<int> element;
  };
  const int capacity = GENERATE(0, 1);
  CHECK(only_output([=] {
          const auto elements = braid::make_chan<copied>(capacity);
          const auto element = std::make_shared<int>(1);
          braid::wait_group sender;
          sender.go([&, elements] { elements.send(copied(element)); });
          elements.recv_opt();
          sender.wait();
          braid::print(element.use_count());
        }) == "1");
  CHECK(only_output([] {
          auto elements = braid::make_chan<copied>(1);
          const auto element = std::make_shared<int>(1);
          elements.send(copied(element));
          elements.close();
          braid::print(element.use_count());
          elements = nullptr;
          braid::print(element.use_count());
        }) == "21");
}

TEST_CASE("a receive without waiting never misses what is always there", "[checker][C21]") {
  CHECK(only_output([] {
          auto values = braid::make_chan<int>(1);
          values.send(1);
          braid::wait_group receiver;
          receiver.go([=]() mutable {
            int v = 0;
            braid::print(values.try_recv(v));
          });
          values.close();
          receiver.wait();
        }) == "true");
}

TEST_CASE("a send or receive without waiting succeeds if its partner waits", "[checker][C3][C21]") {
  CHECK(all_outcomes([] {
          auto values = braid::make_chan<int>();
          braid::go([=]() mutable { values.send(7); });
          int v = 0;
          bool more = false;
          const bool received = values.try_recv(v, &more);
          braid::print(received, v, more);
          if (!received) values.recv();
        }) == outcomes{"false0false", "true7true"});
  CHECK(all_outcomes([] {
          auto values = braid::make_chan<int>();
          auto stop = braid::make_chan<int>();
          braid::wait_group receiver;
          receiver.go([=]() mutable { braid::select{braid::recv(values), braid::recv(stop)}; });
          braid::print(values.try_send(7));
          stop.close();
          receiver.wait();
        }) == outcomes{"false", "true"});
}

TEST_CASE("a chain of goroutines hands a value through", "[checker][C22]") {
  CHECK(only_output([] {
          const auto first = braid::make_chan<int>();
          chan<int> from = first;
          for (int i = 0; i < 4; ++i) {
            auto to = braid::make_chan<int>();
            braid::go([=]() mutable { to.send(from.recv().value + 1); });
            from = to;
          }
          first.send(0);
          braid::print(from.recv().value);
        }) == "4");
}

TEST_CASE("two producers and two consumers lose nothing and double nothing", "[checker][C22]") {
  const auto r = explore_all([] {
    auto values = braid::make_chan<int>(1);
    braid::wait_group producers;
    for (int i = 1; i <= 2; ++i) producers.go([=]() mutable { values.send(i); });
    std::array<int, 2> got{};
    braid::wait_group consumers;
    for (std::size_t i = 0; i < 2; ++i) {
      consumers.go([&, i, values]() mutable { got[i] = values.recv().value; });
    }
    producers.wait();
    consumers.wait();
    braid::print(got[0], got[1]);
  });
  CHECK(r.complete);
  CHECK(outcomes_of(r) == outcomes{"12", "21"});
}

TEST_CASE("two sends on one channel in a select are two branches", "[checker][C23]") {
  const auto r = explore_all([] {
    auto values = braid::make_chan<int>(1);
    braid::select{braid::send(values, 0), braid::send(values, 1)};
    braid::print(values.recv().value);
  });
  CHECK(outcomes_of(r) == outcomes{"0", "1"});
  CHECK(r.executions == 2);
}

}  // namespace
