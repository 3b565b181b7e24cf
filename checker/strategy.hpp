// The second seam: what to run next.
//
// Laws:
//  * A strategy learns only in begin() and end(): what it answers within an execution is a function
//    of its state at begin() and of the questions. So an execution that ran in another process, or
//    crashed, is accounted for by end() alone.
//  * Its state is a value: save() and load() carry the frontier between processes and files.
//  * Alternatives are ranked; the default schedule takes rank 0. A strategy that returns 0 for ever
//    is the default schedule.
//
// Adding a strategy is one file in strategy/ and one line in strategy/catalogue.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "lockstep/situation.hpp"
#include "trace/execution.hpp"

namespace braid {

class strategy {
 public:
  virtual ~strategy() = default;

  // Prepares execution number `run`. False: there is none left.
  virtual bool begin(std::uint64_t run) = 0;
  // The rank of what happens next; called only where there is more than one alternative, unless
  // wants_trace(). situation::none: every continuation is redundant, the execution is cut.
  // situation::diverged: what must come next cannot, though it could in an execution before; the
  // execution is cut, and the program is not deterministic.
  virtual std::uint32_t pick(const situation& now) = 0;
  // The rank of one of n valid outcomes: a ready case of a select, or a value of choose().
  virtual std::uint32_t choose(const choice_point& now) = 0;
  // The execution that began is over.
  virtual void end(const execution& done) = 0;

  // Seed of random() in the execution that begin() prepared.
  virtual std::uint64_t data_seed() const = 0;
  // True if it needs the trace log of each execution, and a say at each of its events.
  virtual bool wants_trace() const { return false; }
  // How many events the next execution has in common with the last one, at its beginning: for them
  // it need not be asked. Of a strategy that wants the trace.
  virtual std::uint32_t events_repeated() const { return 0; }
  // True if running to the end of begin() proves that nothing was left out.
  virtual bool is_exhaustive() const = 0;

  // Why a search that ended may still have left something out; empty if it did not.
  virtual std::string gap() const { return {}; }

  virtual nlohmann::json save() const = 0;
  virtual void load(const nlohmann::json& saved) = 0;
};

struct strategy_options {
  std::string name = "random";
  std::uint64_t seed = 1;
};

bool is_strategy(std::string_view name);
// Throws std::invalid_argument for a name that is not in the catalogue.
std::unique_ptr<strategy> make_strategy(const strategy_options& options);

}  // namespace braid
