// Those who do the jobs of a round; see workers.hpp.
#include "search/workers.hpp"

#include "process/stopwatch.hpp"
#include "search/do_job.hpp"
#include "search/worker_pool.hpp"

namespace braid {
namespace {

constexpr std::uint64_t steps_between_looks = 20'000;  // at the clock

class this_process final : public workers {
 public:
  this_process(const program& explored, const search_plan& plan)
      : session_(explored, plan.strategy, plan.options, record_) {
    if (plan.isolate) apart_.push_back(all_places);
  }

  bool do_round(rounds& search, const stop_test& stop) override {
    for (round_job& j : search.jobs()) {
      if (search.is_decided()) return true;
      if (!search.is_open(j)) continue;
      do_one(search, j, stop);
      if (search.is_open(j) || stop(search.figures())) return false;
    }
    return true;
  }

 private:
  void do_one(const rounds& search, round_job& j, const stop_test& stop) {
    const search_figures before = search.figures();
    std::uint64_t look_at = steps_between_looks;
    session_.load(j.job, j.left);
    const auto is_stopped = [&](std::uint64_t runs, std::uint64_t steps) {
      if (steps < look_at || since_look_.seconds() < seconds_between_looks) return false;
      look_at = steps + steps_between_looks;
      since_look_ = {};
      search_figures now = before;
      now.executions += runs;
      now.steps += steps;
      return stop(now);
    };
    const search_state state = do_job(session_, apart_, is_stopped);
    j.add(state, session_.found(), session_.rest());
  }

  execution record_;
  session session_;
  place_set apart_;
  stopwatch since_look_;
};

}  // namespace

std::unique_ptr<workers> make_workers(const program& explored, const search_plan& plan) {
  if (plan.supervise) return std::make_unique<worker_pool>(explored, plan);
  return std::make_unique<this_process>(explored, plan);
}

std::uint64_t run_search(const program& explored, const search_plan& plan, rounds& search,
                         const stop_test& stop, const std::function<void()>& before_round) {
  const std::unique_ptr<workers> all = make_workers(explored, plan);
  bool goes_on = true;
  while (search.begin() && goes_on) {  // begin() first: perhaps the search was over when it stopped
    if (before_round) before_round();
    goes_on = all->do_round(search, stop);
    if (!search.is_decided()) break;
    search.end();
  }
  return all->killed();
}

}  // namespace braid
