// Errors as values, as Go's: an empty one means that nothing went wrong.
//
//   braid::error failed("no such key");
//   if (failed) braid::println(failed.message());
//   braid::error e = std::make_error_code(std::errc::timed_out);
#pragma once

#include <memory>
#include <string>
#include <system_error>

namespace braid {

class error {
 public:
  error() = default;
  error(std::nullptr_t) {}
  // An error of its own: equal to its copies only, whatever the text.
  explicit error(std::string text, std::error_code code = {})
      : what_(std::make_shared<const description>(description{std::move(text), code})) {}
  // Empty if the code is.
  error(std::error_code code) {
    if (code) *this = error(code.message(), code);
  }

  explicit operator bool() const { return what_ != nullptr; }
  // Empty without an error.
  std::string message() const { return what_ == nullptr ? "" : what_->text; }
  std::error_code code() const { return what_ == nullptr ? std::error_code() : what_->code; }
  // True if it is that error, or has the same code.
  bool is(const error& other) const { return *this == other || (code() && code() == other.code()); }
  friend bool operator==(const error&, const error&) = default;

 private:
  struct description {
    std::string text;
    std::error_code code;
  };
  std::shared_ptr<const description> what_;
};

}  // namespace braid
