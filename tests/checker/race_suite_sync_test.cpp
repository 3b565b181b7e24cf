// Go's race suite: wait groups and atomics; see support/race_suite.hpp.
#include <array>

#include "support/race_suite.hpp"

namespace braid::testing::race_suite_sync {
namespace {

std::shared_ptr<wait_group> group_of(int count) {
  const auto group = shared<wait_group>();
  if (count > 0) group->add(count);
  return group;
}

TEST_CASE("done comes before the wait that it ends", "[checker][races][W5]") {
  const auto writers = [](int count, bool writes_after) {
    return [=] {
      const auto x = variable();
      const auto group = group_of(count);
      for (int i = 0; i < count; ++i) {
        go([=] {
          x->write(1);
          group->done();
        });
      }
      group->wait();
      if (writes_after) x->write(2);
    };
  };
  check({{"NoRaceWaitGroup", writers(1, false)},
         {"NoRaceWaitGroup2", writers(1, true)},
         {"RaceWaitGroup", writers(2, false)},
         {"RaceWaitGroup2",
          [] {
            const auto x = variable();
            const auto group = group_of(2);
            const auto write = [=] {
              x->write(1);
              group->done();
            };
            go(write);
            go(write);
            group->wait();
          }},
         {"NoRaceWaitGroupTransitive",
          [] {
            const auto x = variable();
            const auto y = variable();
            const auto group = group_of(2);
            for (const auto& mine : {x, y}) {
              go([=] {
                mine->write(42);
                group->done();
              });
            }
            group->wait();
            x->read();
            y->read();
          }},
         {"race: before the done of another", [] {
            const auto x = variable();
            const auto group = group_of(1);
            go([=] {
              group->done();
              x->write(1);
            });
            group->wait();
            x->read();
          }}});
}

TEST_CASE("a wait group can be waited for by many, and again", "[checker][races][W1][W5]") {
  const auto three_wait = [](int count) {
    return [=] {
      auto done = make_chan<bool>(2);
      const auto group = group_of(count);
      for (int i = 0; i < 2; ++i) {
        go([=]() mutable {
          if (i < count) group->done();
          group->wait();
          done.send(true);
        });
      }
      group->wait();
      done.recv();
      done.recv();
    };
  };
  check({{"NoRaceWaitGroupMultipleWait", three_wait(0)},
         {"NoRaceWaitGroupMultipleWait2", three_wait(2)},
         {"NoRaceWaitGroupMultipleWait3", [] {
            const auto data = shared<std::array<var<int>, 2>>();
            auto done = make_chan<bool>(2);
            const auto group = group_of(2);
            for (std::size_t i = 0; i < 2; ++i) {
              go([=] {
                (*data)[i].write(42);
                group->done();
              });
            }
            for (int i = 0; i < 2; ++i) {
              go([=]() mutable {
                group->wait();
                for (auto& d : *data) d.read();
                done.send(true);
              });
            }
            done.recv();
            done.recv();
          }}});
}

TEST_CASE("a wait group can be used again when all waits for it have returned",
          "[checker][races][W1][W3][W5]") {
  check({{"NoRaceWaitGroupReuse",
          [] {
            const auto data = shared<std::array<var<int>, 2>>();
            const auto group = group_of(0);
            for (int round = 0; round < 2; ++round) {
              group->add(2);
              for (std::size_t i = 0; i < 2; ++i) {
                go([=] {
                  ++(*data)[i];
                  group->done();
                });
              }
              group->wait();
              for (auto& d : *data) ++d;
            }
          }},
         {"NoRaceWaitGroupReuse2",
          [] {
            const auto data = variable();
            const auto group = group_of(0);
            for (int round = 0; round < 2; ++round) {
              group->add(1);
              go([=] {
                ++*data;
                group->done();
              });
              auto done = make_chan<bool>();
              go([=]() mutable {
                group->wait();
                ++*data;
                done.send(true);
              });
              group->wait();
              done.recv();
              ++*data;
            }
          }},
         {"RaceWaitGroupReuse", [] {
            auto done = make_chan<bool>(2);
            const auto group = group_of(0);
            for (int round = 0; round < 2; ++round) {
              group->add(1);
              go([=] { group->done(); });
              go([=]() mutable {
                group->wait();
                done.send(true);
              });
              group->wait();
            }
            done.recv();
            done.recv();
          }}});
}

TEST_CASE("the first add comes before a wait, or races with it", "[checker][races][W3][W4]") {
  const auto late_adds = [](bool touches) {
    return [=] {
      auto done = make_chan<bool>(2);
      const auto x = variable();
      const auto group = group_of(0);
      for (int i = 0; i < 2; ++i) {
        go([=]() mutable {
          group->add(1);
          if (touches) x->write(1);
          group->done();
          done.send(true);
        });
      }
      group->wait();
      done.recv();
      done.recv();
    };
  };
  check({{"RaceWaitGroupWrongWait", late_adds(true)}, {"RaceWaitGroupWrongAdd", late_adds(false)}});
}

TEST_CASE("a wait group is no mutex, and adds need no order among themselves",
          "[checker][races][W4]") {
  check({{"RaceWaitGroupAsMutex",
          [] {
            auto done = make_chan<bool>(2);
            const auto x = variable();
            const auto group = group_of(0);
            for (int i = 0; i < 2; ++i) {
              go([=]() mutable {
                group->wait();
                group->add(1);
                x->write(1);
                group->done();
                done.send(true);
              });
            }
            done.recv();
            done.recv();
          }},
         {"NoRaceWaitGroupConcurrentAdd",
          [] {
            auto waiting = make_chan<bool>(2);
            const auto group = group_of(0);
            for (int i = 0; i < 2; ++i) {
              go([=]() mutable {
                group->add(1);
                waiting.send(true);
                group->done();
              });
            }
            waiting.recv();
            waiting.recv();
            group->wait();
          }},
         {"no race: an add while the counter is kept above zero", [] {
            const auto group = group_of(1);
            go([=] {
              group->add(1);
              go([=] { group->done(); });
              group->done();
            });
            group->wait();
          }}});
}

TEST_CASE("an add that panics orders nothing and spoils nothing", "[checker][races][W2][H6]") {
  check({{"NoRaceWaitGroupPanicRecover",
          [] {
            const auto x = variable();
            const auto group = group_of(0);
            x->write(1);
            recovering([&] { group->done(); });
            x->write(2);
          }},
         {"NoRaceWaitGroupPanicRecover2",
          [] {
            const auto x = variable();
            const auto group = group_of(0);
            auto done = make_chan<bool>(1);
            go([=]() mutable {
              x->write(1);
              recovering([&] { group->done(); });
              go([=]() mutable {
                x->write(2);
                done.send(true);
              });
            });
            done.recv();
          }},
         {"race: after a done that panicked", [] {
            const auto x = variable();
            const auto group = group_of(0);
            go([=] {
              x->write(1);
              recovering([&] { group->done(); });
            });
            group->wait();
            x->write(2);
          }}});
}

// x is written, then something is published, and after a look at it x is written again.
template <template <class> class Holder = atomic, class T, class Publish, class Look>
std::function<void()> message(T unset, Publish publish, Look is_there) {
  return [=] {
    const auto x = variable();
    const auto s = shared<Holder<T>>(unset);
    go([=] {
      x->write(2);
      publish(*s);
    });
    if (is_there(*s)) x->write(1);
  };
}
template <class T>
bool exchanged(atomic<T>& s, T from, T to) {
  return s.compare_exchange_strong(from, to);
}

TEST_CASE("what an atomic operation observes comes before it", "[checker][races][A1][A4]") {
  const auto counted = [](auto zero, int turn) {
    return [=] {
      const auto s = shared<atomic<decltype(zero + 0)>>(zero);
      crosswise([=] { return s->fetch_add(1) + 1 == turn; });
    };
  };
  const auto store = [](auto& s) { s.store(1); };
  const auto add = [](auto& s) { s.fetch_add(1); };
  const auto swap = [](auto& s) { exchanged(s, {}, {1}); };
  const auto load_is_set = [](auto& s) { return s.load() == 1; };
  const auto swap_is_set = [](auto& s) { return exchanged(s, {1}, {}); };
  const auto await_is_set = [](atomic<int>& s) {
    return s.await([](int found) { return found == 1; }) == 1;
  };
  static int published = 2;
  const auto store_pointer = [](atomic<int*>& s) { s.store(&published); };
  const auto load_is_pointer = [](atomic<int*>& s) { return s.load() == &published; };
  const std::int64_t wide = 0;
  const std::uint64_t natural = 0;
  int* const null = nullptr;
  check({{"NoRaceAtomicAddInt32", counted(0, 2)},
         {"NoRaceAtomicAddInt64", counted(wide, 2)},
         {"RaceAtomicAddInt64", counted(wide, 1)},
         {"NoRaceAtomicLoadAddInt32", message(0, add, load_is_set)},
         {"NoRaceAtomicLoadInt64", message(wide, add, load_is_set)},
         {"NoRaceAtomicLoadStoreInt32", message(0, store, load_is_set)},
         {"NoRaceAtomicStoreCASInt32", message(0, store, swap_is_set)},
         {"NoRaceAtomicStoreCASUint64", message(natural, store, swap_is_set)},
         {"NoRaceAtomicCASLoadInt32", message(0, swap, load_is_set)},
         {"NoRaceAtomicCASCASInt32", message(0, swap, swap_is_set)},
         {"NoRaceAtomicCASCASUInt64", message(natural, swap, swap_is_set)},
         {"NoRaceAtomicLoadStorePointer", message(null, store_pointer, load_is_pointer)},
         {"no race: a store that is awaited", message(0, store, await_is_set)},
         {"race: it does not look at what it loads", message(0, store, [](atomic<int>& s) {
            s.load();
            return true;
          })}});
}

TEST_CASE("an atomic value orders as an atomic does", "[checker][races][A1][A5]") {
  using value = atomic_value<int>;
  const auto compared = [](value& s, int from, int to) { return s.compare_exchange(from, to); };
  const auto store = [](value& s) { s.store(1); };
  const auto exchange = [](value& s) { s.exchange(1); };
  const auto compare = [=](value& s) { compared(s, 0, 1); };
  const auto load_is_set = [](value& s) { return s.load() == 1; };
  const auto exchange_is_set = [](value& s) { return s.exchange(2) == 1; };
  const auto compare_is_set = [=](value& s) { return compared(s, 1, 2); };
  check({{"no race: a stored value is loaded", message<atomic_value>(0, store, load_is_set)},
         {"no race: an exchanged value", message<atomic_value>(0, exchange, exchange_is_set)},
         {"no race: a compared value", message<atomic_value>(0, compare, compare_is_set)},
         {"race: a value that was not swapped",
          message<atomic_value>(
              0, [=](value& s) { compared(s, 7, 1); }, [](value& s) { return s.load() == 0; })}});
}

// It stores, and stores again at its end, whatever it started meanwhile.
void store_and_start(int depth) {
  const auto s = shared<atomic<std::int64_t>>();
  s->store(1);
  with_defers([=](frame& f) {
    f.defer([=] { s->store(0); });
    for (int i = 0; i < 2 && depth > 0; ++i) go([=] { store_and_start(depth - 1); });
  });
}

TEST_CASE("a deferred atomic operation is as any other", "[checker][races][A1][P7]") {
  check({{"NoRaceDeferAtomicStore", [] { store_and_start(1); }}});
}

TEST_CASE("an exchange that fails is a load", "[checker][races][A6]") {
  check({{"NoRaceAtomicCASCASInt32_2",
          [] {
            const auto s = shared<atomic<int>>();
            crosswise([=] { return !exchanged(*s, 0, 1); });
          }},
         {"race: after an exchange that failed", [] {
            const auto x = variable();
            const auto s = shared<atomic<int>>();
            go([=] {
              x->write(1);
              exchanged(*s, 7, 8);
            });
            s->load();
            x->write(2);
          }}});
}

TEST_CASE("the memory order decides what an atomic operation orders", "[checker][races][A4]") {
  const auto ordered = [](std::memory_order publish, std::memory_order look) {
    return message(
        0, [=](atomic<int>& s) { s.store(1, publish); },
        [=](atomic<int>& s) { return s.load(look) == 1; });
  };
  const auto chain = [](std::memory_order between) {
    return [=] {
      const auto x = variable();
      const auto s = shared<atomic<int>>();
      go([=] {
        x->write(2);
        s->store(1, std::memory_order_release);  // partner: the load below
      });
      go([=] { s->fetch_add(1, between); });
      if (s->load(std::memory_order_acquire) == 2) x->write(1);  // partner: the store above
    };
  };
  using enum std::memory_order;
  check({{"no race: release and acquire", ordered(release, acquire)},
         {"no race: sequentially consistent", ordered(seq_cst, seq_cst)},
         {"race: a relaxed store", ordered(relaxed, acquire)},
         {"race: a relaxed load", ordered(release, relaxed)},
         {"race: 2 may also be an add to nothing and a store",
          [=] {
            const auto x = variable();
            const auto s = shared<atomic<int>>();
            go([=] {
              x->write(2);
              s->store(1, relaxed);
            });
            go([=] { s->fetch_add(1, release); });
            if (s->load(acquire) == 2) x->write(1);
          }},
         // The exchange carries on what it found: a release sequence.
         {"no race: a relaxed exchange between", chain(relaxed)}});
}

TEST_CASE("of two memory orders that one counts which applied", "[checker][races][A4][A6]") {
  using enum std::memory_order;
  const auto compare = [](int from, int to, std::memory_order success, std::memory_order failure) {
    return [=](atomic<int>& s) {
      int expected = from;
      const bool swapped = s.compare_exchange_weak(expected, to, success, failure);
      return swapped ? from : expected;
    };
  };
  const auto found_by = [=](std::memory_order success, std::memory_order failure) {
    const auto look = compare(7, 8, success, failure);
    return message(
        0, [](atomic<int>& s) { s.store(1, release); },  // partner: the look, if it acquires
        [=](atomic<int>& s) { return look(s) == 1; });
  };
  const auto published_by = [=](std::memory_order success, std::memory_order failure) {
    return message(0, compare(0, 1, success, failure),
                   [](atomic<int>& s) { return s.load(acquire) == 1; });  // partner: the compare
  };
  const auto awaited_by = [](std::memory_order look) {
    return message(
        0, [](atomic<int>& s) { s.store(1, release); },  // partner: the wait, if it acquires
        [=](atomic<int>& s) {
          s.wait(0, look);
          return true;
        });
  };
  check({{"race: a relaxed failure", found_by(acquire, relaxed)},
         {"no race: an acquiring failure", found_by(relaxed, acquire)},
         {"race: a relaxed success", published_by(relaxed, acquire)},
         {"no race: a releasing success", published_by(release, relaxed)},
         {"race: a relaxed wait", awaited_by(relaxed)},
         {"no race: an acquiring wait", awaited_by(acquire)}});
}

}  // namespace
}  // namespace braid::testing::race_suite_sync
