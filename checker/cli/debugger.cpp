// Whether a debugger is attached; see debugger.hpp.
#include "cli/debugger.hpp"

#include <fstream>
#include <string>

namespace braid::cli {

bool has_debugger() {
  std::ifstream status("/proc/self/status");
  const std::string key = "TracerPid:";
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key)) return std::stol(line.substr(key.size())) != 0;
  }
  return false;
}

}  // namespace braid::cli
