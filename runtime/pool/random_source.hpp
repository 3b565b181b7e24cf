// xorshift64*: a small, fast random source, one for each worker.
//
// Thread safety: none. Vigna, "An experimental exploration of Marsaglia's xorshift generators".
#pragma once

#include <cstdint>

namespace braid {

class random_source {
 public:
  explicit random_source(std::uint64_t seed) : state_(seed | 1) {}  // zero would stay zero

  std::uint64_t draw() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545f4914f6cdd1d;
  }
  // Uniform below n, but for a bias of n / 2^32: the high bits are the good ones.
  std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>(((draw() >> 32) * n) >> 32);
  }

 private:
  std::uint64_t state_;
};

}  // namespace braid
