// The second seam: what to run next.
//
// Laws:
//  * A strategy learns only in begin() and end(): what it answers within an execution is a function
//    of its state at begin() and of the questions. So an execution that ran in another process, or
//    crashed, is accounted for by end() alone.
//  * What is left of an exhaustive search is a value, its job: save() and load() carry it between
//    processes and files.
//  * Execution k of a strategy that samples is a function of its options, of k and of what it
//    learned in the executions before learning_runs(), which go in sequence, as far as they come
//    before k. Whoever does a range of the executions begins with those.
//  * Alternatives are ranked; the default schedule takes rank 0. A strategy that returns 0 for ever
//    is the default schedule.
//
// Adding a strategy is one file in strategy/ and one line in strategy/catalogue.cpp.
#pragma once

#include <braid/explore.hpp>
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lockstep/situation.hpp"
#include "trace/execution.hpp"

namespace braid {

// An execution by its strategy and number.
struct run_name {
  std::string strategy;
  std::uint64_t run = 0;
};

class strategy {
 public:
  virtual ~strategy() = default;

  // Prepares execution number `run`. False: there is none left. It may be called again before
  // end(): the execution then begins anew.
  virtual bool begin(std::uint64_t run) = 0;
  // The rank of what happens next; called only where there is more than one alternative, unless
  // wants_every_event(). situation::none: every continuation is redundant, the execution is cut.
  // situation::diverged: what must come next cannot, though it could in an execution before; the
  // execution is cut, and the program is not deterministic.
  virtual std::uint32_t pick(const situation& now) = 0;
  // The rank of one of n valid outcomes: a ready case of a select, or a value of choose().
  virtual std::uint32_t choose(const choice_point& now) = 0;
  // The execution that began is over.
  virtual void end(const execution& done) = 0;

  // Seed of random() in the execution that begin() prepared.
  virtual std::uint64_t data_seed() const = 0;
  // True if it needs the trace log of the execution that begin() prepared.
  virtual bool wants_trace() const { return false; }
  // How many events the next execution has in common with the last one, at its beginning: for them
  // it need not be asked. Of a strategy that wants the trace.
  virtual std::uint32_t events_repeated() const { return 0; }
  // True if pick() is called at every event, also where there is one alternative.
  virtual bool wants_every_event() const { return wants_trace(); }
  // True if running to the end of begin() proves that nothing was left out, unless there is a
  // gap().
  virtual bool is_exhaustive() const = 0;
  // False: this execution was run before, under a smaller bound.
  virtual bool counts(const execution&) const { return true; }
  // It learns from so many executions, the first ones.
  virtual std::uint64_t learning_runs() const { return 0; }
  // The name under which execution `run` of this strategy, which was asked for as `asked`, is
  // repeated. Known once it has learned.
  virtual run_name name_of(const std::string& asked, std::uint64_t run) const {
    return {asked, run};
  }
  // Once it has learned; `goroutines`: the most that were seen.
  virtual std::optional<pct_guarantee> guarantee(std::uint64_t goroutines) const {
    (void)goroutines;
    return std::nullopt;
  }

  // A guess at which share of the executions is done, in 0..1; 0: unknown.
  virtual double share_done() const { return 0; }
  // Why a search that ended may still have left something out; empty if it did not.
  virtual std::string gap() const { return {}; }

  // A job (frontier.hpp). Strategies that sample have none: theirs is a range of numbers.
  virtual nlohmann::json save() const;
  virtual void load(const nlohmann::json& job);
};

struct strategy_options {
  // As in the catalogue. pct takes parameters: pct:4 has depth 4, pct:4:90 also 90 steps.
  std::string name = "random";
  std::uint64_t seed = 1;
  // At most so many in each execution; one of them.
  std::optional<std::uint32_t> preemptions_max = {};
  std::optional<std::uint32_t> delays_max = {};
  std::optional<std::uint32_t> deviations_max = {};  // of dfs only
  // Of the name; make_strategy() reads them.
  std::vector<std::uint32_t> parameters = {};
};

// "at most 2 preemptions"; empty without a bound.
std::string bound_in_words(const strategy_options& options);

bool is_strategy(std::string_view name);
// What a name that is no strategy should have been: "must be one of ...". Empty if it is one.
std::string what_strategy_must_be(std::string_view name);
// Throws std::invalid_argument for a name that is not in the catalogue, and for bounds on a
// strategy that cannot keep them.
std::unique_ptr<strategy> make_strategy(const strategy_options& options);

}  // namespace braid
