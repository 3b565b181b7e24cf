// A place in the source as a number, the same in any process.
#pragma once

#include <braid/scheduler.hpp>
#include <cstdint>

#include "mix.hpp"

namespace braid {

inline std::uint64_t hash_of(where at) {
  std::uint64_t hash = at.line();
  for (const char* c = at.file(); c != nullptr && *c != '\0'; ++c) {
    hash = fold(hash, static_cast<unsigned char>(*c));
  }
  return hash;
}

}  // namespace braid
