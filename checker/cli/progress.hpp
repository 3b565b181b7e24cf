// The progress line on stderr: redrawn in place on a terminal, a plain line now and then elsewhere.
//
//   ⠹ foo-vs-after  dfs  12,408 runs  41.2 k/s  3 outcomes  0 bugs  ~31 % of 40 k  0:01 left
#pragma once

#include <braid/explore.hpp>
#include <cstddef>
#include <string>

#include "cli/settings.hpp"
#include "process/stopwatch.hpp"
#include "report/style.hpp"

namespace braid::cli {

class progress {
 public:
  progress(const settings& asked, const style& look);
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;
  ~progress() { erase(); }

  void show(const report& so_far);
  // After the search, while executions are followed once more to tell their steps.
  void show_followed(const std::string& program, std::size_t done, std::size_t all);
  void erase();

 private:
  enum class form : unsigned char { none, redrawn, plain };
  static form form_for(const settings& asked);
  std::string line(const report& so_far) const;
  void draw(double seconds, const std::string& line);

  const form form_;
  const style look_;
  const std::size_t width_;
  double next_at_ = 0;  // seconds of the report, or else of `since_`
  stopwatch since_;
  std::size_t turns_ = 0;
  bool is_drawn_ = false;
};

}  // namespace braid::cli
