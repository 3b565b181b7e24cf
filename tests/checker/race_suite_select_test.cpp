// Go's race suite: select, mutexes and goroutines; see support/race_suite.hpp.
#include <chrono>

#include "support/race_suite.hpp"

namespace braid::testing::race_suite_select {
namespace {

using namespace std::chrono_literals;

// What a goroutine shares with main: a variable, a channel, and one that is there to be chosen.
template <std::ptrdiff_t capacity>
struct channels {
  var<int> x = 0;
  chan<bool> c = make_chan<bool>(capacity);
  chan<bool> other = make_chan<bool>();
};

// The write is the first or the last act of each.
const auto write_then = [](auto act) {
  return [=](auto& all) {
    all.x.write(1);
    act(all.c, all.other);
  };
};
const auto then_write = [](auto act) {
  return [=](auto& all) {
    act(all.c, all.other);
    all.x.write(2);
  };
};
const auto send_either = [](auto& c, auto& other) { select{send(c, true), send(other, true)}; };
const auto recv_either = [](auto& c, auto& other) { select{recv(c), recv(other)}; };
const auto send_or_recv = [](auto& c, auto& other) { select{send(c, true), recv(other)}; };
const auto recv_or_send = [](auto& c, auto& other) { select{recv(c), send(other, true)}; };
const auto only_send = [](auto& c, auto&) { c.send(true); };
const auto only_recv = [](auto& c, auto&) { c.recv(); };
const auto close = [](auto& c, auto&) { c.close(); };

TEST_CASE("the case of a select orders as the plain operation", "[checker][races][S16]") {
  using unbuffered = channels<0>;
  check({{"NoRaceSelect1", beside<unbuffered>(write_then(send_either), then_write(recv_or_send))},
         {"NoRaceSelect2", beside<unbuffered>(then_write(recv_either), write_then(close))},
         {"NoRaceSelect3", beside<channels<10>>(write_then(send_or_recv), then_write(only_recv))},
         {"NoRaceSelect4",
          [] {
            struct task {
              std::function<void()> f;
              chan<bool> done;
            };
            auto queue = make_chan<task>();
            auto never = make_chan<bool>();
            go([=]() mutable {
              for (;;) {
                task t;
                select{recv(queue, t)};
                t.f();
                t.done.send(true);
              }
            });
            const auto x = variable();
            auto done = make_chan<bool>(1);
            select{send(queue, task{[=] { x->write(1); }, done}), recv(never)};
            select{recv(done), recv(never)};
            x->read();
          }},
         // Go's has a send and a receive without select, too.
         {"NoRaceSelect5", both<unbuffered>(write_then(send_or_recv), then_write(recv_either))},
         {"no race: a send and a receive without select",
          both<unbuffered>(write_then(only_send), then_write(only_recv))}});
}

TEST_CASE("a select orders nothing with the goroutines that it does not meet",
          "[checker][races][S16]") {
  using unbuffered = channels<0>;
  const auto select_and_write = then_write(send_either);
  check({{"RaceSelect1",
          [=] {
            const auto all = shared<unbuffered>();
            go([=] {
              all->c.recv();
              all->c.recv();
            });
            in_goroutines({[=] { select_and_write(*all); }, [=] { select_and_write(*all); }});
          }},
         {"RaceSelect2", beside<unbuffered>(write_then(recv_either), then_write(close))},
         {"RaceSelect3", beside<unbuffered>(write_then(send_either), write_then(only_recv))}});
}

TEST_CASE("default orders nothing", "[checker][races][S16][H17]") {
  check({{"RaceSelect4",
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
         {"RaceSelect5",
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
         {"race: what a default saw", [] {
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
  // A goroutine sends x, main writes to x what it receives.
  const auto exchange = [](chan<int> to, chan<int> from) {
    const auto x = variable();
    auto done = make_chan<bool>();
    auto never = make_chan<int>();
    go([=]() mutable {
      select{send(to, x->read()), send(never, 1)};
      done.send(true);
    });
    int value = 0;
    select{recv(from, value), send(never, 1)};
    x->write(value);
    done.recv();
  };
  check({{"NoRaceSelectMutex",
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
         {"NoRaceSelectReadWriteAsync",
          [=] {
            const auto c = make_chan<int>();
            exchange(c, c);
          }},
         {"RaceSelectReadWriteAsync",
          [=] {
            auto filled = make_chan<int>(10);
            filled.send(1);
            exchange(make_chan<int>(10), filled);
          }},
         {"RaceSelectReadWriteSync", [=] {
            auto c1 = make_chan<int>(), c2 = make_chan<int>();
            go([=]() mutable { c1.recv(); });
            go([=]() mutable { c2.send(1); });
            exchange(c1, c2);
          }}});
}

TEST_CASE("an unlock comes before each lock after it", "[checker][races][H10]") {
  check({{"NoRaceMutex",
          [] {
            const auto x = variable();
            const auto m = shared<mutex>();
            const auto f = [=] {
              m->lock();
              x->write(1);
              m->unlock();
            };
            in_goroutines({f, f});
          }},
         {"RaceMutex",
          [] {
            const auto x = variable();
            const auto m = shared<mutex>();
            const auto f = [=] {
              x->write(1);
              m->lock();
              m->unlock();
            };
            in_goroutines({f, f});
          }},
         {"RaceMutex2", [] {
            const auto x = variable();
            const auto f = [=] {
              const auto mine = shared<mutex>();
              mine->lock();
              x->write(1);
              mine->unlock();
            };
            in_goroutines({f, f});
          }}});
}

TEST_CASE("a mutex can be unlocked by another goroutine, and orders all the same",
          "[checker][races][H10][M2]") {
  check({{"NoRaceMutexSemaphore",
          [] {
            const auto x = variable();
            const auto m = shared<mutex>();
            m->lock();
            in_goroutines({[=] {
                             x->write(1);
                             m->unlock();
                           },
                           [=] {
                             m->lock();
                             x->write(2);
                             m->unlock();
                           }});
          }},
         {"NoRaceMutexExampleFromHtml", [] {
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
  check({{"NoRaceMutexPureHappensBefore", [] {
            const auto x = variable();
            const auto m = shared<mutex>();
            in_goroutines({[=] {
                             x->write(1);
                             m->lock();
                             m->unlock();
                           },
                           [=] {
                             after(1ms).recv();
                             m->lock();
                             m->unlock();
                             x->write(1);
                           }});
          }}});
}

TEST_CASE("a try_lock orders only if it takes the mutex", "[checker][races][M5][H17]") {
  const auto attempt = [](bool writes_if_taken) {
    return [=] {
      const auto x = variable();
      const auto m = shared<mutex>();
      in_goroutines({[=] {
                       m->lock();
                       x->write(1);
                       m->unlock();
                     },
                     [=] {
                       const bool is_taken = m->try_lock();
                       if (is_taken == writes_if_taken) x->write(2);
                       if (is_taken) m->unlock();
                     }});
    };
  };
  check({{"no race: a try_lock that succeeds", attempt(true)},
         {"race: a try_lock that fails", attempt(false)}});
}

TEST_CASE("go comes before the goroutine's start, and its end before nothing",
          "[checker][races][G3][G4]") {
  check({{"no race: before the go statement",
          [] {
            const auto x = variable();
            x->write(1);
            go([=] { x->write(2); });
          }},
         {"RaceGoroutineCreationStack",
          [] {
            const auto x = variable();
            go([=] { go([=] { go([=] { x->write(1); }); }); });
            x->write(2);
          }},
         {"RaceAnnounceThreads", [] {
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

}  // namespace
}  // namespace braid::testing::race_suite_select
