// Depth-first search over all decisions: every interleaving of visible operations, each once.
//
// Guarantee: complete when it ends. No reduction: it is the oracle against which the others are
// judged. The frontier is one path, the rank taken and the number of alternatives at each decision;
// the next execution raises the last rank that can still grow. Ranks start with the default, so the
// first execution is the default schedule and nearby schedules come first.
#include <nlohmann/json.hpp>

#include "strategy/catalogue.hpp"

namespace braid {
namespace {

class depth_first final : public strategy {
 public:
  explicit depth_first(const strategy_options& options) : data_seed_(options.seed - 1) {}

  bool begin(std::uint64_t) override {
    depth_ = 0;
    return !exhausted_;
  }
  std::uint32_t pick(const situation&) override { return next_rank(); }
  std::uint32_t choose(const choice_point&) override { return next_rank(); }

  void end(const execution& done) override {
    path_.clear();
    for (const decision& d : done.decisions()) path_.push_back({d.rank, d.of});
    while (!path_.empty() && path_.back().rank + 1 == path_.back().of) path_.pop_back();
    exhausted_ = path_.empty();
    if (!exhausted_) ++path_.back().rank;
  }

  std::uint64_t data_seed() const override { return data_seed_; }
  bool is_exhaustive() const override { return true; }

  nlohmann::json save() const override {
    nlohmann::json path = nlohmann::json::array();
    for (const node& n : path_) path.push_back({n.rank, n.of});
    return {{"path", path}, {"exhausted", exhausted_}};
  }
  void load(const nlohmann::json& saved) override {
    path_.clear();
    for (const auto& n : saved.at("path")) path_.push_back({n.at(0), n.at(1)});
    exhausted_ = saved.at("exhausted");
  }

 private:
  struct node {
    std::uint32_t rank;
    std::uint32_t of;
  };

  std::uint32_t next_rank() {
    const std::size_t at = depth_++;
    return at < path_.size() ? path_[at].rank : 0;
  }

  std::uint64_t data_seed_;
  std::vector<node> path_;
  std::size_t depth_ = 0;
  bool exhausted_ = false;
};

}  // namespace

std::unique_ptr<strategy> make_dfs(const strategy_options& options) {
  return std::make_unique<depth_first>(options);
}

}  // namespace braid
