// Depth-first search with a bound: every interleaving with at most so many preemptions or delays.
//
// Guarantee: complete within the bound when it ends. Musuvathi, Qadeer, PLDI'07: preemptions; Emmi,
// Qadeer, Rakamaric, POPL'11: delays, of which the alternative of rank r costs r. Or deviations
// from the default schedule: each costs 1, arms and values too. It tries the
// executions with exactly 0, then 1, and so on up to the bound, and ends when a bound left nothing
// out.
//
// Deviation: in the search for those with exactly b, the ones with fewer are run again where they
// end, and do not count. Keeping their prefixes instead would make the frontier as large as the
// search.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "strategy/catalogue.hpp"

namespace braid {
namespace {

class bounded_depth_first final : public strategy {
 public:
  explicit bounded_depth_first(const strategy_options& options)
      : options_(options),
        data_seed_(options.seed - 1),
        costs_(options.preemptions_max  ? costs::preemptions
               : options.deviations_max ? costs::deviations
                                        : costs::delays),
        bound_max_(options.preemptions_max.value_or(
            options.deviations_max.value_or(options.delays_max.value_or(0)))) {}

  bool begin(std::uint64_t) override {
    depth_ = 0;
    return !exhausted_;
  }
  std::uint32_t pick(const situation&) override { return next_rank(); }
  std::uint32_t choose(const choice_point&) override { return next_rank(); }

  void end(const execution& done) override {
    std::uint64_t spent = read(done);
    while (!path_.empty()) {
      node& last = path_.back();
      spent -= cost(last, last.rank);
      if (raise(last, spent)) return;
      path_.pop_back();
    }
    exhausted_ = !has_more_ || bound_ == bound_max_;
    if (exhausted_) return;
    ++bound_;
    has_more_ = false;
  }

  bool counts(const execution& done) const override {
    std::uint64_t spent = 0;
    for (const decision& d : done.decisions()) spent += cost(node_of(d), d.rank);
    return spent == bound_;
  }
  std::string gap() const override {
    return exhausted_ && has_more_ ? bound_in_words(options_) : "";
  }
  std::uint64_t data_seed() const override { return data_seed_; }
  bool is_exhaustive() const override { return true; }

  nlohmann::json save() const override {
    nlohmann::json path = nlohmann::json::array();
    for (const node& n : path_) path.push_back({n.rank, n.of, n.preempting, n.is_schedule});
    return {{"path", path}, {"exhausted", exhausted_}, {"bound", bound_}, {"more", has_more_}};
  }
  void load(const nlohmann::json& saved) override {
    path_.clear();
    for (const auto& n : saved.at("path")) path_.push_back({n.at(0), n.at(1), n.at(2), n.at(3)});
    exhausted_ = saved.at("exhausted");
    bound_ = saved.at("bound");
    has_more_ = saved.at("more");
  }

 private:
  enum class costs : std::uint8_t { preemptions, delays, deviations };

  struct node {
    std::uint32_t rank;
    std::uint32_t of;
    std::uint32_t preempting;
    bool is_schedule;  // of what happens next, not within an event
  };

  static node node_of(const decision& d) {
    return {.rank = d.rank,
            .of = d.of,
            .preempting = d.preempting,
            .is_schedule = d.kind == decision_kind::goroutine || d.kind == decision_kind::timer};
  }

  std::uint64_t cost(const node& at, std::uint32_t rank) const {
    if (costs_ == costs::deviations) return rank != 0;
    if (!at.is_schedule) return 0;
    return costs_ == costs::delays ? rank : rank != 0 && rank <= at.preempting;
  }

  // Makes the path that of `done`. Returns what it costs.
  std::uint64_t read(const execution& done) {
    path_.clear();
    std::uint64_t spent = 0;
    for (const decision& d : done.decisions()) {
      const node n = node_of(d);
      const std::uint64_t most = costs_ == costs::delays ? cost(n, n.of - 1) : cost(n, 1);
      has_more_ = has_more_ || spent + most > bound_;
      spent += cost(n, n.rank);
      path_.push_back(n);
    }
    return spent;
  }

  // Takes the next alternative within the bound, of which `spent` was used before.
  bool raise(node& at, std::uint64_t spent) const {
    while (++at.rank < at.of) {
      if (spent + cost(at, at.rank) <= bound_) return true;
    }
    return false;
  }

  std::uint32_t next_rank() {
    const std::size_t at = depth_++;
    return at < path_.size() ? path_[at].rank : 0;
  }

  const strategy_options options_;
  const std::uint64_t data_seed_;
  const costs costs_;
  const std::uint64_t bound_max_;
  std::uint64_t bound_ = 0;
  bool has_more_ = false;  // executions that cost more than the present bound
  std::vector<node> path_;
  std::size_t depth_ = 0;
  bool exhausted_ = false;
};

}  // namespace

std::unique_ptr<strategy> make_bounded_dfs(const strategy_options& options) {
  return std::make_unique<bounded_depth_first>(options);
}

}  // namespace braid
