// How an uncaught panic is printed: its value and those that it replaced (rules P2-P4, P14).
#include <cxxabi.h>
#include <braid/error.hpp>
#include <braid/panic.hpp>
#include <braid/show.hpp>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

#include "core/goroutine_extra.hpp"

namespace braid::detail {
namespace {

std::string demangled(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  return status == 0 ? name.get() : type.name();
}

// Rule P14. what() is noexcept, so a panic in it ends here.
void terminate_in_goroutine() {
  goroutine_extra& extra = goroutine::current().extra();
  if (!std::exchange(extra.is_describing, false)) std::abort();
  std::string text = "panic while printing panic value";
  try {
    throw;
  } catch (const panic_error& inner) {
    text += std::string(": ") + inner.what();
  } catch (...) {
    const std::type_info& type = *abi::__cxa_current_exception_type();
    text += ": type " + demangled(type);
  }
  fatal(text, where::unknown());
}

// While a value is asked for its text.
class describing {
 public:
  describing() : before_(std::set_terminate(terminate_in_goroutine)) {
    goroutine::current().extra().is_describing = true;
  }
  describing(const describing&) = delete;
  ~describing() {
    goroutine::current().extra().is_describing = false;
    std::set_terminate(before_);
  }

 private:
  std::terminate_handler before_;
};

// One panic of a chain: its value, and its mark.
struct link {
  std::string value;
  const char* mark;
};

// If what is handled is a T: appends its text.
template <class T>
bool append_if(std::string& to) {
  try {
    throw;
  } catch (const T& value) {
    append(to, value);
    return true;
  } catch (...) {
    return false;
  }
}

template <class... T>
bool append_if_any(std::string& to) {
  return (append_if<T>(to) || ...);
}

// The text of what is handled.
std::string text_of_value() {
  std::string text;
  try {
    throw;
  } catch (const std::exception& e) {
    const char* const what = e.what();
    if (what != nullptr) text = what;
    return text;
  } catch (const char* characters) {
    return characters == nullptr ? "" : characters;
  } catch (const error& e) {
    return e.message();
  } catch (...) {
  }
  if (append_if_any<std::string, std::string_view, bool, char, signed char, unsigned char, short,
                    unsigned short, int, unsigned, long, unsigned long, long long,
                    unsigned long long, float, double, long double>(text)) {
    return text;
  }
  return "(" + demangled(*abi::__cxa_current_exception_type()) + ")";
}

// Every newline in a value is followed by a tab, so that no line of it looks like one of ours (P3).
std::string indented(const std::string& text) {
  std::string to;
  for (const char c : text) {
    to += c;
    if (c == '\n') to += '\t';
  }
  return to;
}

// Appends what is handled, after what it was nested in: somebody caught that, and threw this.
void append_nested(std::vector<link>& to) {
  try {
    throw;
  } catch (const std::nested_exception& outer) {
    if (outer.nested_ptr() != nullptr) {
      try {
        std::rethrow_exception(outer.nested_ptr());
      } catch (...) {
        append_nested(to);
        to.back().mark = " [recovered]";
      }
    }
  } catch (...) {
  }
  to.push_back({indented(text_of_value()), ""});
}

// The oldest first.
void append_chain(std::vector<link>& to, const panic_record& newest) {
  if (newest.replaced != nullptr) append_chain(to, *newest.replaced);
  if (newest.is_exit()) return;
  const panic_record* const older = newest.replaced.get();
  if (older != nullptr && older->recovered && older->what == newest.what) {
    to.back().mark = " [recovered, repanicked]";
    return;
  }
  try {
    std::rethrow_exception(newest.what);
  } catch (...) {
    append_nested(to);
  }
  if (newest.recovered) to.back().mark = " [recovered]";
}

std::vector<link> chain_of_current() {
  const describing guarded;
  std::vector<link> chain;
  const auto& thrown = goroutine::current().extra().thrown;
  if (thrown != nullptr && thrown->what == std::current_exception()) {
    append_chain(chain, *thrown);
  } else {
    append_nested(chain);
  }
  return chain;
}

}  // namespace

panic_description describe_current_exception() {
  panic_description described{{}, where::unknown()};
  try {
    throw;
  } catch (const panic_error& e) {
    described.at = e.at();
  } catch (...) {
  }
  bool is_first = true;
  for (const link& one : chain_of_current()) {
    if (!std::exchange(is_first, false)) described.text += "\n\tpanic: ";
    described.text += one.value + one.mark;
  }
  return described;
}

}  // namespace braid::detail
