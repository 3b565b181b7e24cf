// Follows decisions by stable names, and writes down another strategy's decisions by them.
//
// Both need stable_names as the watcher of the execution. What they have to say they say at once:
// the program may crash.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "strategy.hpp"
#include "trace/regression.hpp"
#include "trace/stable_names.hpp"

namespace braid {

// Takes each decision once, where its operation comes up; the default elsewhere. Their order does
// not matter: names with their counts say where each one belongs.
class named_strategy final : public strategy {
 public:
  // What became of a decision.
  struct fate {
    bool is_applied = false;
    bool is_known = true;      // all that it names has lived
    std::string why_not = {};  // `'main.2 before ...': main.2 cannot go on there`
  };
  using listener = std::function<void(const fate&)>;
  named_strategy(std::vector<named_decision> follow, std::uint64_t seed, const stable_names& names,
                 listener tell)
      : left_(std::move(follow)), seed_(seed), names_(names), tell_(std::move(tell)) {}

  bool begin(std::uint64_t run) override { return run == 0; }
  std::uint32_t pick(const situation& now) override;
  std::uint32_t choose(const choice_point& now) override;
  void end(const execution& done) override;
  std::uint64_t data_seed() const override { return seed_; }
  bool is_exhaustive() const override { return false; }

 private:
  void give_up(const named_decision& d, const std::string& why);

  std::vector<named_decision> left_;
  const std::uint64_t seed_;
  const stable_names& names_;
  const listener tell_;
};

// Lets another strategy decide, and tells each decision by its stable names.
class naming_strategy final : public strategy {
 public:
  using listener = std::function<void(const named_decision&)>;
  naming_strategy(strategy& decides, const stable_names& names, listener note)
      : decides_(decides), names_(names), note_(std::move(note)) {}

  bool begin(std::uint64_t run) override { return decides_.begin(run); }
  std::uint32_t pick(const situation& now) override;
  std::uint32_t choose(const choice_point& now) override;
  void end(const execution& done) override { decides_.end(done); }
  std::uint64_t data_seed() const override { return decides_.data_seed(); }
  bool is_exhaustive() const override { return false; }

 private:
  strategy& decides_;
  const stable_names& names_;
  const listener note_;
};

}  // namespace braid
