// A search in this process; see session.hpp.
#include "search/session.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "process/run_apart.hpp"

namespace braid {

session::session(const program& explored, const strategy_options& strategy,
                 const lockstep_options& options, execution& record)
    : program_(explored),
      options_(strategy),
      strategy_(make_strategy(strategy)),
      draws_by_number_(!strategy_->is_exhaustive()),
      lockstep_(options),
      record_(record) {}

void session::load(const nlohmann::json& job, const budget& limits) {
  limits_ = limits;
  runs_ = {};
  found_ = {};
  has_failed_ = false;
  if (draws_by_number_) {
    runs_ = run_range_from_value(job);
  } else {
    strategy_->load(job);
  }
}

nlohmann::json session::rest() const {
  return draws_by_number_ ? to_value(runs_) : strategy_->save();
}

search_state session::begin() {
  if (has_failed_ && limits_.fail_fast) return search_state::failed;
  // Before the budget is looked at: an exhausted search is complete whatever the budget.
  if (runs_.is_empty()) return search_state::exhausted;
  if (draws_by_number_) learn_before(runs_.first);
  if (!strategy_->begin(runs_.first)) return search_state::exhausted;
  if (limits_.runs_max && found_.runs() >= *limits_.runs_max) return search_state::spent;
  if (limits_.steps_max && found_.steps >= *limits_.steps_max) return search_state::spent;
  record_.clear(runs_.first);
  return search_state::more;
}

// A strategy that learns knows the executions before this one that teach, wherever they were done.
// They do not count here, and have processes of their own: they may crash.
void session::learn_before(std::uint64_t run) {
  const std::uint64_t needed = std::min(run, strategy_->learning_runs());
  if (learned_ > needed) {
    strategy_ = make_strategy(options_);
    learned_ = 0;
  }
  for (; learned_ < needed; ++learned_) {
    strategy_->begin(learned_);
    record_.clear(learned_);
    execute_apart();
    strategy_->end(record_);
  }
}

void session::execute() { lockstep_.execute(program_.main, *strategy_, record_, nullptr); }

void session::execute_apart(std::optional<std::uint32_t> hangs_at) {
  run_apart(
      record_, lockstep_.options().hang_after, [this] { execute(); }, hangs_at);
}

void session::account() {
  if (!strategy_->counts(record_)) record_.facts().is_redundant = true;
  found_.outcomes.approach(record_);
  strategy_->end(record_);
  found_.gap = strategy_->gap();
  if (draws_by_number_ && learned_ < strategy_->learning_runs()) ++learned_;
  found_.add(record_, draws_by_number_ ? runs_.first : 0);
  runs_.first += runs_.stride;
  has_failed_ = has_failed_ || (!record_.facts().is_redundant && record_.verdicts().has_finding());
}

}  // namespace braid
