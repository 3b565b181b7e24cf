// Data nondeterminism: values that the environment, not the program, decides.
#pragma once

#include <braid/where.hpp>
#include <cstdint>

namespace braid {

// One of 0, 1, ..., n - 1. Under the checker an exhaustive search tries them all; in production it
// is uniformly random. Panics if n is 0.
std::uint32_t choose(std::uint32_t n, where at = {});

// 64 random bits. Under the checker a function of the execution's seed and of how often this
// goroutine has drawn: reproduced by the token, but not enumerated.
std::uint64_t random();

}  // namespace braid
