// What the command line refuses to do, and the exit codes that are its own.
#pragma once

#include <exception>
#include <string>
#include <utility>

namespace braid::cli {

// Beside those of verdicts, which are in <braid/verdict.hpp>.
namespace exit_code {
inline constexpr int incomplete = 3;  // and --require-complete
inline constexpr int unfit = 125;     // this schedule cannot be followed, or no such program
inline constexpr int bad_file = 128;  // cannot be read, written or used
inline constexpr int usage = 129;
inline constexpr int interrupted = 130;
inline constexpr int pipe_closed = 141;  // as of a process that SIGPIPE ends
}  // namespace exit_code

// Ends the command with one line on stderr, unless the text is empty.
class refusal : public std::exception {
 public:
  refusal(int code, std::string text) : code_(code), text_(std::move(text)) {}
  int code() const { return code_; }
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  int code_;
  std::string text_;
};

[[noreturn]] inline void refuse_usage(std::string text) {
  throw refusal(exit_code::usage, std::move(text));
}

}  // namespace braid::cli
