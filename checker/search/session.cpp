// A search in this process; see session.hpp.
#include "search/session.hpp"

#include <nlohmann/json.hpp>

namespace braid {

void tally::add(const execution& done) {
  const execution::summary& facts = done.facts();
  steps += facts.steps;
  dropped_stacks += facts.dropped;
  if (facts.is_redundant) {
    ++blocked;
    return;
  }
  ++executions;
  cut += done.verdicts().has(verdict::steps);
  run_ons_cut += facts.run_on_cut;
  outcomes.add(done);
}

void tally::merge(const tally& more) {
  executions += more.executions;
  steps += more.steps;
  blocked += more.blocked;
  cut += more.cut;
  run_ons_cut += more.run_ons_cut;
  dropped_stacks += more.dropped_stacks;
  for (const outcome& o : more.outcomes.all()) outcomes.merge(o);
}

nlohmann::json to_message(const tally& t) {
  nlohmann::json outcomes = nlohmann::json::array();
  for (const outcome& o : t.outcomes.all()) outcomes.push_back(to_message(o));
  return {{"executions", t.executions},   {"steps", t.steps},
          {"blocked", t.blocked},         {"cut", t.cut},
          {"run_ons_cut", t.run_ons_cut}, {"dropped", t.dropped_stacks},
          {"outcomes", outcomes}};
}

tally tally_from_message(const nlohmann::json& message) {
  tally t{.executions = message.at("executions"),
          .steps = message.at("steps"),
          .blocked = message.at("blocked"),
          .cut = message.at("cut"),
          .run_ons_cut = message.at("run_ons_cut"),
          .dropped_stacks = message.at("dropped"),
          .outcomes = {}};
  for (const auto& o : message.at("outcomes")) t.outcomes.merge(from_message(o));
  return t;
}

session::session(const program& explored, const strategy_options& strategy,
                 const lockstep_options& options, const budget& limits, execution& record,
                 std::uint64_t run)
    : program_(explored),
      budget_(limits),
      strategy_(make_strategy(strategy)),
      lockstep_(options),
      record_(record),
      run_(run) {}

search_state session::begin() {
  if (has_failed_ && budget_.fail_fast) return search_state::failed;
  if (!strategy_->begin(run_)) {  // before the budget is looked at
    return strategy_->left_out() ? search_state::bounded : search_state::exhausted;
  }
  if (budget_.runs_max && executions_ >= *budget_.runs_max) return search_state::spent;
  if (budget_.steps_max && steps_ >= *budget_.steps_max) return search_state::spent;
  record_.clear(run_);
  return search_state::more;
}

void session::execute() { lockstep_.execute(program_.main, *strategy_, record_, nullptr); }

void session::account() {
  if (!strategy_->counts(record_)) record_.facts().is_redundant = true;
  strategy_->end(record_);
  fresh_.add(record_);
  ++run_;
  ++executions_;
  steps_ += record_.facts().steps;
  has_failed_ = has_failed_ || record_.verdicts().has_finding();
}

tally session::take() {
  tally taken = std::move(fresh_);
  fresh_ = {};
  return taken;
}

void session::spent(std::uint64_t executions, std::uint64_t steps) {
  executions_ += executions;
  steps_ += steps;
}

}  // namespace braid
