// Depth-first search over all decisions: every interleaving of visible operations, each once.
//
// Guarantee: complete when it ends. No reduction: it is the oracle against which the others are
// judged. A job is one path, the rank taken and the number of alternatives at each decision; the
// next execution raises the last rank that can still grow, above the levels that belong to other
// jobs. Ranks start with the default, so the first execution is the default schedule. The frontier
// (dfs_frontier.cpp) cuts a path into several.
#include "strategy/dfs.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "strategy/catalogue.hpp"

namespace braid {
namespace {

class depth_first final : public strategy {
 public:
  explicit depth_first(const strategy_options& options) : data_seed_(options.seed - 1) {}

  bool begin(std::uint64_t) override {
    depth_ = 0;
    return !job_.is_done;
  }
  std::uint32_t pick(const situation& now) override { return next_rank(now.size()); }
  std::uint32_t choose(const choice_point& now) override { return next_rank(now.of); }

  void end(const execution& done) override {
    std::vector<dfs_level>& path = job_.path;
    path.clear();
    for (const decision& d : done.decisions()) path.push_back({d.rank, d.of});
    while (path.size() > job_.base && !path.back().is_open()) path.pop_back();
    job_.is_done = path.size() <= job_.base;
    if (!job_.is_done) ++path.back().rank;
  }

  std::uint64_t data_seed() const override { return data_seed_; }
  bool is_exhaustive() const override { return true; }

  nlohmann::json save() const override { return to_value(job_); }
  void load(const nlohmann::json& saved) override { job_ = dfs_job_from_value(saved); }

 private:
  // A program that is not deterministic may have fewer alternatives than it had before.
  std::uint32_t next_rank(std::uint32_t of) {
    const std::size_t at = depth_++;
    return at < job_.path.size() ? std::min(job_.path[at].rank, of - 1) : 0;
  }

  std::uint64_t data_seed_;
  dfs_job job_;
  std::size_t depth_ = 0;
};

}  // namespace

nlohmann::json to_value(const dfs_job& job) {
  nlohmann::json path = nlohmann::json::array();
  for (const dfs_level& level : job.path) {
    path.push_back(level.rank);
    path.push_back(level.of);
  }
  return {{"path", path}, {"base", job.base}, {"done", job.is_done}};
}

dfs_job dfs_job_from_value(const nlohmann::json& value) {
  dfs_job job{.path = {}, .base = value.at("base"), .is_done = value.at("done")};
  const nlohmann::json& path = value.at("path");
  for (std::size_t i = 0; i < path.size(); i += 2) {
    job.path.push_back({path.at(i), path.at(i + 1)});
  }
  return job;
}

std::unique_ptr<strategy> make_dfs(const strategy_options& options) {
  return std::make_unique<depth_first>(options);
}

}  // namespace braid
