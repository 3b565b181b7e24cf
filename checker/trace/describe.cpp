// Operations and objects in words; see describe.hpp.
#include "trace/describe.hpp"

#include <cstdio>

namespace braid {
namespace {

// history.cpp and waits.cpp know locks by these words.
constexpr std::string_view names[] = {"go",
                                      "yield",
                                      "print",
                                      "send",
                                      "recv",
                                      "select",
                                      "close",
                                      "len",
                                      "lock",
                                      "try_lock",
                                      "unlock",
                                      "add",
                                      "wait",
                                      "sleep",
                                      "after",
                                      "now",
                                      "load",
                                      "store",
                                      "update",
                                      "await",
                                      "read",
                                      "write",
                                      "choose",
                                      "end",
                                      "fire",
                                      "made",
                                      "destroyed",
                                      "lock_shared",
                                      "try_lock_shared",
                                      "unlock_shared",
                                      "lock",
                                      "await readers",
                                      "try_lock",
                                      "unlock",
                                      "wait",
                                      "wait",
                                      "notify",
                                      "released",
                                      "start",
                                      "stop",
                                      "reset",
                                      "settle"};
static_assert(std::size(names) == op_kind_count);

std::string describe_end(const op& what) {
  switch (static_cast<ending>(what.argument)) {
    case ending::returned:
      return "return";
    case ending::exit:
      return "exit";
    case ending::panic:
      return "panic: " + std::string(what.text);
    case ending::fatal:
      return "fatal error: " + std::string(what.text);
  }
  return "end";
}

std::string value_text(const shown& value) {
  std::string text;
  if (value.print != nullptr && value.value != nullptr) value.print(value.value, text);
  return text;
}

}  // namespace

std::string_view name_of(op_kind kind) { return names[static_cast<std::size_t>(kind)]; }

std::string describe(const op& what, const std::string& object) {
  const std::string name(name_of(what.kind));
  const auto on_object = [&](std::string_view act) {
    const std::string value = value_text(what.value);
    const std::string text = object.empty() ? std::string(act) : object + "." + std::string(act);
    return value.empty() ? text : text + " " + value;
  };
  switch (what.kind) {
    case op_kind::go:
      return "go";
    case op_kind::print:
      return "print " + quoted(what.text);
    case op_kind::end:
      return describe_end(what);
    case op_kind::sleep:
    case op_kind::after:
      return name + " " + describe_time(what.argument);
    case op_kind::start:
    case op_kind::reset:
      return object + "." + name + " " + describe_time(what.argument);
    case op_kind::choose:
      return "choose " + std::to_string(what.argument);
    case op_kind::wait:
    case op_kind::add:  // of a history the text says what it is
      if (!what.text.empty()) return on_object(what.text);
      if (what.kind == op_kind::wait) break;
      return what.argument == -1 ? object + ".done"
                                 : object + ".add " + std::to_string(what.argument);
    default:
      break;
  }
  return on_object(name);
}

std::string describe_time(std::int64_t nanoseconds) {
  struct unit {
    std::int64_t size;
    const char* name;
  };
  constexpr std::array<unit, 4> units = {
      {{1'000'000'000, "s"}, {1'000'000, "ms"}, {1'000, "us"}, {1, "ns"}}};
  for (const unit& u : units) {
    if (nanoseconds % u.size == 0) return std::to_string(nanoseconds / u.size) + u.name;
  }
  return std::to_string(nanoseconds) + "ns";
}

bool is_within_library(where at) {
  if (!at) return false;
  const std::string_view file = at.file();
  return file.find("/include/c++/") != std::string_view::npos ||
         file.starts_with("/usr/include/") || file.starts_with("/usr/lib/");
}

std::string describe_place(where at) {
  if (!at) return "";
  std::string_view file = at.file();
  if (const std::size_t slash = file.rfind('/'); slash != std::string_view::npos) {
    file.remove_prefix(slash + 1);
  }
  return std::string(file) + ":" + std::to_string(at.line());
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          char escape[8];
          std::snprintf(escape, sizeof escape, "\\x%02x", static_cast<unsigned char>(c));
          out += escape;
        } else {
          out += c;
        }
    }
  }
  return out + '"';
}

}  // namespace braid
