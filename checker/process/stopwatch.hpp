// Wall time of the search itself: for progress, for --time and for the report. Nothing that is
// explored depends on it.
#pragma once

#include <chrono>

namespace braid {

class stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  void restart() { start_ = std::chrono::steady_clock::now(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace braid
