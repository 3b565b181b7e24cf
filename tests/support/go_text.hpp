// Dumps in Go's form, without what differs from run to run and from line to line.
#pragma once

#include <regex>
#include <string>

namespace braid::testing {

// Places become FILE:LINE, numbers of goroutines but main's become N.
inline std::string masked(const std::string& text) {
  static const std::regex place("\t[^\n]*/[^/\n]+:[0-9]+\n");
  static const std::regex number("goroutine ([02-9]|[1-9][0-9]+)\\b");
  return std::regex_replace(std::regex_replace(text, place, "\tFILE:LINE\n"), number,
                            "goroutine N");
}

}  // namespace braid::testing
