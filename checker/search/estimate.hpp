// How large a search is, before it has been done.
//
// Knuth, Estimating the efficiency of backtrack programs, 1975: the product of the numbers of
// alternatives along a uniform random walk is an unbiased estimate of the number of executions. Its
// spread is wide where the tree is uneven, so the interval is a rough one.
#pragma once

#include <braid/explore.hpp>
#include <optional>

#include "lockstep/lockstep.hpp"

namespace braid {

// The same for each call. Nothing if the program crashes before there are enough walks, or if the
// number is beyond all bounds.
std::optional<size_estimate> estimate_size(const program& explored, const lockstep_options& options,
                                           bool supervise);

}  // namespace braid
