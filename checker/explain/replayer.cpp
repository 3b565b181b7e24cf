// Runs single executions again; see replayer.hpp.
#include "explain/replayer.hpp"

#include <algorithm>

#include "process/run_apart.hpp"
#include "strategy/replay.hpp"

namespace braid {
namespace {

lockstep_options with_free_timers(lockstep_options options) {
  options.timers = timer_mode::free;
  return options;
}

}  // namespace

replayer::replayer(const program& replayed, const lockstep_options& options, bool supervise)
    : program_(replayed), options_(options), supervise_(supervise), unfit_(1) {}

void replayer::run(const std::function<void()>& body, std::optional<std::uint32_t> hangs_at) {
  unfit_.clear();
  notes_.clear();
  supervise_ ? run_apart(record_, options_.hang_after, body, hangs_at) : body();
}

const execution& replayer::follow(const schedule& s, bool with_history,
                                  std::optional<std::uint32_t> hangs_at) {
  run([&] { follow_here(s, with_history); }, hangs_at);
  return record_;
}

const execution& replayer::follow_here(const schedule& s, bool with_history) {
  unfit_.clear();
  notes_.clear();
  replay_strategy decides(s);
  lockstep scheduler(with_free_timers(options_));
  decides.begin(0);
  record_.clear(0);
  scheduler.execute(program_.main, decides, record_, with_history ? &notes_ : nullptr);
  if (with_history) {
    for (const race& r : scheduler.races()) notes_.raced(r);
    if (!scheduler.refutation().empty()) notes_.refuted(scheduler.refutation());
    for (const foreign_unlocking& u : scheduler.foreign_unlocks()) notes_.unlocked_by_other(u);
    notes_.stuck(scheduler.stuck());
  }
  decides.end(record_);
  if (decides.unfit()) unfit_.push(*decides.unfit());
  return record_;
}

// Each in a process of its own: one that crashes teaches something too.
void replayer::learn(strategy& from, std::uint64_t runs) {
  for (std::uint64_t k = 0; k < runs && from.begin(k); ++k) {
    record_.clear(k);
    run([&] { lockstep(options_).execute(program_.main, from, record_, nullptr); });
    from.end(record_);
  }
}

std::unique_ptr<strategy> replayer::learned(const strategy_options& options, std::uint64_t runs) {
  std::unique_ptr<strategy> learns = make_strategy(options);
  learn(*learns, runs);
  return learns;
}

const execution& replayer::rerun(const strategy_options& options, std::uint64_t run_number,
                                 bool with_history) {
  const std::unique_ptr<strategy> decides = make_strategy(options);
  learn(*decides, std::min(run_number, decides->learning_runs()));
  run([&] {
    lockstep scheduler(options_);
    // An exhaustive search has no short cut to its k-th execution.
    for (std::uint64_t k = decides->is_exhaustive() ? 0 : run_number; k <= run_number; ++k) {
      if (!decides->begin(k)) break;
      record_.clear(k);
      scheduler.execute(program_.main, *decides, record_, nullptr);
      decides->end(record_);
    }
  });
  if (!with_history) return record_;
  const std::uint64_t ran = record_.facts().run;
  follow(schedule_of(record_), true);
  record_.facts().run = ran;
  return record_;
}

history replayer::what_happened() const {
  history told = notes_.read();
  if (!record_.facts().is_over) told.stopped_in = static_cast<int>(record_.facts().running);
  return told;
}

std::optional<deviation> replayer::unfit() const {
  if (unfit_.all().empty()) return std::nullopt;
  return unfit_.all()[0];
}

}  // namespace braid
