// A search as a value; see rounds.hpp.
#include "search/rounds.hpp"

#include <algorithm>
#include <braid/panic.hpp>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "strategy/run_ranges.hpp"

namespace braid {
namespace {

// The first round is one small job, for most programs are small; each round after it has twice as
// many jobs that are twice as long, until handing a job over costs next to nothing.
constexpr std::uint32_t jobs_max = 64;
constexpr std::uint64_t steps_first = 1000;
constexpr std::uint64_t steps_full = 100'000;
// So much longer is the job of a round that has only one: what is not cut is expensive to hand
// over.
constexpr std::uint64_t longer_if_alone = 16;
// Results are handed over with each job: many outcomes call for longer jobs.
constexpr std::uint64_t steps_per_outcome = 100;
// A search is divided among shards after so many rounds.
constexpr std::uint32_t rounds_in_common = 4;
// A budget below this is not cut.
constexpr std::uint64_t runs_uncut = 256;
constexpr std::uint64_t steps_uncut = 4000;

constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

std::uint64_t left_of(const std::optional<std::uint64_t>& limit, std::uint64_t used) {
  return limit ? *limit - std::min(*limit, used) : unlimited;
}

std::optional<std::uint64_t> less(const std::optional<std::uint64_t>& limit, std::uint64_t used) {
  if (!limit) return limit;
  return left_of(limit, used);
}

std::unique_ptr<frontier> frontier_of(const strategy_options& strategy, bool is_exhaustive,
                                      const std::optional<search_shard>& shard) {
  if (is_exhaustive) return make_frontier(strategy);
  const search_shard part = shard.value_or(search_shard{});
  return make_run_ranges({part.index, unlimited, part.count});
}

std::uint64_t findings_of(const tally& t) {
  return static_cast<std::uint64_t>(
      std::count_if(t.outcomes.all().begin(), t.outcomes.all().end(),
                    [](const outcome& o) { return o.verdicts.has_finding(); }));
}

nlohmann::json to_value(const round_job& j) {
  const auto or_null = [](const std::optional<std::uint64_t>& limit) {
    return limit ? nlohmann::json(*limit) : nlohmann::json();
  };
  return {{"job", j.job},
          {"runs", or_null(j.left.runs_max)},
          {"steps", or_null(j.left.steps_max)},
          {"state", static_cast<int>(j.state)},
          {"found", to_message(j.found)}};
}

round_job round_job_from_value(const nlohmann::json& value) {
  round_job j{.job = value.at("job"),
              .left = {},
              .found = tally_from_message(value.at("found")),
              .state = static_cast<search_state>(value.at("state"))};
  if (!value.at("runs").is_null()) j.left.runs_max = value.at("runs");
  if (!value.at("steps").is_null()) j.left.steps_max = value.at("steps");
  return j;
}

}  // namespace

void round_job::add(search_state now, tally more, nlohmann::json rest) {
  left.runs_max = less(left.runs_max, more.runs());
  left.steps_max = less(left.steps_max, more.steps);
  found.merge(std::move(more));
  job = std::move(rest);
  state = now;
}

rounds::rounds(const strategy_options& strategy, const budget& limits,
               const std::optional<search_shard>& shard)
    : is_exhaustive_(make_strategy(strategy)->is_exhaustive()),
      limits_(limits),
      shard_(shard),
      frontier_(frontier_of(strategy, is_exhaustive_, shard)) {}

// This shard's part of a limit for the whole search, of which `in_common` was used in common.
std::optional<std::uint64_t> rounds::own(const std::optional<std::uint64_t>& limit,
                                         std::uint64_t in_common) const {
  if (!limit || !shard_ || is_before_division()) return limit;
  const std::uint64_t divided = left_of(limit, in_common);
  const bool has_one_more = shard_->index < divided % shard_->count;
  return divided / shard_->count + has_one_more + (shard_->index == 0 ? in_common : 0);
}

std::uint64_t rounds::runs_left() const {
  return left_of(own(limits_.runs_max, common_.runs()), found_.runs());
}

std::uint64_t rounds::steps_left() const {
  return left_of(own(limits_.steps_max, common_.steps), found_.steps);
}

// Leaves this shard its part, if there is enough.
void rounds::divide() {
  is_divided_ = frontier_->divide(shard_->index, shard_->count);
  if (!is_divided_) return;
  common_share_ = frontier_->share_done();
  common_ = found_;
  common_.outcomes = {};
  if (shard_->index == 0) return;
  found_ = {};
  findings_ = 0;
}

std::size_t rounds::jobs_of_round() const {
  std::uint64_t jobs = number_ < 6 ? 1U << number_ : jobs_max;
  if (is_exhaustive_) jobs = std::min(jobs, runs_left() / runs_uncut);
  jobs = std::min(jobs, steps_left() / steps_uncut);
  return std::max<std::uint64_t>(jobs, 1);
}

budget rounds::share_of_budget() const {
  const std::uint64_t full = jobs_.size() == 1 ? longer_if_alone * steps_full : steps_full;
  const std::uint64_t ramp = number_ < 7 ? steps_first << number_ : full;
  const std::uint64_t steps = ramp + steps_per_outcome * found_.outcomes.all().size();
  const std::uint64_t steps_share = std::max<std::uint64_t>(steps_left() / jobs_.size(), 1);
  budget share{.steps_max = std::min(steps, steps_share), .fail_fast = limits_.fail_fast};
  if (is_exhaustive_ && limits_.runs_max) {
    share.runs_max = std::max<std::uint64_t>(runs_left() / jobs_.size(), 1);
  }
  return share;
}

search_state rounds::state_between_rounds() const {
  if (frontier_->is_done()) return search_state::exhausted;  // whatever the budget
  if (runs_left() == 0 || steps_left() == 0) return search_state::spent;
  if (limits_.fail_fast && findings_ > 0) return search_state::failed;
  return search_state::more;
}

void rounds::take_jobs() {
  const std::size_t wanted = jobs_of_round();
  std::uint64_t room = runs_left();
  while (jobs_.size() < wanted && room > 0) {
    std::optional<nlohmann::json> job = frontier_->take();
    if (!job) break;
    if (!is_exhaustive_) room -= std::min(room, run_range_from_value(*job).size());
    jobs_.push_back({.job = std::move(*job)});
  }
  BRAID_ASSERT(!jobs_.empty());
  const budget share = share_of_budget();
  for (round_job& j : jobs_) j.left = share;
  keep_budget();
}

bool rounds::begin() {
  if (!jobs_.empty()) {
    // One that failed counts once all before it are done; perhaps it failed in a search with
    // fail_fast, and this one is without.
    const bool has_failed = std::any_of(jobs_.begin(), jobs_.end(), [](const round_job& j) {
      return j.state == search_state::failed;
    });
    const bool is_over = limits_.fail_fast && has_failed && is_decided();
    state_ = is_over ? search_state::failed : search_state::more;
    return !is_over;
  }
  if (is_before_division() && number_ >= rounds_in_common) divide();
  state_ = state_between_rounds();
  if (state_ != search_state::more) return false;
  if (is_saveable_) before_ = frontier_->save();
  take_jobs();
  ++number_;
  return true;
}

bool rounds::is_open(const round_job& job) const {
  return job.state == search_state::more ||
         (job.state == search_state::failed && !limits_.fail_fast);
}

bool rounds::is_decided() const {
  for (const round_job& j : jobs_) {
    if (is_open(j)) return false;
    if (j.state == search_state::failed) return true;
  }
  return true;
}

void rounds::end() {
  BRAID_ASSERT(is_decided());
  const bool has_failed = std::any_of(jobs_.begin(), jobs_.end(), [](const round_job& j) {
    return j.state == search_state::failed;
  });
  if (has_failed) return;  // what comes after the failure is as if it had not been done
  for (round_job& j : jobs_) {
    found_.merge(std::move(j.found));
    frontier_->put(j.job);
  }
  jobs_.clear();
  findings_ = findings_of(found_);
}

tally rounds::found() const {
  return is_before_division() && shard_->index != 0 ? tally{} : done();
}

tally rounds::known() const {
  tally all = done();
  if (is_divided_ && shard_->index != 0) all.merge(common_);
  return all;
}

tally rounds::done() const {
  tally all = found_;
  for (const round_job& j : jobs_) {
    all.merge(j.found);
    if (j.state == search_state::failed && limits_.fail_fast) break;
  }
  return all;
}

search_figures rounds::figures() const {
  search_figures f{.executions = found_.executions,
                   .steps = found_.steps,
                   .outcomes = found_.outcomes.all().size(),
                   .findings = findings_,
                   .executions_before = found_.executions,
                   .share_done = frontier_->share_done()};
  const auto share = [](std::uint64_t used, const std::optional<std::uint64_t>& limit) {
    return limit && *limit > 0 ? static_cast<double>(used) / static_cast<double>(*limit) : 0.0;
  };
  f.share_spent = std::max(share(found_.runs(), own(limits_.runs_max, common_.runs())),
                           share(found_.steps, own(limits_.steps_max, common_.steps)));
  if (is_divided_) f.share_done = (f.share_done - common_share_) / (1 - common_share_);
  for (const round_job& j : jobs_) {
    f.executions += j.found.executions;
    f.steps += j.found.steps;
  }
  return f;
}

nlohmann::json rounds::save() const {
  nlohmann::json jobs = nlohmann::json::array();
  for (const round_job& j : jobs_) jobs.push_back(to_value(j));
  BRAID_ASSERT(jobs_.empty() || is_saveable_);
  return {{"round", number_},
          {"found", to_message(found_)},
          {"divided", is_divided_},
          {"common", to_message(common_)},
          {"common_share", common_share_},
          {"frontier", jobs_.empty() ? frontier_->save() : before_},
          {"jobs", jobs}};
}

void rounds::load(const nlohmann::json& saved) {
  number_ = saved.at("round");
  found_ = tally_from_message(saved.at("found"));
  findings_ = findings_of(found_);
  is_divided_ = saved.at("divided");
  common_ = tally_from_message(saved.at("common"));
  common_share_ = saved.at("common_share");
  before_ = saved.at("frontier");
  frontier_->load(before_);
  jobs_.clear();
  for (const nlohmann::json& job : saved.at("jobs")) {
    if (!frontier_->take()) throw std::invalid_argument("a round has more jobs than its frontier");
    jobs_.push_back(round_job_from_value(job));
    jobs_.back().left.fail_fast = limits_.fail_fast;
  }
  keep_budget();
}

// The jobs of a round together do no more runs than are left: ranges of samples have no end of
// their own, and a search that is resumed may have cut its jobs by another budget.
void rounds::keep_budget() {
  if (!limits_.runs_max) return;
  std::uint64_t room = runs_left();
  for (const round_job& j : jobs_) room -= std::min(room, j.found.runs());
  for (round_job& j : jobs_) {
    if (!is_open(j)) continue;
    std::uint64_t runs = std::min(room, j.left.runs_max.value_or(unlimited));
    if (!is_exhaustive_) runs = std::min(room, run_range_from_value(j.job).size());
    j.left.runs_max = runs;
    room -= runs;
  }
}

}  // namespace braid
