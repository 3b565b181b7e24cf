// The process's one place for explorations: programs share what is global, such as the scheduler.
#pragma once

#include <string>

namespace braid {

// While one lives its thread explores. There may be more of that thread's, as a search replays what
// it has found; other threads, and goroutines, are refused.
class sole_explorer {
 public:
  // Throws std::logic_error, which names the program that would be explored.
  explicit sole_explorer(const std::string& program);
  sole_explorer(const sole_explorer&) = delete;
  sole_explorer& operator=(const sole_explorer&) = delete;
  ~sole_explorer();

 private:
  const bool is_outermost_;
};

}  // namespace braid
