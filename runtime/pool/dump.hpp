// The list of goroutines that a deadlock prints, in Go's form (rules D1-D3).
#pragma once

#include <braid/goroutine.hpp>
#include <string>
#include <vector>

namespace braid {

// A block for each goroutine, in the order of their making: main is number 1. At most 100.
// REQUIRES: all are parked.
std::string describe_waiting(std::vector<const goroutine*> all);

// True if `a` was made before `b`, as far as anybody can tell: a parent before its children.
inline bool is_older(const goroutine* a, const goroutine* b) {
  return a->born != b->born ? a->born < b->born : a->home < b->home;
}

}  // namespace braid
