// A place in the user's source, captured by a default argument `where at = {}`.
//
// Constructors that take nothing else are not explicit: {} initialises structs of primitives.
//
// Rejected: std::source_location, which clang 14 with libstdc++ 12 cannot compile.
#pragma once

namespace braid {

class where {
  struct defaulted {};  // keeps a string argument of the user's from becoming a place

 public:
  constexpr where(defaulted = {}, const char* file = __builtin_FILE(),
                  unsigned line = __builtin_LINE(), const char* function = __builtin_FUNCTION())
      : file_(file), function_(function), line_(line) {}

  // A place that is not known: operators have no room for a default argument.
  static constexpr where unknown() { return where({}, nullptr, 0, nullptr); }
  // A place that was taken apart.
  static constexpr where place(const char* file, unsigned line, const char* function) {
    return where({}, file, line, function);
  }

  constexpr const char* file() const { return file_; }
  constexpr const char* function() const { return function_; }
  constexpr unsigned line() const { return line_; }
  constexpr explicit operator bool() const { return file_ != nullptr; }

 private:
  const char* file_;
  const char* function_;
  unsigned line_;
};

}  // namespace braid
