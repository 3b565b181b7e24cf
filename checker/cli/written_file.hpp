// Files that the command line writes beside its report.
#pragma once

#include <string>
#include <string_view>

namespace braid::cli {

// Writes all of `text`, or leaves what was there: into a new file beside it, which then takes its
// place. What is no file, such as a pipe, is written to as it is. Returns what went wrong, in a
// line; empty if nothing did.
std::string write_file(const std::string& path, std::string_view text);

}  // namespace braid::cli
