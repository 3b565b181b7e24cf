// What is printed if the program under test crashes this process: its name and its schedule so far.
#pragma once

#include <csignal>
#include <string>

namespace braid {

// While one lives and is wanted, a signal that kills is told on stderr first, from a stack of its
// own: the program's may have overflown. Then whoever handled the signal before gets it.
class crash_line {
 public:
  crash_line(const std::string& program, bool is_wanted);
  crash_line(const crash_line&) = delete;
  crash_line& operator=(const crash_line&) = delete;
  ~crash_line();

 private:
  const bool is_wanted_;
  stack_t stack_before_{};
};

}  // namespace braid
