// Shrinking one finding, with the processes that it takes.
//
// All executions happen in one worker process, which is fast. If one of them crashes it or does not
// come back, the rest is done from the smallest execution known so far with a process for each
// execution, which is slow, and so are findings that are crashes. Without supervision all happens
// here.
#pragma once

#include <braid/explore.hpp>

#include "explain/replay.hpp"

namespace braid {

// Shrinks this finding of an execution that was followed. Of the result only what the limits allow
// is known; what it says was followed again. REQUIRES: it is one of the findings.
shrink_result shrink_finding(const program& shrunk, const followed_token& given,
                             const finding& target, const shrink_options& limits);

// The nearest execution without the verdict of the worst finding; empty if none was found.
std::string nearest_good_token(const program& of, const followed_token& bad,
                               const shrink_options& limits);

}  // namespace braid
