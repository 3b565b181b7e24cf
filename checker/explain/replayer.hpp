// Runs single executions again: to check that a schedule reproduces, and to write their history.
#pragma once

#include <braid/explore.hpp>
#include <memory>
#include <optional>

#include <braid/history.hpp>
#include "lockstep/lockstep.hpp"
#include "strategy.hpp"
#include "trace/chronicle.hpp"
#include "trace/schedule.hpp"

namespace braid {

class replayer {
 public:
  // `supervise`: in a child process, so that a crash is survived.
  replayer(const program& replayed, const lockstep_options& options, bool supervise);

  // Follows a schedule; timers may fire wherever it says, whatever the timer mode. `hangs_at`: the
  // execution was seen to hang after so many steps.
  const execution& follow(const schedule& s, bool with_history,
                          std::optional<std::uint32_t> hangs_at = {});
  // Runs `body` as an execution is run. It calls follow_here() as often as it likes, so that one
  // process does several executions; last() is what the last of them came to.
  void together(const std::function<void()>& body) { run(body); }
  const execution& follow_here(const schedule& s, bool with_history);
  // A strategy that has learned what its first `runs` executions teach.
  std::unique_ptr<strategy> learned(const strategy_options& options, std::uint64_t runs);
  // Runs execution number `run` of a strategy.
  const execution& rerun(const strategy_options& strategy, std::uint64_t run, bool with_history);

  // Histories that follow tell what else could have happened; see chronicle.hpp.
  void tell_choices() { notes_.tell_choices(options_.timers); }

  const execution& last() const { return record_; }
  // Of the last execution, which was run with history.
  history what_happened() const;
  // The first deviation that the last execution could not follow.
  std::optional<deviation> unfit() const;

 private:
  void run(const std::function<void()>& body, std::optional<std::uint32_t> hangs_at = {});
  void learn(strategy& from, std::uint64_t runs);

  const program& program_;
  const lockstep_options options_;
  const bool supervise_;
  execution record_;
  chronicle notes_;
  shared_array<deviation> unfit_;
};

}  // namespace braid
