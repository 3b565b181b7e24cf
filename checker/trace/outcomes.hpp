// The set of outcomes that were seen, each with its count and the schedule that reproduces it.
//
// Two executions have the same outcome if stdout, stderr, the way the program ended and what is
// wrong are the same; of data races also at which places they are, and of foreign unlocks, if these
// are asked for. Of the schedules that lead to an
// outcome the nearest is kept: the one with the fewest deviations; of those the earliest run, if
// runs are drawn by number, else the first in the order of dfs. So a set is the same whatever the
// order in which it was put together.
//
// Memory grows with the number of distinct outcomes, not of executions.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "packing.hpp"
#include "trace/execution.hpp"
#include "trace/schedule.hpp"

namespace braid {

struct outcome {
  std::string output;
  std::string errors;
  verdict_set verdicts;
  int exit_code = 0;        // of exit(n), or the signal of a crash
  std::uint64_t races = 0;  // see execution
  std::uint64_t count = 0;

  // The schedule that is kept.
  schedule follow;
  std::uint64_t run = 0;  // its number, if runs are drawn by number; else 0
  std::uint64_t trace_hash = 0;
  std::uint32_t steps = 0;
  bool has_hung = false;  // after these steps

  bool is_same(const outcome& other) const;
};

// The order of "nearest": total over the executions of one search.
bool is_nearer(const outcome& a, const outcome& b);

class known_outcomes {
 public:
  // Fetches into the cache what add() will look at. In a search with many outcomes that comes from
  // memory, which takes as long as a dozen events.
  void approach(const execution& done) const;
  // `run`: as in outcome.
  void add(const execution& done, std::uint64_t run);
  void merge(outcome other);
  void merge(known_outcomes other);

  // In the order in which they were first seen.
  const std::deque<outcome>& all() const { return seen_; }
  std::deque<outcome>& all() { return seen_; }

 private:
  struct place {
    std::uint64_t hash = 0;
    std::uint32_t index = 0;  // into seen_, plus 1; 0: empty
  };

  template <class Same>
  outcome* find(std::uint64_t hash, Same&& same);
  outcome& insert(std::uint64_t hash, outcome fresh);
  void place_at(std::uint64_t hash, std::uint32_t index);

  std::deque<outcome> seen_;
  std::vector<place> places_ = std::vector<place>(64);  // open addressing, a power of two
};

void pack(packer& to, const outcome& o);
outcome unpack_outcome(unpacker& from);

}  // namespace braid
