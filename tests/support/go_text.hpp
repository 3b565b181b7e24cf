// Dumps in Go's form, without what differs from run to run and from line to line.
#pragma once

#include <string>

#include "support/patterns.hpp"

namespace braid::testing {

// Places become FILE:LINE, numbers of goroutines but main's become N.
inline std::string masked(const std::string& text) {
  const std::string placed =
      with_matches_replaced(text, "\t[^\n]*/[^/\n]+:[0-9]+\n", "\tFILE:LINE\n");
  return with_matches_replaced(placed, "goroutine ([02-9]|[1-9][0-9]+)\\b", "goroutine N");
}

}  // namespace braid::testing
