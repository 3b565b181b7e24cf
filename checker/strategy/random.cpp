// Uniform random walk: every alternative is equally likely at every decision.
//
// Guarantee: none beyond probability; creation bias makes late spawners hard to reach. Each
// execution is a function of the seed and its number alone.
#include <nlohmann/json.hpp>

#include "strategy/catalogue.hpp"
#include "strategy/random_bits.hpp"

namespace braid {
namespace {

class random_walk final : public strategy {
 public:
  explicit random_walk(const strategy_options& options) : seed_(options.seed) {}

  bool begin(std::uint64_t run) override {
    run_ = run;
    bits_ = random_bits(seed_, run);
    return true;
  }
  std::uint32_t pick(const situation& now) override { return bits_.below(now.size()); }
  std::uint32_t choose(const choice_point& now) override { return bits_.below(now.of); }
  void end(const execution&) override {}
  std::uint64_t data_seed() const override { return data_seed_of(seed_, run_); }
  bool is_exhaustive() const override { return false; }
  nlohmann::json save() const override { return nullptr; }
  void load(const nlohmann::json&) override {}

 private:
  std::uint64_t seed_;
  std::uint64_t run_ = 0;
  random_bits bits_{0, 0};
};

}  // namespace

std::unique_ptr<strategy> make_random(const strategy_options& options) {
  return std::make_unique<random_walk>(options);
}

}  // namespace braid
