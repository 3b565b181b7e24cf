// How a program in production ends its process; see ending.hpp.
#include "pool/ending.hpp"

#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace braid {
namespace {

// Never destroyed: goroutines may end the process while it runs its static destructors.
std::mutex& endings() {
  static std::mutex& lock = *new std::mutex;
  return lock;
}

// What C++ code has buffered in stdout is part of the output, so it is written; but not if some
// goroutine holds the stream, which may never let go of it.
//
// _Exit, because static destructors would meet the other workers, which are still running.
[[noreturn]] void end_process(int code) {
  if (ftrylockfile(stdout) == 0) fflush_unlocked(stdout);
  std::_Exit(code);
}

}  // namespace

std::unique_lock<std::mutex> lock_endings() { return std::unique_lock(endings()); }

void end_process_with_panic(std::string_view text, std::string_view more,
                            std::unique_lock<std::mutex>) {
  write_all(STDERR_FILENO, "panic: " + std::string(text) + "\n\n" + std::string(more));
  end_process(2);
}

void end_process_fatally(std::string_view text, std::string_view more,
                         std::unique_lock<std::mutex>) {
  std::string message = "fatal error: " + std::string(text) + "\n";
  if (!more.empty()) message += "\n" + std::string(more);
  write_all(STDERR_FILENO, message);
  end_process(2);
}

void end_process_with_code(int code, std::unique_lock<std::mutex>) { end_process(code); }

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      return;  // as Go's print: there is nobody to tell
    }
  }
}

}  // namespace braid
