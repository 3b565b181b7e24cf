// Tells a goroutine's stack overflow from other faults, in Go's words (rule G12).
//
// A goroutine that comes to the guard page below its stack has no room for a signal handler: each
// worker gives it another stack. Faults elsewhere are none of ours, and go on as before. Builds
// with a sanitizer keep the sanitizer's handler.
#pragma once

#include <csignal>
#include <cstddef>
#include <memory>

namespace braid {

// Handles SIGSEGV and SIGBUS while it lives.
class overflow_handler {
 public:
  overflow_handler();
  overflow_handler(const overflow_handler&) = delete;
  overflow_handler& operator=(const overflow_handler&) = delete;
  ~overflow_handler();
};

// The stack for signal handlers of the thread that makes it, unless that has one.
class alternate_stack {
 public:
  alternate_stack();
  alternate_stack(const alternate_stack&) = delete;
  alternate_stack& operator=(const alternate_stack&) = delete;
  ~alternate_stack();

 private:
  static constexpr std::size_t bytes = 64 * 1024;
  std::unique_ptr<std::byte[]> memory_;
};

}  // namespace braid
