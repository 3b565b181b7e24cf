// The version of braid.
#pragma once

#include <string_view>

namespace braid {

inline constexpr std::string_view version_of_braid = "0.1";

}  // namespace braid
