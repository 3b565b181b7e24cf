// Which shard this is, by the environment; see shards.hpp.
#include "cli/shards.hpp"

#include <array>
#include <fstream>

#include "cli/environment.hpp"
#include "cli/refusal.hpp"
#include "cli/values.hpp"

namespace braid::cli {
namespace {

// Variables that hold an index and a count. The index counts from `first`, if that is named.
struct convention {
  const char* index;
  const char* count;
  const char* first = nullptr;
};

constexpr std::array conventions = {
    convention{"TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS"},
    convention{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN"},
    convention{"SLURM_PROCID", "SLURM_NTASKS"},
    convention{"JOB_COMPLETION_INDEX", "BRAID_SHARDS"},
    convention{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
};

std::string as_set(const char* name) { return std::string(name) + "=" + variable(name); }

std::string names_of(const convention& c) {
  return (c.first == nullptr ? c.index : std::string(c.index) + ", " + c.first) + " and " + c.count;
}

found_shard read(const convention& c) {
  try {
    constexpr bounds any = {.most = 0xffffffff};
    const std::uint64_t first = c.first == nullptr ? 0 : to_number(variable(c.first), any);
    const std::uint64_t index = to_number(variable(c.index), {.least = first, .most = any.most});
    const std::string part = std::to_string(index - first) + "/" + variable(c.count);
    return {.part = to_shard(part), .source = names_of(c)};
  } catch (const bad_value&) {
    const std::string first = c.first == nullptr ? "" : " " + as_set(c.first);
    refuse_usage("the variables " + as_set(c.index) + first + " " + as_set(c.count) +
                 " name no shard; --shard I/N does");
  }
}

// Bazel takes this for the promise that a test knows of shards.
void touch_status_file() {
  const std::string path = variable("TEST_SHARD_STATUS_FILE");
  if (path.empty()) return;
  if (!std::ofstream(path, std::ios::app)) {
    throw refusal(exit_code::bad_file, "cannot write '" + path + "' (TEST_SHARD_STATUS_FILE)");
  }
}

}  // namespace

std::optional<found_shard> shard_of_environment() {
  if (const std::string own = variable("BRAID_SHARD"); !own.empty()) {
    try {
      return found_shard{.part = to_shard(own), .source = "BRAID_SHARD"};
    } catch (const bad_value& why) {
      refuse_usage("the variable BRAID_SHARD=" + own + " " + why.what());
    }
  }
  for (const convention& c : conventions) {
    if (variable(c.index).empty() || variable(c.count).empty()) continue;
    if (c.first != nullptr && variable(c.first).empty()) continue;
    if (&c == &conventions.front()) touch_status_file();
    const found_shard found = read(c);
    if (found.part.count == 1) return std::nullopt;
    return found;
  }
  return std::nullopt;
}

}  // namespace braid::cli
