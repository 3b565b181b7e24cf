// The jobs of depth-first search; see dfs.cpp and dfs_frontier.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace braid {

struct dfs_level {
  std::uint32_t rank;
  std::uint32_t of;

  // An alternative of a higher rank is unexplored.
  bool is_open() const { return rank + 1 < of; }
};

// All executions that begin with the first `base` levels of the path and are not before the path in
// the order of dfs.
struct dfs_job {
  std::vector<dfs_level> path = {};
  std::size_t base = 0;
  bool is_done = false;  // no execution is left
};

nlohmann::json to_value(const dfs_job& job);
dfs_job dfs_job_from_value(const nlohmann::json& value);

}  // namespace braid
