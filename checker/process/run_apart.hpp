// Executions in a process of their own, which may crash or never come back.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "process/stopwatch.hpp"
#include "trace/execution.hpp"

namespace braid {

// Watches an execution that another process writes: it does not come back if it loops without an
// operation, or blocks in a call of the system.
class hang_watch {
 public:
  explicit hang_watch(std::chrono::nanoseconds limit)
      : limit_(std::chrono::duration<double>(limit).count()) {}

  void restart() { since_.restart(); }
  // The same execution was seen to hang after so many steps: there it is not waited for again.
  void expect_at(std::optional<std::uint32_t> steps) { hangs_at_ = steps; }
  // True if it has done no step for so long, as far as is_hung() was called in the meantime.
  bool is_hung(const execution& watched) {
    const execution::summary& facts = watched.facts();
    const progress now{facts.run, facts.steps, facts.is_over};
    if (now != seen_ || now.is_over) {
      seen_ = now;
      since_.restart();
    }
    const bool is_known = hangs_at_ == now.steps && !now.is_over;
    return since_.seconds() > (is_known ? std::min(limit_, known_seconds) : limit_);
  }

 private:
  struct progress {
    std::uint64_t run = 0;
    std::uint32_t steps = 0;
    bool is_over = true;
    friend bool operator==(const progress&, const progress&) = default;
  };

  static constexpr double known_seconds = 0.2;  // to come to where it hangs
  double limit_;
  std::optional<std::uint32_t> hangs_at_;
  progress seen_;
  stopwatch since_;
};

// Runs `body`, which writes an execution to `record`, in a process of its own. Where it crashes, or
// does no step for `hang_after`, the record says so. `hangs_at`: as it was seen to do after so many
// steps.
void run_apart(execution& record, std::chrono::nanoseconds hang_after,
               const std::function<void()>& body, std::optional<std::uint32_t> hangs_at = {});

}  // namespace braid
