// The version of braid, which CMakeLists.txt has.
#pragma once

#include <string_view>

namespace braid {

inline constexpr std::string_view version_of_braid = BRAID_VERSION;

}  // namespace braid
