// What is left of a search by dpor, cut into jobs.
//
// Jobs that were begun go on first, so that there are no more of them at a time than are needed;
// then what is planned at the shallowest place, which is where most is to be expected. How many
// jobs are good depends on the program: in some (readers of one variable) all that is planned
// consists of a few executions each, which are cheaper where they were found than as jobs. So the
// number is doubled from round to round, and halved when new jobs turn out to be small.
#include <algorithm>
#include <braid/panic.hpp>
#include <deque>
#include <nlohmann/json.hpp>

#include "strategy/catalogue.hpp"
#include "strategy/dpor_tree.hpp"

namespace braid {
namespace {

constexpr std::size_t jobs_max = 32;
constexpr std::uint64_t executions_of_small_job = 100;

class dpor_frontier final : public frontier {
 public:
  std::optional<nlohmann::json> take() override {
    if (out_.empty()) divide_jobs();
    while (out_.size() < jobs_wanted_) {
      dpor_tree::node* const next = best_candidate();
      if (next == nullptr) break;
      const bool is_new = next->now == dpor_tree::state::planned;
      std::optional<nlohmann::json> job = tree_.give(*next);
      if (!job) continue;
      out_.push_back({next, is_new});
      return job;
    }
    return std::nullopt;
  }

  void put(const nlohmann::json& rest) override {
    BRAID_ASSERT(!out_.empty());
    const job_out given = out_.front();
    out_.pop_front();
    tree_.take_back(*given.job, rest);
    new_jobs_ += given.is_new;
    small_jobs_ += given.is_new && rest.at("done") &&
                   rest.at("executions").get<std::uint64_t>() < executions_of_small_job;
    if (out_.empty()) end_round();
  }

  bool is_done() const override { return tree_.is_done(); }
  double share_done() const override { return tree_.share_done(); }

  nlohmann::json save() const override {
    BRAID_ASSERT(out_.empty());
    return {{"jobs", jobs_wanted_}, {"tree", tree_.save()}};
  }
  void load(const nlohmann::json& saved) override {
    jobs_wanted_ = saved.at("jobs");
    tree_.load(saved.at("tree"));
    out_.clear();
  }

 private:
  struct job_out {
    dpor_tree::node* job;
    bool is_new;
  };

  void end_round() {
    const bool are_small = 2 * small_jobs_ > new_jobs_;
    jobs_wanted_ = are_small ? std::max<std::size_t>(jobs_wanted_ / 2, 1)
                             : std::min(jobs_wanted_ * 2, jobs_max);
    new_jobs_ = small_jobs_ = 0;
    tree_.settle(false);
    if (tree_.candidates().size() > 2 * jobs_wanted_) tree_.settle(true);
  }

  // The idle job that has branches at the shallowest place is divided there.
  void divide_jobs() {
    for (;;) {
      const std::vector<dpor_tree::candidate> all = tree_.candidates();
      if (all.size() >= jobs_wanted_) return;
      dpor_tree::node* best = nullptr;
      std::size_t best_depth = dpor_tree::none;
      for (const dpor_tree::candidate& c : all) {
        if (c.job->now != dpor_tree::state::idle) continue;
        const std::size_t depth = dpor_tree::divisible_at(*c.job);
        if (depth >= best_depth) continue;
        best_depth = depth;
        best = c.job;
      }
      if (best == nullptr) return;
      dpor_tree::divide(*best);
    }
  }

  dpor_tree::node* best_candidate() {
    const auto is_better = [](const dpor_tree::candidate& a, const dpor_tree::candidate& b) {
      const bool is_a_idle = a.job->now == dpor_tree::state::idle;
      const bool is_b_idle = b.job->now == dpor_tree::state::idle;
      if (is_a_idle != is_b_idle) return is_a_idle;
      return !is_a_idle && a.depth < b.depth;
    };
    const std::vector<dpor_tree::candidate> all = tree_.candidates();
    const auto best = std::min_element(all.begin(), all.end(), is_better);
    return best == all.end() ? nullptr : best->job;
  }

  dpor_tree tree_;
  std::size_t jobs_wanted_ = 1;
  // Of the round:
  std::deque<job_out> out_;
  std::size_t new_jobs_ = 0;
  std::size_t small_jobs_ = 0;
};

}  // namespace

std::unique_ptr<frontier> make_dpor_frontier(const strategy_options&) {
  return std::make_unique<dpor_frontier>();
}

}  // namespace braid
