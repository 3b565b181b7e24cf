// Panics, fatal errors, exits and assertions; see <braid/panic.hpp>.
#include <cxxabi.h>
#include <braid/panic.hpp>
#include <braid/scheduler.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <typeinfo>

namespace braid {
namespace {

std::string demangled(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  return status == 0 ? name.get() : type.name();
}

}  // namespace

void panic(std::string text, where at) { throw panic_error(std::move(text), at); }

void fatal(std::string_view text, where at) noexcept {
  current_scheduler().end(ending::fatal, 2, text, at);
  goroutine::leave();  // cannot throw here: the stack is dropped
}

void exit(int code, where at) {
  current_scheduler().end(ending::exit, code, {}, at);
  goroutine::leave();
}

namespace detail {

panic_description describe_current_exception() {
  try {
    throw;
  } catch (const panic_error& e) {
    return {e.what(), e.at()};
  } catch (const std::exception& e) {
    return {e.what(), where::unknown()};
  } catch (const char* text) {
    return {text, where::unknown()};
  } catch (const std::string& text) {
    return {text, where::unknown()};
  } catch (int value) {
    return {std::to_string(value), where::unknown()};
  } catch (...) {
    return {"(" + demangled(*abi::__cxa_current_exception_type()) + ")", where::unknown()};
  }
}

void assertion_failed(const char* condition, const char* file, unsigned line) noexcept {
  std::fprintf(stderr, "braid: assertion failed, a bug in braid: %s  %s:%u\n", condition, file,
               line);
  // The exit code of an abort, without the signal: that would be taken for a crash of the program.
  constexpr int bug_in_braid = 134;
  std::_Exit(bug_in_braid);
}

}  // namespace detail
}  // namespace braid
