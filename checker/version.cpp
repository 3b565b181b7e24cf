// The version of braid; CMakeLists.txt defines BRAID_VERSION for this file.
#include "version.hpp"

namespace braid {

const std::string_view version_of_braid = BRAID_VERSION;

}  // namespace braid
