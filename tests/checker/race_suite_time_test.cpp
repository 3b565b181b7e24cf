// Go's race suite: timers, and functions that they start; see support/race_suite.hpp.
#include <chrono>

#include "support/race_suite.hpp"

namespace braid::testing {
namespace {

using namespace std::chrono_literals;

// v is written before `start` starts something that writes to it, in the end, and once more when
// that has told so.
template <class Start>
std::function<void()> written_three_times(Start start) {
  return [=] {
    const auto v = variable();
    auto done = make_chan<int>();
    start(*v, [=]() mutable {
      v->write(1);
      done.send(0);
    });
    done.recv();
    v->write(3);
  };
}

// The same with a timer or a ticker, whose channel a goroutine receives from.
template <class Timer, class Start>
std::function<void()> received(duration time, Start start) {
  return written_three_times([=](var<int>& v, auto f) {
    if (time == 1ms) v.write(2);
    auto t = *shared<Timer>(time);
    go([=]() mutable {
      t.c.recv();
      f();
    });
    start(t, v);
  });
}

TEST_CASE("starting a timer comes before its function", "[checker][races][H15][T17]") {
  check(
      {{"NoRaceAfterFunc", written_three_times([](var<int>& v, auto f) {
          v.write(2);
          after_func(1ms, f);
        })},
       {"NoRaceAfterFuncReset", written_three_times([](var<int>& v, auto f) {
          auto t = after_func(1h, f);
          t.stop();
          v.write(2);
          t.reset(1ms);
        })},
       {"race: a write after the start of a function", written_three_times([](var<int>& v, auto f) {
          after_func(1ms, f);
          v.write(2);
        })},
       {"race: a write after the reset", written_three_times([](var<int>& v, auto f) {
          auto t = after_func(1h, f);
          t.reset(1ms);
          v.write(2);
        })}});
}

TEST_CASE("arming a timer comes before what receives from it", "[checker][races][H15][T17]") {
  const auto nothing = [](auto&, var<int>&) {};
  const auto arm_again = [](auto& t, var<int>& v) {
    t.stop();
    v.write(2);
    t.reset(1ms);
  };
  check({{"NoRaceTimer", received<timer>(1ms, nothing)},
         {"NoRaceTimerReset", received<timer>(1h, arm_again)},
         {"NoRaceTicker", received<ticker>(1ms, nothing)},
         {"NoRaceTickerReset", received<ticker>(1h, arm_again)},
         {"race: a write after the arming",
          received<timer>(1ms, [](timer&, var<int>& v) { v.write(2); })},
         {"race: a write after it is armed again", received<timer>(1h, [](timer& t, var<int>& v) {
            t.reset(1ms);
            v.write(2);
          })}});
}

TEST_CASE("functions of timers are goroutines of their own", "[checker][races][G3][H15]") {
  check({{"NoRaceAfterFunc1",
          [] {
            const auto i = variable(2);
            auto done = make_chan<bool>();
            const auto f = shared<std::function<void()>>();
            // By reference: it is kept, and would keep itself.
            *f = [i, done, &again = *f]() mutable {
              --*i;
              i->read() >= 0 ? void(after_func(0ms, again)) : done.send(true);
            };
            after_func(0ms, *f);
            done.recv();
          }},
         {"NoRaceAfterFunc2",
          [] {
            const auto x = variable();
            auto t = after_func(10ns, [=] { x->write(1); });
            t.stop();
          }},
         {"NoRaceAfterFunc3",
          [] {
            const auto x = variable();
            auto done = make_chan<bool>(1);
            after_func(10ms, [=]() mutable {
              x->write(1);
              done.send(true);
            });
            done.recv();
          }},
         {"RaceAfterFunc3", [] {
            const auto x = variable();
            auto done = make_chan<bool>(2);
            for (const duration time : {10ms, 20ms}) {
              after_func(time, [=]() mutable {
                x->write(1);
                done.send(true);
              });
            }
            done.recv();
            done.recv();
          }}});
}

TEST_CASE("a put comes before the get of what was put, and what follows the put does not",
          "[checker][races][W17]") {
  using bytes = std::shared_ptr<var<char>>;
  const auto make_bytes = [] { return variable<char>(); };
  check({{"RacePool",
          [=] {
            auto done = make_chan<int>();
            const auto pool = shared<object_pool<bytes>>(make_bytes);
            const bytes x = pool->get();
            x->write(1);
            pool->put(x);
            go([=]() mutable {
              pool->get()->write(2);
              done.send(1);
            });
            x->write(3);
            done.recv();
          }},
         {"NoRacePool", [=] {
            const auto pool = shared<object_pool<bytes>>(make_bytes);
            const bytes x = pool->get();
            x->write(1);
            pool->put(x);
            go([=] {
              const bytes y = pool->get();
              y->write(2);
              pool->put(y);
            });
            sleep_for(100ms);
            pool->get()->write(3);
          }}});
}

}  // namespace
}  // namespace braid::testing
