// Regular expressions for tests; see patterns.hpp.
#include "support/patterns.hpp"

#include <regex>

namespace braid::testing {

std::vector<pattern_match> all_matches(const std::string& text, const std::string& pattern) {
  const std::regex compiled(pattern);
  std::vector<pattern_match> found;
  for (std::sregex_iterator it(text.begin(), text.end(), compiled), end; it != end; ++it) {
    found.emplace_back(it->begin(), it->end());
  }
  return found;
}

pattern_match first_match(const std::string& text, const std::string& pattern) {
  std::smatch found;
  if (!std::regex_search(text, found, std::regex(pattern))) return {};
  return {found.begin(), found.end()};
}

std::string with_matches_replaced(const std::string& text, const std::string& pattern,
                                  const std::string& by) {
  return std::regex_replace(text, std::regex(pattern), by);
}

}  // namespace braid::testing
