// Outcomes as reports have them.
#pragma once

#include <braid/explore.hpp>
#include <cstdint>
#include <string>

#include "trace/outcomes.hpp"

namespace braid {

// A token with its check.
std::string with_check(std::string text, const program& of, std::uint64_t trace_hash);
reported_outcome reported(const outcome& o, std::string token);
// Says which execution shows it.
void name_execution(foreign_unlock& shown, const reported_outcome& by);

}  // namespace braid
