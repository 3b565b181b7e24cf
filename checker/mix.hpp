// One mixing of 64 bits for all hashes and random numbers of the checker.
#pragma once

#include <cstdint>

namespace braid {

// The finaliser of splitmix64 (Steele, Lea, Flood, OOPSLA'14): a bijection in which every bit of
// the result depends on every bit of `x`.
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

inline constexpr std::uint64_t golden_ratio = 0x9e3779b97f4a7c15;

// Adds to a hash of a sequence. Weaker than mix() by design: it is on the path of every step.
inline std::uint64_t fold(std::uint64_t hash, std::uint64_t what) {
  hash = (hash ^ what) * golden_ratio;
  return hash ^ hash >> 32;
}

}  // namespace braid
