// Several samplers in turn: execution number r is number r / m of the (r mod m)-th of m members.
//
// Guarantee: that of each member, for its share of the executions. A run goes by the name of the
// member, whose seed is the portfolio's.
#include "strategy/catalogue.hpp"

#include <algorithm>
#include <array>

namespace braid {
namespace {

constexpr std::array members = {"urw", "pos", "pct:2", "surw", "pct:3", "random", "pct:4"};

class portfolio final : public strategy {
 public:
  explicit portfolio(const strategy_options& options) {
    for (const char* name : members) {
      members_.push_back(make_strategy({.name = name, .seed = options.seed}));
    }
  }

  bool begin(std::uint64_t run) override {
    running_ = members_[run % members_.size()].get();
    return running_->begin(run / members_.size());
  }
  std::uint32_t pick(const situation& now) override { return running_->pick(now); }
  std::uint32_t choose(const choice_point& now) override { return running_->choose(now); }
  void end(const execution& done) override { running_->end(done); }
  std::uint64_t data_seed() const override { return running_->data_seed(); }
  bool wants_trace() const override { return running_->wants_trace(); }
  bool wants_every_event() const override { return running_->wants_every_event(); }
  bool is_exhaustive() const override { return false; }
  std::uint64_t learning_runs() const override {
    std::uint64_t most = 0;
    for (const auto& m : members_) most = std::max(most, m->learning_runs());
    return most * members_.size();
  }
  run_name name_of(const std::string&, std::uint64_t run) const override {
    const std::size_t m = run % members_.size();
    return members_[m]->name_of(members[m], run / members_.size());
  }

 private:
  std::vector<std::unique_ptr<strategy>> members_;
  strategy* running_ = nullptr;
};

}  // namespace

std::unique_ptr<strategy> make_portfolio(const strategy_options& options) {
  return std::make_unique<portfolio>(options);
}

}  // namespace braid
