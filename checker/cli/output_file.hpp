// Files that the command line writes beside its report.
#pragma once

#include <string>

namespace braid::cli {

// The file holds all of `text`, or what it held before. What is no regular file (a pipe, a device)
// is written to as it is. Throws refusal(bad_file).
void write_file(const std::string& path, const std::string& text);
// Adds to the end. Throws the same.
void append_to_file(const std::string& path, const std::string& text);

}  // namespace braid::cli
