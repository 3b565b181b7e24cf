// The random numbers of a strategy: a function of seed and run number, the same on every machine.
#pragma once

#include <cstdint>

#include "mix.hpp"

namespace braid {

// splitmix64 (Steele, Lea, Flood, OOPSLA'14).
class random_bits {
 public:
  random_bits(std::uint64_t seed, std::uint64_t run) : state_(seed * 0xd1342543de82ef95 + run) {
    state_ = next();
  }
  std::uint64_t next() { return mix(state_ += golden_ratio); }
  // A number below n, uniform up to n / 2^32 (Lemire's multiplication, without its rejection).
  std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>((next() >> 32) * n >> 32);
  }
  // The same, uniform up to n / 2^64.
  std::uint64_t below(std::uint64_t n) { return next() % n; }

 private:
  std::uint64_t state_;
};

// The seed of random() in a sampled execution: 20 bits, so that it fits a short token; never 0,
// which is the seed of the exhaustive searches under the default --seed.
inline std::uint64_t data_seed_of(std::uint64_t seed, std::uint64_t run) {
  return 1 + (random_bits(~seed, run).next() >> 44);
}

}  // namespace braid
