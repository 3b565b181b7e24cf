// What is printed if the program under test does not come back: its name and its schedule so far.
#pragma once

#include <chrono>
#include <csignal>
#include <ctime>
#include <string>

namespace braid {

// While one lives an execution of this thread that does no step for `limit` is told on stderr,
// once. It goes on waiting, as any test does: only a process of its own could be ended. (By a timer
// of this thread and SIGVTALRM, so that what is told holds still.) REQUIRES: a signal_stack.
class hang_line {
 public:
  hang_line(const std::string& program, std::chrono::nanoseconds limit);
  hang_line(const hang_line&) = delete;
  hang_line& operator=(const hang_line&) = delete;
  ~hang_line();

 private:
  timer_t timer_{};
  bool has_timer_ = false;
  struct sigaction handler_before_ {};
};

}  // namespace braid
