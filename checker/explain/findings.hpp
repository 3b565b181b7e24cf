// What is wrong with an execution, in words: who waits for what, who holds it.
#pragma once

#include <braid/explore.hpp>

#include <braid/history.hpp>
#include "trace/execution.hpp"

namespace braid {

// The finding that an execution with this history is. REQUIRES: its verdicts have a finding.
finding explain_finding(const execution& done, const history& told);

// `killed by signal 11 (Segmentation fault)`.
std::string describe_signal(int signal);

}  // namespace braid
