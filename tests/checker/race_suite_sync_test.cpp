// Go's race suite: wait groups and atomics; see support/race_suite.hpp.
#include <array>

#include "support/race_suite.hpp"

namespace braid::testing {
namespace {

// Two goroutines that share x, y and z, and main waits for both.
struct variables {
  var<int> x = 0;
  var<int> y = 0;
  var<int> z = 0;
};
template <class First, class Second>
std::function<void()> both(First first, Second second) {
  return [=] {
    const auto v = shared<variables>();
    auto done = make_chan<bool>(2);
    go([=]() mutable {
      first(*v);
      done.send(true);
    });
    go([=]() mutable {
      second(*v);
      done.send(true);
    });
    done.recv();
    done.recv();
  };
}

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
  check({{"NoRaceWaitGroup", false, writers(1, false)},
         {"NoRaceWaitGroup2", false, writers(1, true)},
         {"RaceWaitGroup", true, writers(2, false)},
         {"NoRaceWaitGroupTransitive", false,
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
         {"race: before the done of another", true, [] {
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
  check({{"NoRaceWaitGroupMultipleWait", false,
          [] {
            auto done = make_chan<bool>(2);
            const auto group = group_of(0);
            for (int i = 0; i < 2; ++i) {
              go([=]() mutable {
                group->wait();
                done.send(true);
              });
            }
            group->wait();
            done.recv();
            done.recv();
          }},
         {"NoRaceWaitGroupMultipleWait2", false,
          [] {
            auto done = make_chan<bool>(2);
            const auto group = group_of(2);
            for (int i = 0; i < 2; ++i) {
              go([=]() mutable {
                group->done();
                group->wait();
                done.send(true);
              });
            }
            group->wait();
            done.recv();
            done.recv();
          }},
         {"NoRaceWaitGroupMultipleWait3", false, [] {
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
  check({{"NoRaceWaitGroupReuse", false,
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
         {"NoRaceWaitGroupReuse2", false,
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
         {"RaceWaitGroupReuse", true, [] {
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
  check({{"RaceWaitGroupWrongWait", true, late_adds(true)},
         {"RaceWaitGroupWrongAdd", true, late_adds(false)}});
}

TEST_CASE("a wait group is no mutex, and adds need no order among themselves",
          "[checker][races][W4]") {
  check({{"RaceWaitGroupAsMutex", true,
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
         {"NoRaceWaitGroupConcurrentAdd", false,
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
         {"no race: an add while the counter is kept above zero", false, [] {
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
  check({{"NoRaceWaitGroupPanicRecover", false,
          [] {
            const auto x = variable();
            const auto group = group_of(0);
            x->write(1);
            recovering([&] { group->done(); });
            x->write(2);
          }},
         {"NoRaceWaitGroupPanicRecover2", false,
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
         {"race: after a done that panicked", true, [] {
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

TEST_CASE("what an atomic operation observes comes before it", "[checker][races][A1][A4]") {
  const auto counted = [](int turn) {
    return [=] {
      const auto s = shared<atomic<int>>();
      both(
          [=](variables& v) {
            v.x.write(1);
            if (s->fetch_add(1) == turn) v.y.write(1);
          },
          [=](variables& v) {
            v.y.write(1);
            if (s->fetch_add(1) == turn) v.x.write(1);
          })();
    };
  };
  const auto message = [](auto publish, auto is_there) {
    return [=] {
      const auto x = variable();
      const auto s = shared<atomic<int>>();
      go([=] {
        x->write(2);
        publish(*s);
      });
      if (is_there(*s)) x->write(1);
    };
  };
  const auto store = [](atomic<int>& s) { s.store(1); };
  const auto add = [](atomic<int>& s) { s.fetch_add(1); };
  const auto swap = [](atomic<int>& s) {
    int expected = 0;
    s.compare_exchange_strong(expected, 1);
  };
  const auto load_is_set = [](atomic<int>& s) { return s.load() == 1; };
  const auto swap_is_set = [](atomic<int>& s) {
    int expected = 1;
    return s.compare_exchange_strong(expected, 0);
  };
  const auto await_is_set = [](atomic<int>& s) {
    return s.await([](int found) { return found == 1; }) == 1;
  };
  check({{"NoRaceAtomicAddInt64", false, counted(1)},
         {"RaceAtomicAddInt64", true, counted(0)},
         {"NoRaceAtomicLoadAddInt32", false, message(add, load_is_set)},
         {"NoRaceAtomicLoadStoreInt32", false, message(store, load_is_set)},
         {"NoRaceAtomicStoreCASInt32", false, message(store, swap_is_set)},
         {"NoRaceAtomicCASLoadInt32", false, message(swap, load_is_set)},
         {"NoRaceAtomicCASCASInt32", false, message(swap, swap_is_set)},
         {"no race: a store that is awaited", false, message(store, await_is_set)},
         {"race: it does not look at what it loads", true, message(store, [](atomic<int>& s) {
            s.load();
            return true;
          })}});
}

TEST_CASE("an exchange that fails is a load", "[checker][races][A6]") {
  check({{"NoRaceAtomicCASCASInt32_2", false,
          [] {
            const auto s = shared<atomic<int>>();
            const auto take = [=] {
              int expected = 0;
              return s->compare_exchange_strong(expected, 1);
            };
            both(
                [=](variables& v) {
                  v.x.write(1);
                  if (!take()) v.y.write(1);
                },
                [=](variables& v) {
                  v.y.write(1);
                  if (!take()) v.x.write(1);
                })();
          }},
         {"race: after an exchange that failed", true, [] {
            const auto x = variable();
            const auto s = shared<atomic<int>>();
            go([=] {
              x->write(1);
              int expected = 7;
              s->compare_exchange_strong(expected, 8);
            });
            s->load();
            x->write(2);
          }}});
}

TEST_CASE("the memory order decides what an atomic operation orders", "[checker][races][A4]") {
  const auto message = [](std::memory_order publish, std::memory_order look) {
    return [=] {
      const auto x = variable();
      const auto s = shared<atomic<int>>();
      go([=] {
        x->write(2);
        s->store(1, publish);
      });
      if (s->load(look) == 1) x->write(1);
    };
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
  check({{"no race: release and acquire", false, message(release, acquire)},
         {"no race: sequentially consistent", false, message(seq_cst, seq_cst)},
         {"race: a relaxed store", true, message(relaxed, acquire)},
         {"race: a relaxed load", true, message(release, relaxed)},
         {"race: 2 may also be an add to nothing and a store", true,
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
         {"no race: a relaxed exchange between", false, chain(relaxed)}});
}

}  // namespace
}  // namespace braid::testing
