// Stops a debugger before a step; see breakpoint.hpp.
#include "explain/breakpoint.hpp"

#include <algorithm>
#include <csignal>

#include "strategy/replay.hpp"

namespace braid {
namespace {

// Stops in the goroutine, as soon as it is its turn.
class breaking_lockstep final : public lockstep {
 public:
  breaking_lockstep(const lockstep_options& options, std::uint32_t step)
      : lockstep(options), step_(step) {}

  bool before(const op& next) override {
    const bool does_it = lockstep::before(next);
    if (does_it && steps() == step_) raise(SIGTRAP);
    return does_it;
  }

 private:
  const std::uint32_t step_;
};

// Follows the schedule, and stops where the step is a timer's.
class breaking_strategy final : public strategy {
 public:
  breaking_strategy(const schedule& s, std::uint32_t step) : follow_(s), step_(step) {}

  bool begin(std::uint64_t run) override { return follow_.begin(run); }
  std::uint32_t pick(const situation& now) override {
    const std::uint32_t rank = now.size() > 1 ? follow_.pick(now) : 0;
    if (now.step() == step_ && now.at(rank).kind == decision_kind::timer) raise(SIGTRAP);
    return rank;
  }
  std::uint32_t choose(const choice_point& now) override { return follow_.choose(now); }
  void end(const execution& done) override { follow_.end(done); }
  std::uint64_t data_seed() const override { return follow_.data_seed(); }
  bool wants_every_event() const override { return true; }
  bool is_exhaustive() const override { return false; }

 private:
  replay_strategy follow_;
  const std::uint32_t step_;
};

bool ends_in_error(const happening& h) {
  return h.kind == "end" && (h.text.starts_with("panic: ") || h.text.starts_with("fatal error: "));
}

}  // namespace

const happening* event_to_stop_at(const history& told) {
  const auto is_numbered = [](const happening& h) { return h.step != 0; };
  const auto last = std::find_if(told.rows.rbegin(), told.rows.rend(), is_numbered);
  if (last == told.rows.rend()) return nullptr;
  if (!ends_in_error(*last)) return &*last;
  const auto before = std::find_if(last + 1, told.rows.rend(), [&](const happening& h) {
    return is_numbered(h) && h.goroutine == last->goroutine;
  });
  return before == told.rows.rend() ? &*last : &*before;
}

// Races are not looked for: that begins an execution again, which would stop twice.
void follow_to_break(const program& followed, const lockstep_options& options, const schedule& s,
                     std::uint32_t step) {
  lockstep_options quiet = options;
  quiet.timers = timer_mode::free;
  quiet.check_races = quiet.warn_foreign_unlocks = false;
  breaking_lockstep scheduler(quiet, step);
  breaking_strategy decides(s, step);
  execution record;
  decides.begin(0);
  record.clear(0);
  scheduler.execute(followed.main, decides, record, nullptr);
  decides.end(record);
}

}  // namespace braid
