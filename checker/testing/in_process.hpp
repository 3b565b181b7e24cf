// Executions in the process of the test: what is said of one that never ends.
#pragma once

#include <csignal>
#include <cstddef>
#include <vector>

#include "testing/crash_line.hpp"
#include "testing/hang_line.hpp"

namespace braid {

// A stack for signal handlers: that of a goroutine may have overflown, and is small.
class signal_stack {
 public:
  signal_stack() : memory_(bytes) {
    stack_t own{};
    own.ss_sp = memory_.data();
    own.ss_size = memory_.size();
    sigaltstack(&own, &before_);
  }
  signal_stack(const signal_stack&) = delete;
  signal_stack& operator=(const signal_stack&) = delete;
  ~signal_stack() { sigaltstack(&before_, nullptr); }

 private:
  static constexpr std::size_t bytes = std::size_t{64} << 10;
  std::vector<char> memory_;
  stack_t before_{};
};

struct in_process {
  in_process(const std::string& program, std::chrono::nanoseconds hang_after)
      : on_crash(program), on_hang(program, hang_after) {}

  signal_stack stack;
  crash_line on_crash;
  hang_line on_hang;
};

}  // namespace braid
