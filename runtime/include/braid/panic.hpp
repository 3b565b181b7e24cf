// Panics (a bug in the user's program) and assertions (a bug in braid): two things, kept apart.
#pragma once

#include <braid/where.hpp>
#include <exception>
#include <string>
#include <string_view>

namespace braid {

// What panic() throws. Any exception that leaves a goroutine's function is a panic (rule P1).
class panic_error : public std::exception {
 public:
  explicit panic_error(std::string text, where at = {}) : text_(std::move(text)), at_(at) {}
  const char* what() const noexcept override { return text_.c_str(); }
  where at() const noexcept { return at_; }

 private:
  std::string text_;
  where at_;
};

// A panic that the runtime raises itself (rule P5).
class runtime_panic : public panic_error {
 public:
  using panic_error::panic_error;
};

// A send on, or a close of, a closed channel (rules C9, C10).
class closed_channel : public runtime_panic {
 public:
  using runtime_panic::runtime_panic;
};

// Panics with `text`: unwinds this goroutine and, unless caught, ends the program with exit code 2
// and `panic: text` on stderr. Under the checker an uncaught panic is a finding.
[[noreturn]] void panic(std::string text, where at = {});

// Ends the program at once with exit code 2 and `fatal error: text`; cannot be caught (rule P12).
[[noreturn]] void fatal(std::string_view text, where at = {}) noexcept;

// Ends the program at once with `code`, of which the system keeps the lowest eight bits.
// Destructors of other goroutines do not run (rule G8).
[[noreturn]] void exit(int code, where at = {});

namespace detail {

// Thrown through the stack of a goroutine that is being abandoned. Not a std::exception: code that
// catches those must not see it.
struct abandoned {};

struct panic_description {
  std::string text;
  where at;
};

// The exception that is being handled, which nobody has caught: what Go prints after "panic: ",
// with the panics that it replaced (rules P2-P4), and where panic() was called, if it was. A value
// that panics while it is asked for its text is fatal (P14).
panic_description describe_current_exception();

[[noreturn]] void assertion_failed(const char* condition, const char* file, unsigned line) noexcept;

}  // namespace detail
}  // namespace braid

// A condition that only a bug in braid can break. On in every build: prints and aborts.
#define BRAID_ASSERT(condition)                                            \
  (__builtin_expect(!(condition), 0)                                       \
       ? ::braid::detail::assertion_failed(#condition, __FILE__, __LINE__) \
       : (void)0)
