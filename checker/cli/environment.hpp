// Environment variables.
#pragma once

#include <cstdlib>
#include <string>

namespace braid::cli {

// The value of a variable; empty if it is not set.
inline std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace braid::cli
