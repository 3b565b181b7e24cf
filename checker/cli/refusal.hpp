// What the command line refuses to do.
#pragma once

#include <exception>
#include <string>
#include <utility>

#include "exit_codes.hpp"

namespace braid::cli {

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
