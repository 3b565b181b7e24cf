// Which shard this is, when --shard does not say: what schedulers of jobs tell in variables.
#pragma once

#include <optional>
#include <string>

#include "cli/settings.hpp"

namespace braid::cli {

struct found_shard {
  search_shard part;
  std::string source;  // the variables that say so
};

// BRAID_SHARD, Bazel (whose status file is touched), Slurm's arrays, Slurm's tasks, indexed jobs of
// Kubernetes with BRAID_SHARDS, Open MPI: the first that is there. One of one is no shard. Throws
// refusal if the variables do not fit together.
std::optional<found_shard> shard_of_environment();

}  // namespace braid::cli
