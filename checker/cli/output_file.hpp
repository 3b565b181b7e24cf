// Files that the command line writes beside its report.
#pragma once

#include <string>

namespace braid::cli {

// The file holds all of `text`, or what it held before. What is no regular file (a pipe, a device)
// is written to as it is. Throws refusal(bad_file).
void write_file(const std::string& path, const std::string& text);
// Throws what write_file() would now throw. Changes nothing: what is there stays until the new text
// is.
void expect_writable(const std::string& path);
// Adds to the end. Throws the same.
void append_to_file(const std::string& path, const std::string& text);

}  // namespace braid::cli
