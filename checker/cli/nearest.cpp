// The name that was probably meant; see nearest.hpp.
#include "cli/nearest.hpp"

#include <algorithm>
#include <utility>

namespace braid::cli {
namespace {

// The number of single-character edits between two words (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = std::exchange(row[j], std::min({replaced, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row[b.size()];
}

}  // namespace

std::string nearest(std::string_view given, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t least = 2 + given.size() / 4;  // more edits than that are another word
  for (const std::string& c : candidates) {
    const bool is_abbreviated = given.size() > 3 && c.starts_with(given);
    const std::size_t edits = is_abbreviated ? 0 : distance(given, c);
    if (edits >= least) continue;
    least = edits;
    best = c;
  }
  return best;
}

}  // namespace braid::cli
