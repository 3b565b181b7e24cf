// Files that the command line writes beside its report.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace braid::cli {

// A file that an option names; an empty path: none.
struct output_option {
  std::string_view option;  // without the dashes
  std::string path;
};

// Throws refusal (usage) if two of them are the same file, by whatever paths: the later one would
// take the place of the earlier one. What is no regular file (/dev/null, a pipe) may be named
// twice.
void expect_files_apart(const std::vector<output_option>& all);

// The file holds all of `text`, or what it held before. What is no regular file (a pipe, a device)
// is written to as it is. Throws refusal(bad_file).
void write_file(const std::string& path, const std::string& text);
// Throws what write_file() would now throw. Changes nothing: what is there stays until the new text
// is.
void expect_writable(const std::string& path);
// Adds to the end. Throws the same.
void append_to_file(const std::string& path, const std::string& text);

}  // namespace braid::cli
