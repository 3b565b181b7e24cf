// error: a failure as a value, as Go's error: empty, or a text.
#pragma once

#include <string>
#include <system_error>
#include <utility>

namespace braid {

class error {
 public:
  error() = default;  // none
  error(std::string message) : message_(std::move(message)), failed_(true) {}
  error(const char* message) : error(std::string(message)) {}
  // None if the code stands for success.
  error(std::error_code code)
      : message_(code ? code.message() : std::string()), failed_(static_cast<bool>(code)) {}

  explicit operator bool() const { return failed_; }
  const std::string& message() const { return message_; }

 private:
  std::string message_;
  bool failed_ = false;
};

}  // namespace braid
