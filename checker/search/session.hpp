// A search in this process: jobs of one strategy on one program, execution after execution.
//
// Each execution has three parts, so that the middle one may happen in another process: begin(),
// execute(), account(). What it is about to do and has done lies in the shared record.
#pragma once

#include <braid/explore.hpp>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "lockstep/lockstep.hpp"
#include "search/tally.hpp"
#include "strategy.hpp"
#include "strategy/run_ranges.hpp"

namespace braid {

struct budget {
  std::optional<std::uint64_t> runs_max = {};
  std::optional<std::uint64_t> steps_max = {};  // of all executions together
  bool fail_fast = false;
};

enum class search_state : std::uint8_t {
  more,       // executions remain
  exhausted,  // none is left
  spent,      // the budget is used up
  failed,     // a finding, and fail_fast
};

class session {
 public:
  // Until a job is loaded it does the whole search.
  session(const program& explored, const strategy_options& strategy,
          const lockstep_options& options, execution& record);

  // Begins a job of the strategy's frontier.
  void load(const nlohmann::json& job, const budget& limits);
  // The rest of it, as a job.
  nlohmann::json rest() const;

  // Prepares the next execution, unless the state says why there is none.
  search_state begin();
  void execute();
  // In a process of its own, so that a crash is survived and is in the record.
  void execute_apart(std::optional<std::uint32_t> hangs_at = {});
  void account();

  // Of this job so far.
  const tally& found() const { return found_; }
  tally take() { return std::move(found_); }

 private:
  void learn_before(std::uint64_t run);

  const program& program_;
  const strategy_options options_;
  std::unique_ptr<strategy> strategy_;
  const bool draws_by_number_;  // a job is a range of run numbers
  std::uint64_t learned_ = 0;   // executions that taught the strategy something
  lockstep lockstep_;
  execution& record_;

  // Of the job:
  budget limits_;
  run_range runs_;
  tally found_;
  bool has_failed_ = false;
};

}  // namespace braid
