// The lines of the sources around the places that a report names.
#pragma once

#include <string>
#include <vector>

#include "report/json.hpp"

namespace braid {

// Of each place, `file:line`, the lines around it: {"a.cpp": {"12": "  x = 1;", ...}, ...}. Places
// name files without their folders; `sources` are paths of files that are meant. What is not found,
// or could be one of several, is left out.
json source_lines(const std::vector<std::string>& places, const std::vector<std::string>& sources);

}  // namespace braid
