// What is left of a depth-first search: jobs that do not overlap.
//
// A job is cut at its topmost open level: each unexplored alternative there becomes a job, and the
// rest keeps the alternative that the path takes. The weight of a job is the chance that a uniform
// random walk ends in it (Knuth, Estimating the efficiency of backtrack programs, 1975); the
// heaviest job is cut first, and given first.
#include <algorithm>
#include <deque>
#include <nlohmann/json.hpp>

#include "strategy/catalogue.hpp"
#include "strategy/dfs.hpp"

namespace braid {
namespace {

constexpr std::size_t jobs_wanted = 64;    // jobs are cut until there are so many
constexpr std::size_t jobs_per_part = 16;  // or so many for each part

struct weighed_job {
  dfs_job job;
  double weight = 0;
  std::size_t cut_at = 0;  // its topmost open level; the length of the path if there is none

  bool can_be_cut() const { return cut_at < job.path.size(); }
};

weighed_job weigh(dfs_job job) {
  weighed_job weighed{.job = std::move(job)};
  const std::vector<dfs_level>& path = weighed.job.path;
  weighed.cut_at = path.size();
  double below = 1;
  for (std::size_t i = 0; i < path.size(); ++i) {
    below /= path[i].of;
    if (i < weighed.job.base || !path[i].is_open()) continue;
    weighed.weight += below * (path[i].of - 1 - path[i].rank);
    weighed.cut_at = std::min(weighed.cut_at, i);
  }
  weighed.weight += below;
  return weighed;
}

class dfs_frontier final : public frontier {
 public:
  dfs_frontier() { jobs_.push_back(weigh({})); }

  std::optional<nlohmann::json> take() override {
    while (jobs_.size() < jobs_wanted && cut_heaviest()) continue;
    if (jobs_.empty()) return std::nullopt;
    const auto heaviest = std::max_element(
        jobs_.begin(), jobs_.end(),
        [](const weighed_job& a, const weighed_job& b) { return a.weight < b.weight; });
    const weighed_job given = std::move(*heaviest);
    jobs_.erase(heaviest);
    weights_out_.push_back(given.weight);
    return to_value(given.job);
  }

  void put(const nlohmann::json& rest) override {
    weights_out_.pop_front();
    dfs_job job = dfs_job_from_value(rest);
    if (!job.is_done) jobs_.push_back(weigh(std::move(job)));
  }

  bool is_done() const override { return jobs_.empty() && weights_out_.empty(); }

  double share_done() const override {
    double left = 0;
    for (const weighed_job& j : jobs_) left += j.weight;
    for (const double weight : weights_out_) left += weight;
    return is_done() ? 1 : std::max(0.0, 1 - left);
  }

  bool divide(std::uint32_t index, std::uint32_t count) override {
    const std::size_t wanted = std::size_t{jobs_per_part} * count;
    while (jobs_.size() < wanted && cut_heaviest()) continue;
    if (jobs_.size() < wanted) return false;
    std::stable_sort(jobs_.begin(), jobs_.end(), [](const weighed_job& a, const weighed_job& b) {
      return a.weight > b.weight;
    });
    std::deque<weighed_job> part;
    for (std::size_t i = index; i < jobs_.size(); i += count) part.push_back(std::move(jobs_[i]));
    jobs_ = std::move(part);
    return true;
  }

  nlohmann::json save() const override {
    nlohmann::json jobs = nlohmann::json::array();
    for (const weighed_job& j : jobs_) jobs.push_back(to_value(j.job));
    return jobs;
  }
  void load(const nlohmann::json& saved) override {
    jobs_.clear();
    weights_out_.clear();
    for (const nlohmann::json& job : saved) jobs_.push_back(weigh(dfs_job_from_value(job)));
  }

 private:
  // False if no job can be cut.
  bool cut_heaviest() {
    weighed_job* heaviest = nullptr;
    for (weighed_job& j : jobs_) {
      const bool is_heavier = heaviest == nullptr || j.weight > heaviest->weight;
      if (j.can_be_cut() && is_heavier) heaviest = &j;
    }
    if (heaviest == nullptr) return false;
    const std::size_t level = heaviest->cut_at;
    dfs_job rest = heaviest->job;
    rest.base = level + 1;
    const dfs_job whole = std::move(heaviest->job);
    *heaviest = weigh(std::move(rest));
    for (std::uint32_t rank = whole.path[level].rank + 1; rank < whole.path[level].of; ++rank) {
      dfs_job part{.path = {whole.path.begin(), whole.path.begin() + std::ptrdiff_t(level)},
                   .base = level + 1};
      part.path.push_back({rank, whole.path[level].of});
      jobs_.push_back(weigh(std::move(part)));
    }
    return true;
  }

  std::deque<weighed_job> jobs_;
  std::deque<double> weights_out_;
};

}  // namespace

std::unique_ptr<frontier> make_dfs_frontier(const strategy_options&) {
  return std::make_unique<dfs_frontier>();
}

}  // namespace braid
