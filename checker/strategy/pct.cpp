// Probabilistic concurrency testing: random priorities, which change at d - 1 random steps.
//
// Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized Scheduler with Probabilistic Guarantees
// of Finding Bugs (ASPLOS'10). The goroutine with the highest priority runs; when the k_i-th step
// is done, whoever did it gets the priority i, below all that were drawn at the start.
//
// Guarantee: a bug of depth d, one that d ordering constraints make certain, is found by each
// execution of n goroutines and at most k steps with a chance of at least 1 / (n k^(d-1)).
//
// A step is a decision, also one with a single alternative. The default depth is 3. k, unless it is
// given, is that of the longest of the first executions, which are uniform random walks. A
// goroutine draws its priority when it is spawned, among all: a fair draw of 63 bits. Timers are
// one more goroutine; which of those that are due together fires is drawn uniformly.
//
// Deviations: none. A goroutine that polls at the highest priority does so until the next change:
// atomic::await does not poll.
#include <algorithm>
#include <braid/panic.hpp>
#include <cmath>

#include "strategy/catalogue.hpp"
#include "strategy/sampler.hpp"

namespace braid {
namespace {

constexpr std::uint32_t default_depth = 3;
constexpr std::uint64_t executions_to_learn_from = 4;

class priorities final : public sampler {
 public:
  explicit priorities(const strategy_options& options)
      : sampler(options, mix(3)),
        depth_(options.parameters.empty() ? default_depth : options.parameters[0]),
        steps_given_(options.parameters.size() < 2 ? 0 : options.parameters[1]) {}

  std::uint32_t pick(const situation& now) override {
    if (is_learning()) return bits().below(now.size());
    while (priority_.size() <= now.spawned()) priority_.push_back(bits().next() | lowest_initial);
    std::uint32_t chosen = clock;  // an index into priority_
    std::uint64_t highest = now.timers() == 0 ? 0 : priority_[clock];
    now.enabled().for_each([&](std::uint32_t n) {
      if (priority_[n + 1] <= highest) return;
      highest = priority_[n + 1];
      chosen = n + 1;
    });
    ++step_;
    for (std::uint32_t i = 0; i < changes_.size(); ++i) {
      if (changes_[i] == step_) priority_[chosen] = i + 1;
    }
    if (chosen != clock) return now.rank_of({decision_kind::goroutine, chosen - 1});
    return now.rank_of({decision_kind::timer, bits().below(now.timers())});
  }

  void end(const execution& done) override {
    if (!is_learning()) return;
    const trace_log& log = done.log();
    const auto started =
        std::count_if(log.links.all().begin(), log.links.all().end(),
                      [](const trace_link& l) { return l.what == trace_link::kind::spawned; });
    const bool has_fired = std::any_of(log.events.all().begin(), log.events.all().end(),
                                       [](const traced_event& e) { return e.is_fire; });
    goroutines_ = std::max(goroutines_, 1 + static_cast<std::uint64_t>(started) + has_fired);
    steps_ = std::max<std::uint64_t>(steps_, log.events.all().size() - 1);  // 0 is no decision
    ++learned_;
  }

  bool wants_trace() const override { return is_learning(); }
  bool wants_every_event() const override { return true; }
  std::uint64_t learning_runs() const override {
    return steps_given_ == 0 ? executions_to_learn_from : 0;
  }
  run_name name_of(const std::string& asked, std::uint64_t run) const override {
    if (run < learning_runs() || steps_given_ != 0) return {asked, run};
    return {"pct:" + std::to_string(depth_) + ":" + std::to_string(steps_), run};
  }
  std::optional<pct_guarantee> guarantee(std::uint64_t goroutines) const override {
    const std::uint64_t n = steps_given_ != 0 ? goroutines + 1 : goroutines_;  // timers may be one
    const std::uint64_t k = steps_given_ != 0 ? steps_given_ : steps_;
    const double pairs = static_cast<double>(n) * std::pow(k, depth_ - 1);
    return pct_guarantee{n, k, depth_, 1 / pairs};
  }

 private:
  static constexpr std::uint64_t lowest_initial = std::uint64_t{1} << 63;  // above every i
  static constexpr std::uint32_t clock = 0;  // goroutine n has the index n + 1

  bool is_learning() const { return run() < learning_runs(); }

  void prepare() override {
    BRAID_ASSERT(learned_ == std::min(run(), learning_runs()));
    priority_.clear();
    changes_.clear();
    step_ = 0;
    if (is_learning()) return;
    const std::uint64_t k = std::max<std::uint64_t>(steps_given_ != 0 ? steps_given_ : steps_, 1);
    for (std::uint32_t i = 1; i < depth_; ++i) changes_.push_back(1 + bits().below(k));
  }

  const std::uint32_t depth_;
  const std::uint64_t steps_given_;  // 0: none
  std::uint64_t goroutines_ = 0;     // at most, of those learned from
  std::uint64_t steps_ = 0;
  std::uint64_t learned_ = 0;  // executions

  // Of the execution that runs:
  std::vector<std::uint64_t> priority_;
  std::vector<std::uint64_t> changes_;  // the i-th: after this step the priority becomes i + 1
  std::uint64_t step_ = 0;
};

}  // namespace

std::unique_ptr<strategy> make_pct(const strategy_options& options) {
  return std::make_unique<priorities>(options);
}

}  // namespace braid
