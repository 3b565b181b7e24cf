// A search as a value: what it has come to, what is left of it, and the round of jobs that is under
// way. Workers (search/workers.hpp) do the jobs.
//
// Laws:
//  * A round is a function of the rounds before it: its jobs and their budgets. Who does a job, and
//    when, changes nothing; nor does stopping within a job, saving, loading and going on.
//  * The budget of runs is exact, also if it is another one than before the search was saved: what
//    was done counts, and at most what is left is done. That of steps is passed by an execution of
//    each job at most.
//  * Shards of an exhaustive search begin with the same rounds, until the frontier has enough jobs
//    to divide; those rounds count in the first shard only. So the shards together do each
//    execution of the search, and no other.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <vector>

#include "frontier.hpp"
#include "search/session.hpp"
#include "search/tally.hpp"

namespace braid {

// A job of the round, with what came of it so far.
struct round_job {
  nlohmann::json job;  // to go on from
  budget left = {};
  tally found = {};
  search_state state = search_state::more;  // more: it is not done

  // Adds what a worker did. `rest`: to go on from.
  void add(search_state state, tally more, nlohmann::json rest);
};

// What a search has come to, in figures, while it goes on.
struct search_figures {
  std::uint64_t executions = 0;
  std::uint64_t steps = 0;
  std::uint64_t outcomes = 0;
  std::uint64_t findings = 0;  // outcomes in which something is wrong
  // At the beginning of the round:
  std::uint64_t executions_before = 0;
  double share_done = 0;  // of all executions, if there is an end to them; 0: unknown

  double share_spent = 0;  // of the budget; 0: there is none
};

class rounds {
 public:
  // With a shard: only this part of the search; the limits are those of the whole.
  rounds(const strategy_options& strategy, const budget& limits,
         const std::optional<search_shard>& shard = {});

  // Cuts the next round, unless one is under way. False: the search is over, as the state says.
  bool begin();
  std::span<round_job> jobs() { return jobs_; }
  // Whether a worker is to do, or to go on with, this job of the round.
  bool is_open(const round_job& job) const;
  // No job of the round is open, but perhaps after one that has failed.
  bool is_decided() const;
  // Takes the round's results in. REQUIRES: is_decided().
  void end();

  // False: it is one shard of several, but the first of them does all.
  bool is_divided() const { return !is_before_division(); }

  search_state state() const { return state_; }
  // Of the round that is under way, or was the last one; from 1.
  std::uint32_t number() const { return number_; }
  // Including the round that is under way. Of a shard: what counts in it.
  tally found() const;
  // The same with what was done in common; of that, once the search is divided, without outcomes.
  tally known() const;
  search_figures figures() const;

  // At any time. What is saved while jobs are done by workers has those jobs as they were before.
  nlohmann::json save() const;
  void load(const nlohmann::json& saved);
  // Keeps what save() needs while a round is under way.
  void be_saveable() { is_saveable_ = true; }

 private:
  tally done() const;
  void take_jobs();
  void keep_budget();
  void divide();
  bool is_before_division() const { return shard_ && is_exhaustive_ && !is_divided_; }
  std::optional<std::uint64_t> own(const std::optional<std::uint64_t>& limit,
                                   std::uint64_t in_common) const;
  std::uint64_t runs_left() const;
  std::uint64_t steps_left() const;
  std::size_t jobs_of_round() const;
  budget share_of_budget() const;
  search_state state_between_rounds() const;

  const bool is_exhaustive_;
  const budget limits_;
  const std::optional<search_shard> shard_;
  std::unique_ptr<frontier> frontier_;
  tally found_;  // without the round
  std::uint64_t findings_ = 0;
  std::uint32_t number_ = 0;
  search_state state_ = search_state::more;

  // Of a shard of an exhaustive search: what was done in common before it was divided, without the
  // outcomes.
  bool is_divided_ = false;
  tally common_;
  double common_share_ = 0;

  // The round that is under way, if there are jobs:
  std::vector<round_job> jobs_;
  nlohmann::json before_;  // the frontier before its jobs were taken
  bool is_saveable_ = false;
};

}  // namespace braid
