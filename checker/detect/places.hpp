// Places in the source: whether two are the same, and one as a number.
#pragma once

#include <braid/scheduler.hpp>
#include <cstdint>

#include "mix.hpp"

namespace braid {

inline bool is_same(where a, where b) { return a.file() == b.file() && a.line() == b.line(); }

// The same in any process.
inline std::uint64_t hash_of(where at) {
  std::uint64_t hash = at.line();
  for (const char* c = at.file(); c != nullptr && *c != '\0'; ++c) {
    hash = fold(hash, static_cast<unsigned char>(*c));
  }
  return hash;
}

}  // namespace braid
