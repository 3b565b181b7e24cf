// A search in this process: one strategy on one program, execution after execution.
//
// Each execution has three parts, so that the middle one may happen in another process: begin(),
// execute(), account(). What it is about to do and has done lies in the shared record.
#pragma once

#include <braid/explore.hpp>
#include <optional>

#include "lockstep/lockstep.hpp"
#include "search/outcomes.hpp"
#include "strategy.hpp"

namespace braid {

struct budget {
  std::optional<std::uint64_t> runs_max = {};
  std::optional<std::uint64_t> steps_max = {};  // of all executions together
  bool fail_fast = false;
};

// What a search has come to: a value that adds up, and travels between processes.
struct tally {
  std::uint64_t executions = 0;
  std::uint64_t steps = 0;
  std::uint64_t blocked = 0;  // cut as redundant: they do not count as executions
  std::uint64_t cut = 0;      // by the step limit
  std::uint64_t run_ons_cut = 0;
  std::uint64_t dropped_stacks = 0;
  outcome_set outcomes;

  void add(const execution& done);
  void merge(const tally& more);
};

nlohmann::json to_message(const tally& t);
tally tally_from_message(const nlohmann::json& message);

enum class search_state : std::uint8_t {
  more,       // executions remain
  exhausted,  // the strategy has none left
  bounded,    // it has none left within its bound
  spent,      // the budget is used up
  failed,     // a finding, and fail_fast
};

class session {
 public:
  // `run`: the number of the first execution.
  session(const program& explored, const strategy_options& strategy,
          const lockstep_options& options, const budget& limits, execution& record,
          std::uint64_t run = 0);

  // Prepares the next execution, unless the state says why there is none.
  search_state begin();
  void execute();
  void account();

  std::uint64_t next_run() const { return run_; }
  // What was added since the last take.
  tally take();
  // Counts what earlier sessions did against the budget.
  void spent(std::uint64_t executions, std::uint64_t steps);
  strategy& searching() { return *strategy_; }

 private:
  const program& program_;
  const budget budget_;
  std::unique_ptr<strategy> strategy_;
  lockstep lockstep_;
  execution& record_;
  std::uint64_t run_;
  tally fresh_;
  std::uint64_t executions_ = 0;
  std::uint64_t steps_ = 0;
  bool has_failed_ = false;
};

}  // namespace braid
