// Outcomes as reports have them.
#pragma once

#include <braid/explore.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <braid/history.hpp>
#include "trace/execution.hpp"
#include "trace/outcomes.hpp"

namespace braid {

// A token with its check.
std::string with_check(std::string text, const program& of, std::uint64_t trace_hash);
reported_outcome reported(const outcome& o, std::string token);
// The one of an execution with this history, and these findings.
reported_outcome told_outcome(const execution& done, const history& told,
                              const std::vector<finding>& findings, std::string token);
// The finding of an outcome that must not be, by `options.mismatch`; none: it may.
std::optional<finding> find_mismatch(const reported_outcome& o, const explore_options& options);
void add_verdict(reported_outcome& to, verdict v);
// Says which execution shows it.
void name_execution(foreign_unlock& shown, const reported_outcome& by);

}  // namespace braid
