// Files that a user names, read whole.
#pragma once

#include <string>

namespace braid::cli {

// `-` is stdin. Throws refusal if it cannot be read, or has no end (as /dev/zero) or more than
// 256 MiB.
std::string text_of_file(const std::string& path);
// As messages call it: `'a.json'`, or stdin.
std::string name_of_file(const std::string& path);

}  // namespace braid::cli
