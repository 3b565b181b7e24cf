// Keeps a sampler within a bound: what would break it is not among the alternatives that it sees.
//
// Preemptions (Musuvathi, Qadeer, PLDI'07): another goroutine acts though the one that ran last
// could go on. Delays (Emmi, Qadeer, Rakamaric, POPL'11): taking the alternative of rank r delays
// the r alternatives before it; without delays there is only the default schedule.
#include "strategy/catalogue.hpp"

#include <algorithm>

namespace braid {
namespace {

class bounded_sampler final : public strategy {
 public:
  bounded_sampler(std::unique_ptr<strategy> sampler, const strategy_options& options)
      : sampler_(std::move(sampler)),
        preemptions_max_(options.preemptions_max),
        delays_max_(options.delays_max) {}

  bool begin(std::uint64_t run) override {
    used_ = 0;
    return sampler_->begin(run);
  }
  std::uint32_t pick(const situation& now) override {
    const std::uint32_t rank = preemptions_max_ ? pick_preemption(now) : pick_delay(now);
    used_ += preemptions_max_ ? now.preempts(rank) : rank;
    return rank;
  }
  std::uint32_t choose(const choice_point& now) override { return sampler_->choose(now); }
  void end(const execution& done) override { sampler_->end(done); }
  std::uint64_t data_seed() const override { return sampler_->data_seed(); }
  bool wants_trace() const override { return sampler_->wants_trace(); }
  bool wants_every_event() const override { return sampler_->wants_every_event(); }
  bool is_exhaustive() const override { return false; }
  std::uint64_t learning_runs() const override { return sampler_->learning_runs(); }
  run_name name_of(const std::string& asked, std::uint64_t run) const override {
    return sampler_->name_of(asked, run);
  }

 private:
  // Timers may always fire.
  std::uint32_t pick_preemption(const situation& now) {
    if (used_ < *preemptions_max_ || !now.can_continue()) return sampler_->pick(now);
    allowed_.clear();
    allowed_.insert(now.at(0).index);
    return pick_among(now, now.timers());
  }

  std::uint32_t pick_delay(const situation& now) {
    const std::uint64_t alternatives = *delays_max_ - used_ + 1;
    if (alternatives >= now.size()) return sampler_->pick(now);
    const auto first = static_cast<std::uint32_t>(alternatives);
    const std::uint32_t goroutines = std::min(first, now.enabled().size());
    allowed_.clear();
    for (std::uint32_t rank = 0; rank < goroutines; ++rank) allowed_.insert(now.at(rank).index);
    return pick_among(now, first - goroutines);
  }

  std::uint32_t pick_among(const situation& now, std::uint32_t timers) {
    if (allowed_.size() + timers == 1 && !sampler_->wants_every_event()) return 0;
    const situation narrow = now.narrowed_to(allowed_, timers);
    return now.rank_of(narrow.at(sampler_->pick(narrow)));
  }

  const std::unique_ptr<strategy> sampler_;
  const std::optional<std::uint32_t> preemptions_max_;
  const std::optional<std::uint32_t> delays_max_;
  goroutine_set allowed_;
  std::uint64_t used_ = 0;  // in the execution that runs
};

}  // namespace

std::unique_ptr<strategy> make_bounded(std::unique_ptr<strategy> sampler,
                                       const strategy_options& options) {
  return std::make_unique<bounded_sampler>(std::move(sampler), options);
}

}  // namespace braid
