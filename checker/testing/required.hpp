// BRAID_REQUIRE_COMPLETE: whether a search that leaves something out is a failure.
#pragma once

#include <cstdlib>
#include <string_view>

namespace braid {

inline bool is_completeness_required() {
  const char* const set = std::getenv("BRAID_REQUIRE_COMPLETE");
  return set != nullptr && *set != '\0' && std::string_view(set) != "0";
}

}  // namespace braid
