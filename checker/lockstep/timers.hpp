// The armed timers of one execution, in the order of their deadlines, equal ones by arming.
#pragma once

#include <braid/scheduler.hpp>
#include <vector>

namespace braid {

// When every execution starts: 2000-01-01T00:00:00Z, as Go's synctest (rule Y1).
inline constexpr time_point start_of_time{std::chrono::seconds{946684800}};

class timer_queue {
 public:
  bool empty() const { return armed_.empty(); }
  time_point next_deadline() const { return armed_.front()->when; }
  // How many share the earliest deadline: these may fire next, in any order.
  std::uint32_t due_together() const {
    std::uint32_t n = 0;
    while (n < armed_.size() && armed_[n]->when == armed_.front()->when) ++n;
    return n;
  }
  // REQUIRES: index < due_together().
  const alarm& at(std::uint32_t index) const { return *armed_[index]; }
  void arm(alarm& t);
  // True if it was armed.
  bool disarm(alarm& t);
  // Takes out the index-th. REQUIRES: index < due_together().
  alarm& take(std::uint32_t index);

 private:
  std::vector<alarm*> armed_;
};

}  // namespace braid
