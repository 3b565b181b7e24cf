// Uniform random walk over interleavings: a goroutine runs with a probability proportional to the
// events that it has still to do, so that every interleaving is about equally likely.
//
// Zhao, Wolff, Mathur, Roychoudhury: Selectively Uniform Concurrency Testing (ASPLOS'25), where it
// is the basis of SURW. Guarantee: exactly uniform if the number of events of each goroutine is the
// same in every execution and no event has a guard, so that all goroutines that are not at their
// end can go on; else as good as the profile, and tilted where some wait for others.
//
// Deviations: the profile is the mean of the first executions, each of which uses what those before
// it taught. A timer that may fire counts as one event.
#include "strategy/catalogue.hpp"
#include "strategy/learner.hpp"

namespace braid {
namespace {

class uniform_walk final : public learner {
 public:
  explicit uniform_walk(const strategy_options& options) : learner(options, mix(1)) {}

  std::uint32_t pick(const situation& now) override {
    while (remaining_.known() < now.spawned()) remaining_.add(now.path_of(remaining_.known()));
    std::uint64_t weights = 0;
    now.enabled().for_each([&](std::uint32_t n) { weights += remaining_.of_pending(n); });
    std::uint64_t drawn = bits().below(weights + now.timers() * remaining_.unit());
    if (drawn >= weights) {
      const auto timer = static_cast<std::uint32_t>((drawn - weights) / remaining_.unit());
      return now.rank_of({decision_kind::timer, timer});
    }
    std::uint32_t chosen = situation::none;
    now.enabled().for_each([&](std::uint32_t n) {
      if (chosen != situation::none) return;
      const std::uint64_t weight = remaining_.of_pending(n);
      if (drawn < weight) chosen = n;
      drawn -= weight;
    });
    remaining_.did_one(chosen);
    return now.rank_of({decision_kind::goroutine, chosen});
  }

 private:
  void prepare() override {
    learner::prepare();
    remaining_.begin(profile(), expected_);
  }
  void learned() override { expected_ = profile().events(); }

  expectation expected_;
  remaining_events remaining_;
};

}  // namespace

std::unique_ptr<strategy> make_urw(const strategy_options& options) {
  return std::make_unique<uniform_walk>(options);
}

}  // namespace braid
