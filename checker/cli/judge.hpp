// --expect, --forbid and --allow: which outcomes a program may have, and must have.
#pragma once

#include <string>
#include <vector>

#include "cli/settings.hpp"

namespace braid::cli {

// Adds a finding for each mismatch to the report, and the verdict to the outcomes that were not to
// occur, but not in a shard: what shards found is added up before it is judged. Returns what could
// not be judged, in words.
std::vector<std::string> judge(report& r, const settings& asked);

}  // namespace braid::cli
