// Go's race suite: select, mutexes, goroutines and timers; see support/race_suite.hpp.
#include <chrono>

#include "support/race_suite.hpp"

namespace braid::testing {
namespace {

using namespace std::chrono_literals;

// Two goroutines, and main waits for both.
template <class First, class Second>
void both(First first, Second second) {
  auto done = make_chan<bool>(2);
  go([=]() mutable {
    first();
    done.send(true);
  });
  go([=]() mutable {
    second();
    done.send(true);
  });
  done.recv();
  done.recv();
}

TEST_CASE("the case of a select orders as the plain operation", "[checker][races][S16]") {
  check({{"NoRaceSelect1", false,
          [] {
            const auto x = variable();
            auto done = make_chan<bool>(), c = make_chan<bool>(), c1 = make_chan<bool>();
            go([=]() mutable {
              x->write(1);
              select{send(c, true), send(c1, true)};
              done.send(true);
            });
            select{recv(c), send(c1, true)};
            x->write(2);
            done.recv();
          }},
         {"NoRaceSelect2", false,
          [] {
            const auto x = variable();
            auto done = make_chan<bool>(), c = make_chan<bool>(), c1 = make_chan<bool>();
            go([=]() mutable {
              select{recv(c), recv(c1)};
              x->write(1);
              done.send(true);
            });
            x->write(2);
            c.close();
            done.recv();
          }},
         {"NoRaceSelect3", false,
          [] {
            const auto x = variable();
            auto done = make_chan<bool>(), c = make_chan<bool>(10), c1 = make_chan<bool>();
            go([=]() mutable {
              x->write(1);
              select{send(c, true), recv(c1)};
              done.send(true);
            });
            c.recv();
            x->write(2);
            done.recv();
          }},
         {"NoRaceSelect5", false, [] {
            const auto x = variable();
            auto c = make_chan<bool>(), c1 = make_chan<bool>();
            both(
                [=]() mutable {
                  x->write(1);
                  select{send(c, true), recv(c1)};
                },
                [=]() mutable {
                  select{recv(c), recv(c1)};
                  x->write(1);
                });
          }}});
}

TEST_CASE("a select orders nothing with the goroutines that it does not meet",
          "[checker][races][S16]") {
  check({{"RaceSelect1", true,
          [] {
            const auto x = variable();
            auto c = make_chan<bool>(), c1 = make_chan<bool>();
            go([=]() mutable {
              c.recv();
              c.recv();
            });
            const auto f = [=]() mutable {
              select{send(c, true), send(c1, true)};
              x->write(1);
            };
            both(f, f);
          }},
         {"RaceSelect2", true,
          [] {
            const auto x = variable();
            auto done = make_chan<bool>(), c = make_chan<bool>(), c1 = make_chan<bool>();
            go([=]() mutable {
              x->write(1);
              select{recv(c), recv(c1)};
              done.send(true);
            });
            c.close();
            x->write(2);
            done.recv();
          }},
         {"RaceSelect3", true, [] {
            const auto x = variable();
            auto done = make_chan<bool>(), c = make_chan<bool>(), c1 = make_chan<bool>();
            go([=]() mutable {
              x->write(1);
              select{send(c, true), send(c1, true)};
              done.send(true);
            });
            x->write(2);
            select{recv(c)};
            done.recv();
          }}});
}

TEST_CASE("default orders nothing", "[checker][races][S16][H17]") {
  check({{"RaceSelect4", true,
          [] {
            const auto x = variable();
            auto done = make_chan<bool>(1);
            go([=]() mutable {
              select{otherwise};
              x->write(2);
              done.send(true);
            });
            x->read();
            done.recv();
          }},
         {"RaceSelect5", true,
          [] {
            const auto x = variable();
            const auto y = variable();
            auto done = make_chan<bool>(1), c1 = make_chan<bool>(1), c2 = make_chan<bool>();
            go([=]() mutable {
              select{send(c1, true), send(c2, true)} == 0 ? x->write(1) : y->write(1);
              done.send(true);
            });
            x->read();
            y->read();
            done.recv();
          }},
         // Go leaves it out: whether it races depends on the schedule.
         {"FlakyDefault", true, [] {
            const auto x = variable();
            auto done = make_chan<bool>(1), c = make_chan<bool>(1);
            go([=]() mutable {
              select{recv(c), otherwise} == 0 ? x->write(2) : x->write(3);
              done.send(true);
            });
            x->write(1);
            c.send(true);
            x->read();
            done.recv();
          }}});
}

TEST_CASE("a channel and a select guard as a mutex does", "[checker][races][H3][S16]") {
  check({{"NoRaceSelectMutex", false,
          [] {
            const auto data = variable();
            auto done = make_chan<int>(), guard = make_chan<int>(1), never = make_chan<int>();
            const auto change = [=](int value) {
              select{send(guard, 0), recv(never)};
              data->write(value);
              select{recv(guard), recv(never)};
            };
            go([=]() mutable {
              change(42);
              done.send(0);
            });
            change(43);
            done.recv();
          }},
         {"NoRaceSelectReadWriteAsync", false,
          [] {
            const auto x = variable();
            auto done = make_chan<bool>(), never = make_chan<bool>();
            auto c1 = make_chan<int>();
            go([=]() mutable {
              select{send(c1, x->read()), recv(never)};
              done.send(true);
            });
            int value = 0;
            select{recv(c1, value), recv(never)};
            x->write(value);
            done.recv();
          }},
         {"RaceSelectReadWriteAsync", true, [] {
            const auto x = variable();
            auto done = make_chan<bool>();
            auto c1 = make_chan<int>(10), c2 = make_chan<int>(10), c3 = make_chan<int>();
            c2.send(1);
            go([=]() mutable {
              select{send(c1, x->read()), send(c3, 1)};
              done.send(true);
            });
            int value = 0;
            select{recv(c2, value), send(c3, 1)};
            x->write(value);
            done.recv();
          }}});
}

TEST_CASE("an unlock comes before each lock after it", "[checker][races][H10]") {
  check({{"NoRaceMutex", false,
          [] {
            const auto x = variable();
            const auto m = shared<mutex>();
            const auto f = [=] {
              m->lock();
              x->write(1);
              m->unlock();
            };
            both(f, f);
          }},
         {"RaceMutex", true,
          [] {
            const auto x = variable();
            const auto m = shared<mutex>();
            const auto f = [=] {
              x->write(1);
              m->lock();
              m->unlock();
            };
            both(f, f);
          }},
         {"RaceMutex2", true, [] {
            const auto x = variable();
            const auto f = [=] {
              const auto mine = shared<mutex>();
              mine->lock();
              x->write(1);
              mine->unlock();
            };
            both(f, f);
          }}});
}

TEST_CASE("a mutex can be unlocked by another goroutine, and orders all the same",
          "[checker][races][H10][M2]") {
  check({{"NoRaceMutexSemaphore", false,
          [] {
            const auto x = variable();
            const auto m = shared<mutex>();
            m->lock();
            both(
                [=] {
                  x->write(1);
                  m->unlock();
                },
                [=] {
                  m->lock();
                  x->write(2);
                  m->unlock();
                });
          }},
         {"NoRaceMutexExampleFromHtml", false, [] {
            const auto a = variable();
            const auto l = shared<mutex>();
            l->lock();
            go([=] {
              a->write(1);
              l->unlock();
            });
            l->lock();
            a->read();
          }}});
}

// NoRaceMutexPureHappensBefore is free of races by its sleep only: here the schedules are told
// apart by the clock, which moves when all wait.
TEST_CASE("a mutex orders what comes before its unlock and after its lock",
          "[checker][races][H10][H15]") {
  check({{"NoRaceMutexPureHappensBefore", false, [] {
            const auto x = variable();
            const auto m = shared<mutex>();
            both(
                [=] {
                  x->write(1);
                  m->lock();
                  m->unlock();
                },
                [=] {
                  after(1ms).recv();
                  m->lock();
                  m->unlock();
                  x->write(1);
                });
          }}});
}

TEST_CASE("a try_lock orders only if it takes the mutex", "[checker][races][M5][H17]") {
  const auto attempt = [](bool writes_if_taken) {
    return [=] {
      const auto x = variable();
      const auto m = shared<mutex>();
      both(
          [=] {
            m->lock();
            x->write(1);
            m->unlock();
          },
          [=] {
            const bool is_taken = m->try_lock();
            if (is_taken == writes_if_taken) x->write(2);
            if (is_taken) m->unlock();
          });
    };
  };
  check({{"no race: a try_lock that succeeds", false, attempt(true)},
         {"race: a try_lock that fails", true, attempt(false)}});
}

TEST_CASE("go comes before the goroutine's start, and its end before nothing",
          "[checker][races][G3][G4]") {
  check({{"NoRaceGoStart", false,
          [] {
            const auto x = variable();
            x->write(1);
            go([=] { x->write(2); });
          }},
         {"RaceGoroutineCreationStack", true,
          [] {
            const auto x = variable();
            go([=] { go([=] { go([=] { x->write(1); }); }); });
            x->write(2);
          }},
         {"RaceAnnounceThreads", true, [] {
            const auto x = variable();
            go([=] {
              x->write(1);
              x->write(2);
              go([=] {
                x->write(1);
                go([=] { x->write(1); });
                x->write(2);
              });
            });
          }}});
}

TEST_CASE("arming a timer comes before what receives from it", "[checker][races][H15][T17]") {
  check({{"NoRaceTimer", false,
          [] {
            const auto x = variable();
            // The timer, not this channel, is what orders: it is armed after the write.
            const auto flag = shared<atomic<int>>();
            const auto timer = shared<chan<time_point>>();
            go([=] {
              flag->await([](int set) { return set == 1; });
              timer->recv();
              x->write(2);
            });
            x->write(1);
            *timer = after(1ms);
            // Partner: the await. It is to order nothing.
            flag->store(1, std::memory_order_relaxed);
          }},
         {"race: a write after the arming", true, [] {
            const auto x = variable();
            const auto flag = shared<atomic<int>>();
            const auto timer = shared<chan<time_point>>();
            go([=] {
              flag->await([](int set) { return set == 1; });
              timer->recv();
              x->write(2);
            });
            *timer = after(1ms);
            // Partner: the await. It is to order nothing.
            flag->store(1, std::memory_order_relaxed);
            x->write(1);
          }}});
}

}  // namespace
}  // namespace braid::testing
