// What is left of a search, as a value that can be cut into jobs.
//
// A job is a part of the search that a worker process does apart: it loads the job into a strategy,
// runs executions until the strategy ends or the job's budget is used up, and gives back what the
// strategy then saves, the rest of the job.
//
// Laws:
//  * Jobs that are out at the same time do not overlap, and every part is in exactly one job or
//    still here. So the executions of the whole search are the same set however it is cut.
//  * take() and put() are functions of what was taken and put before, in that order. So a search
//    that takes jobs in rounds, and puts the rests back in the order in which it took them, gives
//    the same result with any number of workers.
//  * save() may be called while no job is out; load() of that value goes on from there.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "strategy.hpp"

namespace braid {

class frontier {
 public:
  virtual ~frontier() = default;

  // A job for strategy::load(). None: nothing is left, or what is left can only be cut into jobs
  // when one that is out has been put back.
  virtual std::optional<nlohmann::json> take() = 0;
  // What strategy::save() gave at the end of the job that was taken first of those that are out.
  virtual void put(const nlohmann::json& rest) = 0;
  // True if every part of the search is done. (A sampling strategy never is.)
  virtual bool is_done() const = 0;
  // A guess at which share of the executions is done, in 0..1; 0: unknown.
  virtual double share_done() const = 0;

  // Keeps part `index` of `count` parts of all that is left, which do not overlap. False: there is
  // too little to divide, and all is kept. While no job is out.
  virtual bool divide(std::uint32_t index, std::uint32_t count) {
    (void)index, (void)count;
    return false;
  }

  virtual nlohmann::json save() const = 0;
  virtual void load(const nlohmann::json& saved) = 0;
};

// Throws std::invalid_argument for a name that is not in the catalogue.
std::unique_ptr<frontier> make_frontier(const strategy_options& options);

}  // namespace braid
