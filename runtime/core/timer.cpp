// Timers and tickers; see <braid/timer.hpp>.
//
// A ticker whose tick nobody has received yet is not armed: further ticks would be lost. The
// receiver who takes the tick arms it again, for the next multiple of its interval. So a ticker
// that nobody looks at costs nothing, and neither keeps a deadlock from being seen nor an execution
// under the checker from coming to its end.
//
// The checker sees the destruction of an object, but cannot put it off. There an armed timer holds
// its channel, so that it goes off in every execution, or in none.
#include <braid/timer.hpp>

#include <algorithm>
#include <braid/go.hpp>
#include <braid/panic.hpp>

#include "core/channel.hpp"
#include "core/timer_core.hpp"

namespace braid {
namespace detail {
namespace {

// Owned by the channel that it feeds.
class feeding_timer final : public timer_core, public feeder {
 public:
  // An interval of 0: it goes off once.
  feeding_timer(channel* feeds, duration interval) : feeds_(feeds), interval_(interval) {}

  void drained() override {
    const spin_guard held(lock());
    if (is_ticking_ && !is_armed()) arm_at(next_tick(), armed_at());
  }

  void orphaned() override {
    aftermath then;
    {
      const spin_guard held(lock());
      disarm(then);
      is_ticking_ = false;
    }
    release();
  }

 private:
  const void* identity() const override { return feeds_; }

  goroutine* prepare(where) override {
    is_ticking_ = interval_ > duration::zero();
    holds_channel_ = watched();
    if (holds_channel_) detail::acquire(feeds_);
    return nullptr;
  }

  void go_off(time_point when, goroutine*, aftermath& then) override {
    let_go(then);
    then.woken = deliver(feeds_, &when);
    if (is_ticking_ && then.woken != nullptr) arm_at(next_tick(), armed_at());
  }

  void lay_down(goroutine*, aftermath& then) override { let_go(then); }

  bool take_back() override {
    is_ticking_ = false;
    return detail::take_back(feeds_);
  }

  void set_interval(duration interval) override {
    if (interval_ > duration::zero()) interval_ = interval;
  }

  void let_go(aftermath& then) {
    if (holds_channel_) then.let_go = feeds_;
    holds_channel_ = false;
  }

  // The first multiple of the interval, from the last tick on, that is yet to come.
  time_point next_tick() const {
    const auto passed = std::max(current_scheduler().now() - deadline(), duration::zero());
    const auto steps = passed / interval_ + 1;
    if (steps > (time_point::max() - deadline()) / interval_) return time_point::max();
    return deadline() + steps * interval_;
  }

  channel* const feeds_;
  // Protected by lock():
  duration interval_;
  bool is_ticking_ = false;
  bool holds_channel_ = false;
};

feeding_timer& timer_of(const chan<time_point>& c) {
  return static_cast<feeding_timer&>(*feeder_of(c.core()));
}

chan<time_point> start_feeding(op_kind kind, std::string_view name, duration delay,
                               duration interval, where at) {
  chan<time_point> made = make_chan<time_point>(1, at);
  set_feeder(made.core(), *new feeding_timer(made.core(), interval));
  timer_of(made).start(kind, name, delay, at);
  return made;
}

void require_positive(duration interval, const char* text, where at) {
  if (interval <= duration::zero()) throw runtime_panic(text, at);
}

}  // namespace

class starting_timer final : public timer_core {
 public:
  starting_timer(std::function<void()> f, where at) : function_(std::move(f)) {
    if (watched()) report_made(this, "timer", at);
  }
  ~starting_timer() override {
    if (watched()) report_destroyed(this);
  }

 private:
  const void* identity() const override { return this; }

  // A child of whoever sets the timer: what it is called depends on nothing that happens later.
  goroutine* prepare(where at) override {
    goroutine& child = goroutine::make(&goroutine::current(), at);
    child.function.set(function_);
    return &child;
  }
  void go_off(time_point, goroutine* starts, aftermath& then) override { then.started = starts; }
  void lay_down(goroutine* starts, aftermath& then) override { then.unused = starts; }
  bool take_back() override { return false; }

  const std::function<void()> function_;
};

}  // namespace detail

chan<time_point> after(duration time, where at) {
  return detail::start_feeding(op_kind::after, "after", time, duration::zero(), at);
}

timer::timer(duration time, where at)
    : c(detail::start_feeding(op_kind::start, "timer", time, duration::zero(), at)), own_(c) {}

bool timer::stop(where at) { return detail::timer_of(own_).stop(at); }
bool timer::reset(duration time, where at) { return detail::timer_of(own_).reset(time, at); }

ticker::ticker(duration interval, where at) {
  detail::require_positive(interval, "non-positive interval for NewTicker", at);
  c = own_ = detail::start_feeding(op_kind::start, "ticker", interval, interval, at);
}

void ticker::stop(where at) { detail::timer_of(own_).stop(at); }

void ticker::reset(duration interval, where at) {
  detail::require_positive(interval, "non-positive interval for Ticker.Reset", at);
  detail::timer_of(own_).reset(interval, at);
}

chan<time_point> tick(duration interval, where at) {
  if (interval <= duration::zero()) return nullptr;
  return detail::start_feeding(op_kind::start, "ticker", interval, interval, at);
}

func_timer after_function(duration time, std::function<void()> f, where at) {
  if (f == nullptr) detail::go_of_nil(at);
  func_timer made;
  made.core_ =
      std::shared_ptr<detail::starting_timer>(new detail::starting_timer(std::move(f), at),
                                              [](detail::starting_timer* t) { t->release(); });
  made.core_->start(op_kind::start, "timer", time, at);
  return made;
}

bool func_timer::stop(where at) {
  if (!core_) throw runtime_panic("time: Stop called on uninitialized Timer", at);
  return core_->stop(at);
}
bool func_timer::reset(duration time, where at) {
  if (!core_) throw runtime_panic("time: Reset called on uninitialized Timer", at);
  return core_->reset(time, at);
}

}  // namespace braid
