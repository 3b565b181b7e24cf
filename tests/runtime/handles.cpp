// What a channel is, apart from how values pass through it: handles, sizes, elements (rules C1, C2,
// C14, C16-C20) on the pool.
//
// Oracle: Go's rules; Go's test/chan/perm.go, chancap.go, zerosize.go and issue15281.go.
#include <atomic>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "support/build.hpp"

namespace {

using braid::chan;
using braid::recv_chan;
using braid::send_chan;

// An element that can neither be copied nor made from nothing.
struct parcel {
  explicit parcel(int number) : content(std::make_unique<int>(number)) {}
  int number() const { return *content; }
  std::unique_ptr<int> content;
};

// Counts its objects, those that were moved from as well.
class counted {
 public:
  static inline int alive = 0;

  counted() { ++alive; }
  counted(counted&&) noexcept { ++alive; }
  counted& operator=(counted&&) = default;
  ~counted() { --alive; }
};

struct nothing {};

// A type that holds a channel of its own kind.
struct link {
  int value = 0;
  chan<link> next;
};

TEST_CASE("a channel is a reference, equal to its copies only, and nil by default",
          "[runtime][C1]") {
  bool same = false;
  bool other = true;
  int through_copy = 0;
  braid::run([&] {
    const auto a = braid::make_chan<int>(1);
    const auto b = braid::make_chan<int>(1);
    chan<int> copy = a;
    same = copy == a;
    other = a == b || a == chan<int>();
    copy.send(7);
    through_copy = a.recv().value;
  });
  CHECK(same);
  CHECK_FALSE(other);
  CHECK(through_copy == 7);
  CHECK(chan<int>() == chan<int>(nullptr));
  CHECK_FALSE(chan<int>());
}

TEST_CASE("a handle for one direction is equal to the channel that it came from",
          "[runtime][C1][C16]") {
  bool same = false;
  bool other = true;
  braid::run([&] {
    const auto a = braid::make_chan<int>();
    const send_chan<int> sends = a;
    const recv_chan<int> receives = a;
    same = sends == a && a == receives;
    other = sends == braid::make_chan<int>() || receives == nullptr;
  });
  CHECK(same);
  CHECK_FALSE(other);
}

TEST_CASE("a channel of a negative or too large size panics", "[runtime][C2]") {
  const std::ptrdiff_t capacity = GENERATE(std::ptrdiff_t{-1}, PTRDIFF_MIN, PTRDIFF_MAX);
  std::string text;
  braid::run([&] {
    try {
      braid::make_chan<int>(capacity);
    } catch (const braid::runtime_panic& panic) {
      text = panic.what();
    }
  });
  CHECK(text == "makechan: size out of range");
}

TEST_CASE("size tells what is queued, capacity the room; both are 0 for nil", "[runtime][C14]") {
  std::vector<std::size_t> seen;
  braid::run([&] {
    auto c = braid::make_chan<int>(3);
    for (int i = 0; i < 2; ++i) c.send(i);
    const send_chan<int> sends = c;
    const recv_chan<int> receives = c;
    const auto unbuffered = braid::make_chan<int>();
    seen = {c.size(),          c.capacity(),          sends.size(),       receives.capacity(),
            unbuffered.size(), unbuffered.capacity(), chan<int>().size(), chan<int>().capacity()};
    c.close();
    seen.push_back(c.size());
  });
  CHECK(seen == std::vector<std::size_t>{2, 3, 2, 3, 0, 0, 0, 0, 2});
}

template <class C>
concept can_send = requires(C c) {
  c.send(1);
}
&&requires(C c) { c.try_send(1); }
&&requires(C c) { braid::send(c, 1); }
&&requires(C c) {
  braid::on_send(c, 1, [] {});
};
template <class C>
concept can_send_at_all = requires(C c) {
  c.send(1);
}
|| requires(C c) { c.try_send(1); }
|| requires(C c) { braid::send(c, 1); }
|| requires(C c) {
  braid::on_send(c, 1, [] {});
}
|| requires(C c) { c.close(); };
template <class C>
concept can_recv = requires(C c) {
  c.recv();
}
&&requires(C c) { c.recv_opt(); }
&&requires(C c, int v) { c.recv(v); }
&&requires(C c, int v) { c.try_recv(v); }
&&requires(C c) { c.begin(); }
&&requires(C c) { braid::recv(c); }
&&requires(C c) {
  braid::on_recv(c, [] {});
};
template <class C>
concept can_recv_at_all = requires(C c) {
  c.recv();
}
|| requires(C c) { c.recv_opt(); }
|| requires(C c, int v) { c.recv(v); }
|| requires(C c, int v) { c.try_recv(v); }
|| requires(C c) { c.begin(); }
|| requires(C c) { braid::recv(c); }
|| requires(C c) {
  braid::on_recv(c, [] {});
};

TEST_CASE("the wrong direction of a handle does not compile", "[runtime][C16]") {
  CHECK(can_send<chan<int>>);
  CHECK(can_recv<chan<int>>);
  CHECK(can_send<send_chan<int>>);
  CHECK_FALSE(can_recv_at_all<send_chan<int>>);
  CHECK(can_recv<recv_chan<int>>);
  CHECK_FALSE(can_send_at_all<recv_chan<int>>);
  CHECK(std::convertible_to<chan<int>, send_chan<int>>);
  CHECK(std::convertible_to<chan<int>, recv_chan<int>>);
  CHECK_FALSE(std::constructible_from<chan<int>, send_chan<int>>);
  CHECK_FALSE(std::constructible_from<chan<int>, recv_chan<int>>);
  CHECK_FALSE(std::constructible_from<recv_chan<int>, send_chan<int>>);
  CHECK_FALSE(std::constructible_from<send_chan<int>, recv_chan<int>>);
  CHECK_FALSE(std::constructible_from<send_chan<long>, chan<int>>);
}

TEST_CASE("values pass from a sending to a receiving handle", "[runtime][C16]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int count = braid::testing::scaled(500);
  long sum = 0;
  braid::run(
      [&] {
        const auto values = braid::make_chan<int>();
        braid::go(
            [](send_chan<int> to) {
              for (int i = 1; i <= count; ++i) to.send(i);
              to.close();
            },
            values);
        const recv_chan<int> from = values;
        int v = 0;
        while (sum < 3 && from.recv(v)) sum += v;
        for (const int one : from) sum += one;
      },
      {.workers = workers});
  CHECK(sum == static_cast<long>(count) * (count + 1) / 2);
}

TEST_CASE("channels carry channels, functions, nothing, and what can only be moved",
          "[runtime][C17]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int capacity = GENERATE(0, 2);
  int got = 0;
  braid::run(
      [&] {
        auto channels = braid::make_chan<chan<int>>(capacity);
        auto functions = braid::make_chan<std::function<int()>>(capacity);
        auto signals = braid::make_chan<nothing>(capacity);
        auto pointers = braid::make_chan<std::unique_ptr<int>>(capacity);
        braid::go([=]() mutable {
          auto inner = braid::make_chan<int>(1);
          inner.send(1);
          channels.send(inner);
          functions.send([] { return 20; });
          signals.send({});
          pointers.send(std::make_unique<int>(300));
        });
        got += channels.recv().value.recv().value;
        got += functions.recv().value();
        got += signals.recv().more ? 4000 : 0;
        got += *pointers.recv().value;
      },
      {.workers = workers});
  CHECK(got == 4321);
}

TEST_CASE("a type may hold a channel of itself", "[runtime][C17]") {
  int sum = 0;
  braid::run([&] {
    chan<link> first;
    for (int i = 1; i <= 3; ++i) {
      auto c = braid::make_chan<link>(1);
      c.send({i, first});
      first = c;
    }
    for (chan<link> at = first; at;) {
      const link here = at.recv().value;
      sum = sum * 10 + here.value;
      at = here.next;
    }
  });
  CHECK(sum == 321);
}

TEST_CASE("an element without default constructor is received as an optional",
          "[runtime][C11][C17]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  std::vector<int> got;
  bool ended = false;
  bool ended_in_select = false;
  braid::run(
      [&] {
        auto parcels = braid::make_chan<parcel>();
        braid::go([=]() mutable {
          for (int i = 1; i <= 5; ++i) parcels.send(parcel(i));
          parcels.close();
        });
        got.push_back(parcels.recv_opt()->number());
        braid::select{braid::recv(parcels)};
        braid::select{braid::on_recv(
            parcels, [&](std::optional<parcel> one) { got.push_back(one->number()); })};
        for (parcel& one : parcels) got.push_back(one.number());
        ended = !parcels.recv_opt();
        braid::select{braid::on_recv(parcels, [&](std::optional<parcel> one, bool more) {
          ended_in_select = !one && !more;
        })};
      },
      {.workers = workers});
  CHECK(got == std::vector{1, 3, 4, 5});
  CHECK(ended);
  CHECK(ended_in_select);
}

// C18: `c` and the value in this order, both before the communication.
TEST_CASE("the operands of a send are evaluated before it, from left to right", "[runtime][C18]") {
  std::string order;
  std::size_t size_meanwhile = 9;
  braid::run([&] {
    auto values = braid::make_chan<int>(1);
    const auto channel = [&] {
      order += "c";
      return values;
    };
    const auto value = [&] {
      order += "v";
      size_meanwhile = values.size();
      return 1;
    };
    channel().send(value());
    order += values.size() == 1 ? "!" : "?";
  });
  CHECK(order == "cv!");
  CHECK(size_meanwhile == 0);
}

// C20. An element is destroyed by its receive; what is left over, with the channel.
TEST_CASE("a channel holds an element no longer than until it is received", "[runtime][C20]") {
  const int capacity = GENERATE(1, 3);
  counted::alive = 0;
  std::vector<int> alive;
  const auto note = [&] { alive.push_back(counted::alive); };
  braid::run([&] {
    {
      auto elements = braid::make_chan<counted>(capacity);
      elements.send(counted());
      note();
      elements.recv();
      note();
      elements.send(counted());
      elements.close();
      note();
      elements.recv();
      elements.recv();
      note();
      auto left_over = braid::make_chan<counted>(capacity);
      left_over.send(counted());
      note();
    }
    note();
  });
  CHECK(alive == std::vector{1, 0, 1, 0, 1, 0});
}

TEST_CASE("a channel with very many waiters serves and forgets them all", "[runtime][C19]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const int waiters = braid::testing::scaled(5000);
  std::atomic<int> served = 0;
  std::atomic<int> stopped = 0;
  braid::run(
      [&] {
        auto values = braid::make_chan<int>();
        auto stop = braid::make_chan<int>();
        braid::wait_group all;
        for (int i = 0; i < waiters; ++i) {
          all.go([&, values, stop] {
            const int chosen = braid::select{braid::recv(values), braid::recv(stop)};
            ++(chosen == 0 ? served : stopped);
          });
        }
        for (int i = 0; i < waiters / 2; ++i) values.send(i);
        stop.close();
        all.wait();
      },
      {.workers = workers});
  CHECK(served.load() == waiters / 2);
  CHECK(stopped.load() == waiters - waiters / 2);
}

}  // namespace
