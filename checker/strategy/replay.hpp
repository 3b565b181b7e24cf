// Follows a schedule: its deviations where they are due, the default elsewhere.
#pragma once

#include <optional>
#include <string>

#include "strategy.hpp"
#include "trace/schedule.hpp"

namespace braid {

class replay_strategy final : public strategy {
 public:
  explicit replay_strategy(schedule follow) : follow_(std::move(follow)) {}

  bool begin(std::uint64_t run) override;
  std::uint32_t pick(const situation& now) override;
  std::uint32_t choose(const choice_point& now) override;
  void end(const execution& done) override;
  std::uint64_t data_seed() const override { return follow_.data_seed; }
  bool is_exhaustive() const override { return false; }

  // The first deviation that could not be applied in the execution that ended, if any.
  const std::optional<deviation>& unfit() const { return unfit_; }

 private:
  // The deviation that is due at this step, passing over those whose step went by unused.
  const deviation* due(std::uint32_t step, bool within_event);
  void give_up_on(const deviation& d);

  schedule follow_;
  std::size_t next_ = 0;
  std::optional<deviation> unfit_;
};

}  // namespace braid
