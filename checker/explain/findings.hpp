// What is wrong with an execution, in words: who waits for what, who holds it.
#pragma once

#include <braid/explore.hpp>
#include <vector>

#include <braid/history.hpp>
#include "trace/execution.hpp"

namespace braid {

// What an execution with this history is found to be, the worst first; each of its data races is a
// finding of its own. REQUIRES: its verdicts have a finding.
std::vector<finding> explain_findings(const execution& done, const history& told);

// The goroutines that take part, as reports call them.
std::vector<std::string> names_of(const finding& f);

// Its foreign unlocks, without tokens.
std::vector<foreign_unlock> explain_foreign_unlocks(const history& told);

// `reads`, `closes`, `makes it`.
std::string verb_of(const raced_access& a);

// `killed by signal 11 (Segmentation fault)`.
std::string describe_signal(int signal);

}  // namespace braid
