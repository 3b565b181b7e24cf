// Marks and colours; see style.hpp.
#include "report/style.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

namespace braid {
namespace {

struct forms {
  std::string_view unicode;
  std::string_view ascii;
};

constexpr std::array<forms, static_cast<std::size_t>(mark::plus_minus) + 1> marks = {{
    {"✓", "+"},
    {"?", "?"},
    {"✗", "x"},
    {"▶", "*"},
    {"▸", ">"},
    {"◂", "<"},
    {"─", "-"},
    {"⏸", "||"},
    {"→", "->"},
    {"…", "..."},
    {"–", "-"},
    {"↻", "loop"},
    {"±", "+-"},
}};

constexpr std::array<std::string_view, static_cast<std::size_t>(ink::accent) + 1> codes = {
    "", "2", "1", "32", "1;31", "36"};

}  // namespace

std::string_view text_of(mark m, const style& look) {
  const forms& f = marks[static_cast<std::size_t>(m)];
  return look.unicode ? f.unicode : f.ascii;
}

// The first of these that is not empty decides.
bool is_utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* const set = std::getenv(name);
    std::string value = set == nullptr ? "" : set;
    if (value.empty()) continue;
    std::transform(value.begin(), value.end(), value.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

std::string painted(std::string_view text, ink color, const style& look) {
  if (!look.color || color == ink::plain || text.empty()) return std::string(text);
  return "\x1b[" + std::string(codes[static_cast<std::size_t>(color)]) + "m" + std::string(text) +
         "\x1b[0m";
}

}  // namespace braid
