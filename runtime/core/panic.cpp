// Panics, fatal errors, exits and assertions; see <braid/panic.hpp>. What panics look like when
// they are printed is in describe.cpp.
#include <braid/panic.hpp>
#include <braid/scheduler.hpp>
#include <cstdio>
#include <cstdlib>

namespace braid {

void panic(std::string text, where at) { throw panic_error(std::move(text), at); }

void fatal(std::string_view text, where at) noexcept {
  current_scheduler().end(ending::fatal, 2, text, at);
  goroutine::leave();  // cannot throw here: the stack is dropped
}

void exit(int code, where at) {
  constexpr int known_to_parent = 0xff;  // POSIX, exit(3)
  current_scheduler().end(ending::exit, code & known_to_parent, {}, at);
  goroutine::leave();
}

namespace detail {

void assertion_failed(const char* condition, const char* file, unsigned line) noexcept {
  std::fprintf(stderr, "braid: assertion failed, a bug in braid: %s  %s:%u\n", condition, file,
               line);
  // The exit code of an abort, without the signal: that would be taken for a crash of the program.
  constexpr int bug_in_braid = 134;
  std::_Exit(bug_in_braid);
}

}  // namespace detail
}  // namespace braid
