// What the sampling strategies have in common: each execution draws from random numbers of its own.
#pragma once

#include "strategy.hpp"
#include "strategy/random_bits.hpp"

namespace braid {

class sampler : public strategy {
 public:
  bool begin(std::uint64_t run) final {
    run_ = run;
    bits_ = random_bits(seed_ ^ salt_, run);
    prepare();
    return true;
  }
  std::uint32_t choose(const choice_point& now) final { return bits_.below(now.of); }
  void end(const execution&) override {}
  std::uint64_t data_seed() const final { return data_seed_of(seed_ ^ salt_, run_); }
  bool is_exhaustive() const final { return false; }

 protected:
  // `salt` tells the strategies of a portfolio apart, which share seed and run numbers.
  explicit sampler(const strategy_options& options, std::uint64_t salt = 0)
      : seed_(options.seed), salt_(salt) {}

  virtual void prepare() {}
  std::uint64_t run() const { return run_; }
  random_bits& bits() { return bits_; }

 private:
  const std::uint64_t seed_;
  const std::uint64_t salt_;
  std::uint64_t run_ = 0;
  random_bits bits_{0, 0};
};

}  // namespace braid
