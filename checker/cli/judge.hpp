// --expect, --forbid and --allow: which outcomes a program may have, and must have.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cli/settings.hpp"

namespace braid::cli {

struct judgement {
  std::set<std::string> unwanted;  // tokens of outcomes that were not to occur
  std::vector<std::string> notes;  // what could not be judged
};

// Adds a finding for each mismatch to the report.
judgement judge(report& r, const settings& asked);

}  // namespace braid::cli
