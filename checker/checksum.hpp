// A checksum of bytes, the same on every machine of one byte order, and how it is written.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "mix.hpp"

namespace braid {

// Each step is a bijection of the state, so a single change is always seen.
inline std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t sum = bytes.size();
  while (!bytes.empty()) {
    std::uint64_t word = 0;
    const std::size_t n = std::min(bytes.size(), sizeof word);
    std::memcpy(&word, bytes.data(), n);
    sum = mix((sum + golden_ratio) ^ word);
    bytes.remove_prefix(n);
  }
  return sum;
}

inline std::string in_hex(std::uint64_t number) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
  return text;
}

}  // namespace braid
