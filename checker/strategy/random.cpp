// Uniform random walk: every alternative is equally likely at every decision.
//
// Guarantee: none beyond probability; creation bias makes late spawners hard to reach. Each
// execution is a function of the seed and its number alone.
#include "strategy/catalogue.hpp"
#include "strategy/sampler.hpp"

namespace braid {
namespace {

class random_walk final : public sampler {
 public:
  explicit random_walk(const strategy_options& options) : sampler(options) {}

  std::uint32_t pick(const situation& now) override { return bits().below(now.size()); }
};

}  // namespace

std::unique_ptr<strategy> make_random(const strategy_options& options) {
  return std::make_unique<random_walk>(options);
}

}  // namespace braid
