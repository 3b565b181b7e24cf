// What is left of a search by dpor, cut into jobs.
//
// Jobs that were begun go on first, so that there are no more of them at a time than are needed;
// then what is planned at the shallowest place, which is where most is to be expected. How many
// jobs are good depends on the program: in some (readers of one variable) all leaves are
// executions by themselves, which are cheaper where they were found than as jobs. So leaves are
// only given away once there was a large one, and the number of jobs is doubled from round to
// round, and halved when new jobs turn out to be small; back at one job, it takes longer each time
// until the next attempt.
#include <algorithm>
#include <braid/panic.hpp>
#include <deque>
#include <nlohmann/json.hpp>

#include "strategy/catalogue.hpp"
#include "strategy/dpor_tree.hpp"

namespace braid {
namespace {

constexpr std::size_t jobs_at_once = 32;
constexpr std::uint64_t executions_of_small_job = 100;
constexpr std::uint32_t patience_max = 64;  // rounds

class dpor_frontier final : public frontier {
 public:
  std::optional<nlohmann::json> take() override {
    if (out_.empty()) {
      divide_jobs();
      jobs_given_ = 0;
    }
    while (out_.size() < jobs_wanted_) {
      dpor_tree::node* const next = best_candidate();
      if (next == nullptr) break;
      const bool is_new = next->now == dpor_tree::state::planned;
      const std::optional<dpor_job> job = tree_.give(*next);
      if (!job) continue;
      out_.push_back({next, is_new});
      ++jobs_given_;
      return to_value(*job);
    }
    return std::nullopt;
  }

  void put(const nlohmann::json& saved) override {
    BRAID_ASSERT(!out_.empty());
    dpor_job rest = dpor_job_from_value(saved);
    const job_out given = out_.front();
    out_.pop_front();
    new_jobs_ += given.is_new;
    small_jobs_ += given.is_new && rest.is_done && rest.executions < executions_of_small_job;
    largest_leaf_ = std::max(largest_leaf_, rest.largest_leaf);
    tree_.take_back(*given.job, std::move(rest));
    if (out_.empty()) end_round();
  }

  bool is_done() const override { return tree_.is_done(); }
  double share_done() const override { return tree_.share_done(); }

  nlohmann::json save() const override {
    BRAID_ASSERT(out_.empty());
    return {{"jobs", jobs_wanted_},
            {"rounds_to_wait", rounds_to_wait_},
            {"patience", patience_},
            {"largest_leaf", largest_leaf_},
            {"tree", tree_.save()}};
  }
  void load(const nlohmann::json& saved) override {
    jobs_wanted_ = saved.at("jobs");
    rounds_to_wait_ = saved.at("rounds_to_wait");
    patience_ = saved.at("patience");
    largest_leaf_ = saved.at("largest_leaf");
    tree_.load(saved.at("tree"));
    out_.clear();
  }

 private:
  struct job_out {
    dpor_tree::node* job;
    bool is_new;
  };

  void end_round() {
    adapt();
    tree_.settle(false);
    const std::size_t more = tree_.candidates().size();
    if (jobs_wanted_ == 1 || more > 2 * jobs_wanted_) tree_.settle(true);
  }

  void adapt() {
    const bool has_failed = jobs_wanted_ > 1 && jobs_given_ == 1;
    if (has_failed || 2 * small_jobs_ > new_jobs_) {
      jobs_wanted_ = std::max<std::size_t>(jobs_wanted_ / 2, 1);
      if (jobs_wanted_ == 1) {
        rounds_to_wait_ = patience_;
        patience_ = std::min(2 * patience_, patience_max);
      }
    } else if (rounds_to_wait_ > 0) {
      --rounds_to_wait_;
    } else {
      jobs_wanted_ = std::min(jobs_wanted_ * 2, jobs_at_once);
      if (new_jobs_ > 0) patience_ = 1;
    }
    new_jobs_ = small_jobs_ = 0;
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

  // What is opened for its leaves cannot be folded again until its elder siblings are done.
  bool may_give(const dpor_tree::candidate& c) const {
    const bool opens = c.job->parent != nullptr && c.job->parent->now == dpor_tree::state::planned;
    return !opens || largest_leaf_ >= executions_of_small_job;
  }

  dpor_tree::node* best_candidate() {
    const auto is_better = [](const dpor_tree::candidate& a, const dpor_tree::candidate& b) {
      const bool is_a_idle = a.job->now == dpor_tree::state::idle;
      const bool is_b_idle = b.job->now == dpor_tree::state::idle;
      if (is_a_idle != is_b_idle) return is_a_idle;
      return !is_a_idle && a.depth < b.depth;
    };
    std::vector<dpor_tree::candidate> all = tree_.candidates();
    std::erase_if(all, [this](const dpor_tree::candidate& c) { return !may_give(c); });
    const auto best = std::min_element(all.begin(), all.end(), is_better);
    return best == all.end() ? nullptr : best->job;
  }

  dpor_tree tree_;
  std::size_t jobs_wanted_ = 1;
  std::uint32_t rounds_to_wait_ = 0;  // before there are more than one
  std::uint32_t patience_ = 1;        // for the next time
  std::uint64_t largest_leaf_ = 0;    // of all jobs so far
  // Of the round:
  std::deque<job_out> out_;
  std::size_t jobs_given_ = 0;
  std::size_t new_jobs_ = 0;
  std::size_t small_jobs_ = 0;
};

}  // namespace

std::unique_ptr<frontier> make_dpor_frontier(const strategy_options&) {
  return std::make_unique<dpor_frontier>();
}

}  // namespace braid
