// What is printed if the program under test crashes this process: its name and its schedule so far.
#pragma once

#include <csignal>
#include <string>

namespace braid {

// While one lives a signal that kills is told on stderr first. Then whoever handled the signal
// before gets it. REQUIRES: a signal_stack.
class crash_line {
 public:
  explicit crash_line(const std::string& program);
  crash_line(const crash_line&) = delete;
  crash_line& operator=(const crash_line&) = delete;
  ~crash_line();
};

}  // namespace braid
