// Marks and colours; see style.hpp.
#include "report/style.hpp"

#include <array>

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

std::string painted(std::string_view text, ink color, const style& look) {
  if (!look.color || color == ink::plain || text.empty()) return std::string(text);
  return "\x1b[" + std::string(codes[static_cast<std::size_t>(color)]) + "m" + std::string(text) +
         "\x1b[0m";
}

}  // namespace braid
