// --expect, --forbid and --allow: which outcomes a program may have, and must have.
#pragma once

#include <string>
#include <vector>

#include "cli/settings.hpp"

namespace braid::cli {

// Has followed executions judged by what is forbidden and allowed in `search`. Throws bad_value if
// that cannot be read.
void judge_by_rules(explore_options& search);

// Adds a finding for each outcome of an exploration that must not be, and the verdict to it, but
// not in a shard: what shards found is added up before it is judged.
void judge_outcomes(report& r, const explore_options& search);

// Adds a finding for each expected outcome that does not occur. Returns what could not be judged,
// in words.
std::vector<std::string> judge_expected(report& r, const settings& asked);

}  // namespace braid::cli
