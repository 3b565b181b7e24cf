// Regular expressions for tests. They are compiled here only: each file that includes <regex> and
// uses it takes seconds longer.
#pragma once

#include <string>
#include <vector>

namespace braid::testing {

// What the pattern (ECMAScript) matched, and then its groups; those that took no part are empty.
using pattern_match = std::vector<std::string>;

// The first match within the text; empty if there is none.
pattern_match first_match(const std::string& text, const std::string& pattern);
// All of them, from left to right.
std::vector<pattern_match> all_matches(const std::string& text, const std::string& pattern);
// The text with each match replaced; in `by`, $1 is the first group.
std::string with_matches_replaced(const std::string& text, const std::string& pattern,
                                  const std::string& by);

}  // namespace braid::testing
