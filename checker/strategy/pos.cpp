// Partial order sampling: each pending event has a random priority, and the highest runs.
//
// Yuan, Yang, Gu: Partial Order Aware Concurrency Sampling (CAV'18): when an event has happened,
// the pending events that race with it draw again; without that, who was early once would stay so.
// Guarantee: an event with n others of its goroutine before it overtakes one that is pending from
// the start with a chance of 1 / (n + 2); in a random walk that is about 1 / 2^n.
//
// Deviations: timers are one more goroutine, whose event races with none; which of those that are
// due together fires is drawn uniformly. Races are judged by what an operation is, not by what it
// comes to.
#include <algorithm>

#include "lockstep/repetitions.hpp"
#include "strategy/catalogue.hpp"
#include "strategy/sampler.hpp"

namespace braid {
namespace {

bool is_output(op_kind kind) { return kind == op_kind::print || kind == op_kind::end; }

constexpr kind_set looks = {op_kind::load, op_kind::read, op_kind::await, op_kind::length};
constexpr kind_set read_locks = {op_kind::read_lock, op_kind::try_read_lock};
constexpr kind_set unlocks = {op_kind::unlock, op_kind::read_unlock, op_kind::write_unlock};
constexpr kind_set tries = {op_kind::try_lock, op_kind::try_read_lock, op_kind::try_write_lock};
// Of wait groups and conds: they come after what lets them go on, whatever the schedule.
constexpr kind_set waits = {op_kind::wait, op_kind::cond_wait};

// On one object: whether the two do not commute. What only orders, such as an unlock before a lock,
// is no race. (Coarser than what dpor knows: trace/touches.cpp.)
bool race_there(op_kind a, op_kind b) {
  const auto are = [&](op_kind x, op_kind y) { return (a == x && b == y) || (a == y && b == x); };
  if (looks.has(a) && looks.has(b)) return false;
  if (read_locks.has(a) && read_locks.has(b)) return false;
  if (are(op_kind::send, op_kind::recv) || are(op_kind::add, op_kind::add)) return false;
  if (waits.has(a) || waits.has(b)) return false;
  if (are(op_kind::read_unlock, op_kind::try_read_lock)) return false;
  if (unlocks.has(a) || unlocks.has(b)) return tries.has(a) || tries.has(b);
  return true;
}

bool race(const op& a, const op& b) {
  if (is_output(a.kind) && is_output(b.kind)) {
    return a.kind != b.kind || a.argument == b.argument || a.kind == op_kind::end;
  }
  if (!a.arms.empty()) {
    return std::any_of(a.arms.begin(), a.arms.end(), [&](const op& arm) { return race(b, arm); });
  }
  if (!b.arms.empty()) return race(b, a);
  return a.object != nullptr && a.object == b.object && race_there(a.kind, b.kind);
}

class partial_orders final : public sampler {
 public:
  explicit partial_orders(const strategy_options& options) : sampler(options, mix(4)) {}

  std::uint32_t pick(const situation& now) override {
    if (pending_.size() < now.spawned()) pending_.resize(now.spawned());
    std::uint32_t chosen = nobody;
    std::uint64_t highest = 0;
    now.enabled().for_each([&](std::uint32_t n) {
      pending_event& e = pending_[n];
      if (e.priority == 0) e = draw(now.pending_of(n));
      if (e.priority <= highest) return;
      highest = e.priority;
      chosen = n;
    });
    if (now.timers() > 0) {
      if (clock_ == 0) clock_ = draw_priority();
      if (clock_ > highest) {
        clock_ = 0;
        return now.rank_of({decision_kind::timer, bits().below(now.timers())});
      }
    }
    redraw_rivals(now, chosen);
    return now.rank_of({decision_kind::goroutine, chosen});
  }
  bool wants_every_event() const override { return true; }

 private:
  static constexpr std::uint32_t nobody = situation::none;

  struct pending_event {
    std::uint64_t priority = 0;    // 0: to be drawn
    const void* object = nullptr;  // null: of a select, or none
    op_kind kind{};
    bool is_simple = true;  // it touches that object or none
  };

  void prepare() override {
    pending_.clear();
    clock_ = 0;
  }
  std::uint64_t draw_priority() { return bits().next() | 1; }
  pending_event draw(const op& what) {
    return {.priority = draw_priority(),
            .object = what.object,
            .kind = what.kind,
            .is_simple = what.arms.empty() && !is_output(what.kind)};
  }

  // `chosen` is about to happen.
  void redraw_rivals(const situation& now, std::uint32_t chosen) {
    const pending_event done = pending_[chosen];
    pending_[chosen].priority = 0;
    if (done.is_simple && done.object == nullptr) return;
    const op& what = now.pending_of(chosen);
    now.enabled().for_each([&](std::uint32_t n) {
      pending_event& e = pending_[n];
      const bool are_simple = e.is_simple && done.is_simple;
      if (n == chosen || (are_simple && e.object != done.object)) return;
      const bool race_now =
          are_simple ? race_there(done.kind, e.kind) : race(what, now.pending_of(n));
      if (race_now) e.priority = 0;
    });
  }

  std::vector<pending_event> pending_;  // by number
  std::uint64_t clock_ = 0;             // priority of the next timer
};

}  // namespace

std::unique_ptr<strategy> make_pos(const strategy_options& options) {
  return std::make_unique<partial_orders>(options);
}

}  // namespace braid
