// Text and numbers for terminals; see text.hpp.
#include "report/text.hpp"

#include <array>
#include <cstdio>

namespace braid {
namespace {

struct character {
  char32_t code = 0;
  std::size_t bytes = 1;
  bool is_valid = false;
};

// The first character of non-empty UTF-8. Overlong forms, surrogates and the rest are invalid.
character decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {lead, 1, false};
  char32_t code = lead & (0xff >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0) != 0x80) return {lead, 1, false};
    code = (code << 6) | (next & 0x3f);
  }
  constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code >= 0xd800 && code < 0xe000;
  if (code < least[bytes] || code > 0x10ffff || is_surrogate) return {lead, 1, false};
  return {code, bytes, true};
}

struct range {
  char32_t first;
  char32_t last;
};

constexpr std::array<range, 10> wide = {{{0x1100, 0x115f},
                                         {0x2e80, 0xa4cf},
                                         {0xac00, 0xd7a3},
                                         {0xf900, 0xfaff},
                                         {0xfe30, 0xfe6f},
                                         {0xff00, 0xff60},
                                         {0xffe0, 0xffe6},
                                         {0x1f300, 0x1f64f},
                                         {0x1f900, 0x1f9ff},
                                         {0x20000, 0x3fffd}}};
constexpr std::array<range, 3> combining = {{{0x300, 0x36f}, {0x200b, 0x200f}, {0xfe00, 0xfe0f}}};

template <std::size_t N>
bool is_in(const std::array<range, N>& ranges, char32_t code) {
  for (const range& r : ranges) {
    if (code >= r.first && code <= r.last) return true;
  }
  return false;
}

std::size_t columns_of(const character& c) {
  if (!c.is_valid || c.code < 0x300) return 1;
  if (is_in(combining, c.code)) return 0;
  return is_in(wide, c.code) ? 2 : 1;
}

bool is_control(const character& c) {
  return c.code < 0x20 || (c.code >= 0x7f && c.code < 0xa0) || c.code == 0x2028 ||
         c.code == 0x2029 || (c.code >= 0x200b && c.code <= 0x200f) ||
         (c.code >= 0x202a && c.code <= 0x202e);  // these turn the direction of the line
}

void escape(std::string_view bytes, std::string& to) {
  for (const char c : bytes) {
    switch (c) {
      case '\n':
        to += "\\n";
        continue;
      case '\t':
        to += "\\t";
        continue;
      case '\r':
        to += "\\r";
        continue;
      default:
        break;
    }
    char code[8];
    std::snprintf(code, sizeof code, "\\x%02x", static_cast<unsigned char>(c));
    to += code;
  }
}

std::string escaped(std::string_view text, const style& look, bool is_literal) {
  std::string out;
  while (!text.empty()) {
    const character c = decode(text);
    const std::string_view bytes = text.substr(0, c.bytes);
    if (is_literal && (c.code == '"' || c.code == '\\')) out += '\\';
    if (!c.is_valid || is_control(c) || (c.code >= 0x80 && !look.unicode)) {
      escape(bytes, out);
    } else {
      out += bytes;
    }
    text.remove_prefix(c.bytes);
  }
  return out;
}

// How many bytes of `text` fit into `width` columns; at least one character.
std::size_t bytes_that_fit(std::string_view text, std::size_t width) {
  std::size_t bytes = 0;
  std::size_t columns = 0;
  while (bytes < text.size()) {
    const character c = decode(text.substr(bytes));
    columns += columns_of(c);
    if (columns > width && bytes > 0) break;
    bytes += c.bytes;
  }
  return bytes;
}

// Where to break a line of `text` that has room for `bytes`: after an escaped newline, at a space
// or after a dot, if one is not too far back.
std::size_t good_break(std::string_view text, std::size_t bytes) {
  const std::string_view line = text.substr(0, bytes);
  const std::size_t newline = line.rfind("\\n");
  const bool leaves_little = text.size() - newline < 5;  // the closing quote alone
  if (newline != std::string_view::npos && !leaves_little && (newline + 2) * 2 > bytes) {
    return newline + 2;
  }
  const std::size_t part = line.rfind("  ");  // parts of a line in the lanes
  if (part != std::string_view::npos && part * 3 > bytes) return part;
  const std::size_t space = text.rfind(' ', bytes);
  if (space != std::string_view::npos && space * 3 > bytes) return space;
  const std::size_t dot = line.rfind('.');  // mutex1.lock
  if (dot != std::string_view::npos && dot * 3 > bytes) return dot + 1;
  return bytes;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const character c = decode(text);
    columns += columns_of(c);
    text.remove_prefix(c.bytes);
  }
  return columns;
}

std::string printable(std::string_view text, const style& look) {
  return escaped(text, look, false);
}

std::string quote(std::string_view text, const style& look) {
  return '"' + escaped(text, look, true) + '"';
}

std::vector<std::string> fold(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (columns_of(text) > width) {
    const std::size_t bytes = good_break(text, bytes_that_fit(text, width));
    lines.emplace_back(text.substr(0, bytes));
    text.remove_prefix(bytes);
    while (text.starts_with(' ')) text.remove_prefix(1);
  }
  if (!text.empty() || lines.empty()) lines.emplace_back(text);
  for (std::string& l : lines) {
    while (l.ends_with(' ')) l.pop_back();
  }
  return lines;
}

std::string shell_word(const std::string& text) {
  constexpr std::string_view harmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:.,/@%~";
  if (!text.empty() && text.find_first_not_of(harmless) == std::string::npos && text[0] != '~') {
    return text;
  }
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string clip(std::string_view text, std::size_t width, const style& look) {
  if (columns_of(text) <= width) return std::string(text);
  const std::string_view dots = text_of(mark::ellipsis, look);
  const std::size_t room = width - std::min(width, columns_of(dots));
  return std::string(text.substr(0, room == 0 ? 0 : bytes_that_fit(text, room))) +
         std::string(dots);
}

std::string with_commas(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return with_commas(number) + " " + std::string(noun) + (number == 1 ? "" : "s");
}

std::string in_words(double seconds) {
  if (seconds < 1) return fixed(seconds * 1e3, seconds < 0.01 ? 1 : 0) + " ms";
  if (seconds < 100) return fixed(seconds, 1) + " s";
  const auto minutes = static_cast<std::uint64_t>(seconds / 60);
  return std::to_string(minutes) + " min " + fixed(seconds - static_cast<double>(minutes) * 60, 0) +
         " s";
}

std::string in_short(double number) {
  constexpr std::array<std::string_view, 6> units = {"", " k", " M", " G", " T", " P"};
  std::size_t unit = 0;
  for (; number >= 999.5 && unit + 1 < units.size(); ++unit) number /= 1000;
  if (number < 999.5)
    return fixed(number, unit > 0 && number < 9.95 ? 1 : 0) + std::string(units[unit]);
  char text[32];
  std::snprintf(text, sizeof text, "%.0e", number * 1e15);
  return text;
}

std::string as_clock(double seconds) {
  const auto all = static_cast<std::uint64_t>(seconds + 0.5);
  const auto two_digits = [](std::uint64_t n) { return (n < 10 ? ":0" : ":") + std::to_string(n); };
  const std::string minutes_up = two_digits(all % 60);
  if (all < 3600) return std::to_string(all / 60) + minutes_up;
  return std::to_string(all / 3600) + two_digits(all / 60 % 60) + minutes_up;
}

std::string fixed(double number, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, number);
  return text;
}

}  // namespace braid
