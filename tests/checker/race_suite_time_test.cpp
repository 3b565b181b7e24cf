// Go's race suite: timers, functions that they start, and pools; see support/race_suite.hpp.
#include <chrono>
#include <functional>

#include "support/race_suite.hpp"

namespace braid::testing::race_suite_time {
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
template <class Timer>
void receive_and_call(Timer t, const std::function<void()>& f) {
  go([=]() mutable {
    t.c.recv();
    f();
  });
}
template <class Timer>
void write_and_arm(var<int>& v, const std::function<void()>& f) {
  v.write(2);
  receive_and_call(Timer(1ms), f);
}
template <class Timer>
void write_and_arm_again(var<int>& v, const std::function<void()>& f) {
  Timer t(1h);
  receive_and_call(t, f);
  t.stop();
  v.write(2);
  t.reset(1ms);
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
  check({{"NoRaceTimer", written_three_times(write_and_arm<timer>)},
         {"NoRaceTimerReset", written_three_times(write_and_arm_again<timer>)},
         {"NoRaceTicker", written_three_times(write_and_arm<ticker>)},
         {"NoRaceTickerReset", written_three_times(write_and_arm_again<ticker>)},
         // The flag tells of the channel and orders nothing.
         {"no race: nothing but the arming orders",
          [] {
            const auto x = variable();
            const auto flag = shared<atomic<int>>();
            const auto armed = shared<chan<time_point>>();
            go([=] {
              flag->await([](int set) { return set == 1; });
              armed->recv();
              x->write(2);
            });
            x->write(1);
            *armed = after(1ms);
            // Relaxed: see above; partner: the await.
            flag->store(1, std::memory_order_relaxed);
          }},
         {"race: a write after the arming", written_three_times([](var<int>& v, const auto& f) {
            receive_and_call(timer(1ms), f);
            v.write(2);
          })},
         {"race: a write after it is armed again",
          written_three_times([](var<int>& v, const auto& f) {
            timer t(1h);
            receive_and_call(t, f);
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
}  // namespace braid::testing::race_suite_time
