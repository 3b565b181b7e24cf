// explore(): plans the phases of a search and runs them; see <braid/explore.hpp>. The report is
// written in report.cpp.
#include <algorithm>
#include <braid/explore.hpp>

#include "search/report.hpp"
#include "search/stopwatch.hpp"
#include "search/workers.hpp"

namespace braid {
namespace {

// Without --runs and --time. Counted in steps, so that the same command gives the same result.
constexpr std::uint64_t default_steps = 20'000'000;

// One exploration from its plan to its report.
class exploration {
 public:
  exploration(const program& explored, const explore_options& options)
      : program_(explored), options_(options) {
    report_.program = explored.name;
    report_.seed = options.seed;
    report_.timers = options.timers;
  }

  report run() {
    if (options_.strategy == "auto") {
      search_automatically();
    } else {
      search(options_.strategy, 1);
    }
    write_report(report_, program_, options_, phases_, why_);
    report_.seconds = watch_.seconds();
    return std::move(report_);
  }

 private:
  // An exhaustive search on half of the budget; if that does not end, samples on the other half.
  void search_automatically() {
    search("dfs", 2);
    const bool is_used_up = options_.runs_max && phases_[0].found.runs() >= *options_.runs_max;
    if (phases_[0].state == search_state::spent && !is_used_up) search("random", 2);
  }

  // `share`: of the budget, one in so many.
  void search(const std::string& strategy, std::uint64_t share) {
    const strategy_options searched{strategy, options_.seed};
    phase now{.strategy = strategy, .is_exhaustive = make_strategy(searched)->is_exhaustive()};
    const bool has_half_of_time = options_.time_max && share > 1 && now.is_exhaustive;
    seconds_max_ =
        has_half_of_time ? limit_seconds() / static_cast<double>(share) : limit_seconds();
    report_.strategy = strategy;
    rounds search(searched, budget_of(now, share));
    const search_plan plan{.strategy = searched,
                           .options = lockstep_of(options_),
                           .isolate = options_.isolate,
                           .supervise = options_.supervise,
                           .jobs = options_.jobs};
    run_search(program_, plan, search,
               [&](const search_figures& so_far) { return must_stop(so_far); });
    now.state = search.state();
    if (has_half_of_time && why_.by_time && now.state == search_state::more) {
      now.state = search_state::spent;
      why_.by_time = false;
    }
    now.found = search.found();
    phases_.push_back(std::move(now));
  }

  budget budget_of(const phase& planned, std::uint64_t share) const {
    budget b{.fail_fast = options_.fail_fast};
    if (options_.runs_max) {
      const std::uint64_t left = *options_.runs_max - executions_before();
      // A small budget is better spent on finishing a small program than on a few samples.
      constexpr std::uint64_t few = 1000;
      const std::uint64_t part = std::max((left + share - 1) / share, std::min(left, few));
      b.runs_max = planned.is_exhaustive ? part : left;
    }
    const bool is_bounded = options_.runs_max || options_.time_max;
    if (!is_bounded && (share > 1 || !planned.is_exhaustive)) b.steps_max = default_steps / share;
    return b;
  }

  std::uint64_t executions_before() const {
    std::uint64_t sum = 0;
    for (const phase& p : phases_) sum += p.found.runs();
    return sum;
  }

  bool must_stop(const search_figures& so_far) {
    if (options_.progress) show_progress(so_far);
    if (options_.interrupted && options_.interrupted()) why_.by_interrupt = true;
    why_.by_time = options_.time_max && watch_.seconds() > seconds_max_;
    return why_.by_interrupt || why_.by_time;
  }

  double limit_seconds() const {
    return options_.time_max ? std::chrono::duration<double>(*options_.time_max).count() : 0;
  }

  void show_progress(const search_figures& so_far) {
    report now = report_;
    now.executions = executions_before() + so_far.executions;
    now.steps = so_far.steps;
    now.seconds = watch_.seconds();
    now.outcomes.resize(so_far.outcomes);
    now.findings.resize(so_far.findings);
    options_.progress(now);
  }

  const program& program_;
  const explore_options& options_;
  stopwatch watch_;
  report report_;
  std::vector<phase> phases_;
  cut_short why_;
  double seconds_max_ = 0;
};

}  // namespace

report explore(const program& explored, const explore_options& options) {
  if (options.strategy != "auto") make_strategy({options.strategy, options.seed});
  return exploration(explored, options).run();
}

}  // namespace braid
