// A sampler that learns a profile from its first executions.
//
// Execution number k is a function of the seed, of k and of the executions before learning_runs();
// in those, of the ones before it.
#pragma once

#include <algorithm>
#include <braid/panic.hpp>

#include "strategy/profile.hpp"
#include "strategy/sampler.hpp"

namespace braid {

class learner : public sampler {
 public:
  void end(const execution& done) override {
    if (!is_learning()) return;
    profile_.learn(done.log());
    learned();
  }
  bool wants_trace() const override { return is_learning(); }
  bool wants_every_event() const override { return true; }
  std::uint64_t learning_runs() const override { return executions_to_learn_from; }

 protected:
  using sampler::sampler;

  const event_profile& profile() const { return profile_; }
  // True in an execution from which it learns.
  bool is_learning() const { return run() < executions_to_learn_from; }
  void prepare() override {
    BRAID_ASSERT(profile_.executions() == std::min(run(), executions_to_learn_from));
  }
  // The profile has changed.
  virtual void learned() {}

 private:
  // More would make the expected counts finer; fewer leave more executions to what was learned.
  static constexpr std::uint64_t executions_to_learn_from = 4;

  event_profile profile_;
};

}  // namespace braid
