// The name that was probably meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace braid::cli {

// The candidate with the fewest edits from `given`; empty if none is near.
std::string nearest(std::string_view given, const std::vector<std::string>& candidates);

}  // namespace braid::cli
