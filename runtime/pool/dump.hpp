// The order of goroutines in dumps, and when they are unwound.
#pragma once

#include <braid/goroutine.hpp>

namespace braid {

// True if `a` was made before `b`, as far as anybody can tell: a parent before its children.
inline bool is_older(const goroutine* a, const goroutine* b) {
  return a->born != b->born ? a->born < b->born : a->home < b->home;
}

}  // namespace braid
