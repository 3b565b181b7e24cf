// The version of braid, which CMakeLists.txt has.
#pragma once

#include <string_view>

namespace braid {

extern const std::string_view version_of_braid;

}  // namespace braid
