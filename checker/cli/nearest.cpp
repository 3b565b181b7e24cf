// The name that was probably meant; see nearest.hpp.
#include "cli/nearest.hpp"

#include "edit_distance.hpp"

namespace braid::cli {

std::string nearest(std::string_view given, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t least = 2 + given.size() / 4;  // more edits than that are another word
  for (const std::string& c : candidates) {
    const bool is_abbreviated = given.size() > 3 && c.starts_with(given);
    const std::size_t edits = is_abbreviated ? 0 : edit_distance(given, c);
    if (edits >= least) continue;
    least = edits;
    best = c;
  }
  return best;
}

}  // namespace braid::cli
