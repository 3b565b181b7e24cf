// Timers and tickers, as Go's time.Timer, time.Ticker and time.AfterFunc (rules T2-T17).
//
//   braid::timer t(1s);
//   braid::select{braid::on_recv(work, [&](int w) { ... t.reset(1s); }),
//                 braid::on_recv(t.c, [] { ... })};
//   braid::ticker every(10ms);
//   for (braid::time_point now : every.c) ...
//   auto later = braid::after_func(1s, [] { ... });   // in a goroutine of its own
//
// Handles: a copy is the same timer. Any goroutine may stop or reset it (T13). A timer is freed,
// and goes off no more, when nobody has its channel (T6); one of after_func() goes off
// nevertheless.
#pragma once

#include <braid/chan.hpp>
#include <braid/go.hpp>
#include <braid/scheduler.hpp>
#include <braid/time.hpp>
#include <braid/where.hpp>
#include <functional>
#include <memory>
#include <utility>

namespace braid {

// Sends the time of its expiry (T8), once, when its duration has passed: a huge one never (T12).
class timer {
 public:
  explicit timer(duration time, where at = {});

  // Its size and capacity are 0 (T2).
  chan<time_point> c;

  // Calls it off: what was not received yet never will be (T3). True if there was something to call
  // off: neither was its value received nor was it stopped before.
  bool stop(where at = {});
  // Goes off when `time` has passed from now on. What was not received yet never will be (T4).
  // Returns what stop() would have.
  bool reset(duration time, where at = {});

 private:
  chan<time_point> own_;  // whatever becomes of c
};

// Sends the time in intervals. A slow receiver finds one tick, and has lost the others (T9).
class ticker {
 public:
  // Panics "non-positive interval for NewTicker".
  explicit ticker(duration interval, where at = {});

  // Its size and capacity are 0 (T2).
  chan<time_point> c;

  // No tick comes any more; the channel is not closed (T10).
  void stop(where at = {});
  // The next tick comes after the new interval. Panics "non-positive interval for Ticker.Reset".
  void reset(duration interval, where at = {});

 private:
  chan<time_point> own_;  // whatever becomes of c
};

// The channel of a ticker that nobody stops; nil if the interval is not positive (T10).
chan<time_point> tick(duration interval, where at = {});

namespace detail {
class starting_timer;
}

// A timer that starts a goroutine. One that was made by no after_func() panics (T11): "time: Stop
// called on uninitialized Timer", or Reset.
class func_timer {
 public:
  // True if it prevented the goroutine; does not wait for one that was started (T5).
  bool stop(where at = {});
  // Starts a goroutine when `time` has passed from now on, beside one that may still run (T5).
  // Returns what stop() would have.
  bool reset(duration time, where at = {});

 private:
  friend func_timer after_function(duration, std::function<void()>, where);
  std::shared_ptr<detail::starting_timer> core_;
};

// The same as after_func(), for a function of one type.
func_timer after_function(duration time, std::function<void()> f, where at = {});

// Calls f() in a new goroutine when `time` has passed (T5). It is the caller's child, whenever it
// starts, and happens after the call (T17). A null function is fatal, as for go() (G2).
template <class F>
func_timer after_func(duration time, F f, where at = {}) {
  if (detail::is_nil(f)) return after_function(time, nullptr, at);
  auto shared = std::make_shared<F>(std::move(f));  // it need not be copyable
  return after_function(
      time, [shared = std::move(shared)] { (*shared)(); }, at);
}

}  // namespace braid
