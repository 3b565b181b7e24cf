// What a search has come to: a value that adds up, in any order, and travels between processes.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "trace/execution.hpp"
#include "trace/outcomes.hpp"

namespace braid {

struct tally {
  std::uint64_t executions = 0;
  std::uint64_t steps = 0;
  std::uint64_t blocked = 0;       // cut as redundant: they do not count as executions
  std::uint64_t cut = 0;           // by the step limit, or
  std::uint64_t hidden_loops = 0;  // because a loop depends on what braid does not see
  std::uint64_t hung = 0;          // because they did nothing that braid sees for long
  std::uint64_t run_ons_cut = 0;   // the rest still ran after main's end, or
  std::uint64_t run_ons_died = 0;  // crashed there, or hung; these are among them
  // The longest execution, in events, and the most goroutines in one.
  std::uint64_t events_max = 0;
  std::uint64_t goroutines_max = 0;
  std::uint64_t dropped_stacks = 0;
  std::uint64_t diverged = 0;  // what happened before could not be repeated
  std::string gap = {};        // see strategy::gap()
  known_outcomes outcomes;

  // `run`: as in outcome.
  void add(const execution& done, std::uint64_t run);
  void merge(tally more);
  // What --runs counts.
  std::uint64_t runs() const { return executions + blocked; }
};

nlohmann::json to_message(const tally& t);
tally tally_from_message(const nlohmann::json& message);

}  // namespace braid
