// The folder of regressions that tests try first, and add to.
#pragma once

#include <braid/regression.hpp>
#include <functional>
#include <string>
#include <vector>

namespace braid {

struct regression_file {
  std::string path;
  regression content;
};

// Of this program, by name of the file; `refused` hears of files that cannot be read.
std::vector<regression_file> regressions_of(
    const std::string& program, const std::function<void(const std::string& why)>& refused);

// Writes one, unless under CI or without that folder. Its path, or nothing.
std::string keep_regression(const regression& r);

}  // namespace braid
