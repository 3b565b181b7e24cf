// Values of options; see values.hpp.
#include "cli/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "names.hpp"

namespace braid::cli {
namespace {

constexpr std::uint32_t shards_max = 100'000;

// True if all of `text` is a decimal number without a sign.
bool read_decimal(std::string_view text, double& number) {
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

// Takes up to `digits_max` digits from the front; false if there is none.
bool take_code(std::string_view& text, int base, int digits_max, unsigned& code) {
  int digits = 0;
  code = 0;
  while (digits < digits_max && !text.empty() && digit_of(text[0]) < base) {
    code = code * static_cast<unsigned>(base) + static_cast<unsigned>(digit_of(text[0]));
    text.remove_prefix(1);
    ++digits;
  }
  return digits > 0;
}

// Takes one escape, after its backslash, from the front of `text`.
char take_escape(std::string_view& text) {
  constexpr std::string_view letters = "abfnrtv\\\"'?@";
  constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\\"'?@";
  unsigned code = 0;
  if (text.empty()) throw bad_value("ends in a backslash; write \\\\ for one");
  const char letter = text[0];
  if (const std::size_t at = letters.find(letter); at != std::string_view::npos) {
    text.remove_prefix(1);
    return meanings[at];
  }
  if (take_code(text, 8, 3, code) && code < 256) return static_cast<char>(code);
  if (letter == 'x') {
    text.remove_prefix(1);
    if (take_code(text, 16, 2, code)) return static_cast<char>(code);
  }
  throw bad_value("has an unknown escape '\\" + std::string(1, letter) +
                  "'; the escapes are those of C: \\n \\t \\\\ \\\" \\x0a");
}

std::string unescape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const char c = text[0];
    text.remove_prefix(1);
    out += c == '\\' ? take_escape(text) : c;
  }
  return out;
}

// The same outcome in words without control characters, and without a blank at the end.
std::string on_one_line(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool ends = c == ' ' && i + 1 == text.size();
    if (c == '\n') {
      line += "\\n";
    } else if (c < ' ' || c == 0x7f || ends) {
      line += std::string("\\x") + hex[c / 16] + hex[c % 16];
    } else {
      line += text[i];
    }
  }
  return line;
}

}  // namespace

std::string all_verdicts() {
  std::string names;
  for (int v = 0; v < verdict_count; ++v) {
    names += (v == 0 ? "" : ", ") + std::string(name_of(static_cast<verdict>(v)));
  }
  return names;
}

std::uint64_t to_number(std::string_view text, bounds within) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < within.least ||
      number > within.most) {
    throw bad_value("must be a whole number from " + std::to_string(within.least) + " to " +
                    std::to_string(within.most));
  }
  return number;
}

double to_factor(std::string_view text, double most) {
  double number = 0;
  if (!read_decimal(text, number) || number > most) {
    throw bad_value("must be a number from 0 to " + std::to_string(static_cast<int>(most)) +
                    ", such as 0.01");
  }
  return number;
}

std::chrono::nanoseconds to_time(std::string_view text) {
  struct unit {
    std::string_view name;
    double seconds;
  };
  constexpr std::array<unit, 4> units = {{{"ms", 1e-3}, {"s", 1}, {"m", 60}, {"h", 3600}}};
  constexpr double year = 365 * 24 * 3600.0;
  for (const unit& u : units) {
    double number = 0;
    if (!text.ends_with(u.name)) continue;
    if (!read_decimal(text.substr(0, text.size() - u.name.size()), number)) continue;
    const double seconds = number * u.seconds;
    if (seconds <= 0 || seconds > year) break;
    return std::chrono::nanoseconds(std::llround(std::max(1.0, seconds * 1e9)));
  }
  throw bad_value("must be a time above zero and up to a year, such as 500ms, 10s, 5m or 2h");
}

outcome_pattern to_outcome(std::string_view text) {
  outcome_pattern pattern{.text = on_one_line(text)};
  if (text.starts_with('@')) {
    pattern.what = verdict_named(text.substr(1));
    if (!pattern.what) throw bad_value("names no verdict; the verdicts are " + all_verdicts());
  } else {
    pattern.output = unescape(text);
  }
  return pattern;
}

bool outcome_pattern::matches(const reported_outcome& o) const {
  if (!what) return o.output == output;
  return std::find(o.verdicts.begin(), o.verdicts.end(), *what) != o.verdicts.end();
}

search_shard to_shard(std::string_view text) {
  search_shard part;
  const char* const end = text.data() + text.size();
  const auto [slash, bad_index] = std::from_chars(text.data(), end, part.index);
  if (bad_index == std::errc{} && slash != end && *slash == '/') {
    const auto [stop, bad_count] = std::from_chars(slash + 1, end, part.count);
    const bool is_read = bad_count == std::errc{} && stop == end;
    if (is_read && part.index < part.count && part.count <= shards_max) return part;
  }
  throw bad_value("must be I/N with I from 0 to N-1 and N up to " + std::to_string(shards_max) +
                  ", such as 0/8");
}

std::string to_path(std::string_view text) {
  if (text.empty()) throw bad_value("must be the name of a file");
  return std::string(text);
}

std::string to_form(std::string_view text) {
  if (std::find(show_forms.begin(), show_forms.end(), text) != show_forms.end()) {
    return std::string(text);
  }
  throw bad_value("must be lanes, html, perfetto, dot or json");
}

std::string to_page_path(std::string_view text) {
  if (text == "-") throw bad_value("must be the name of a file: no page is written to stdout");
  return to_path(text);
}

bool to_flag(std::string_view text) {
  if (text == "1" || text == "true") return true;
  if (text == "0" || text == "false") return false;
  throw bad_value("must be 1 or 0");
}

timer_mode to_timer_mode(std::string_view text) {
  if (const std::optional<timer_mode> mode = timer_mode_named(text)) return *mode;
  throw bad_value("must be ordered or free");
}

when to_when(std::string_view text) {
  if (text == "auto") return when::automatic;
  if (text == "always") return when::always;
  if (text == "never") return when::never;
  throw bad_value("must be auto, always or never");
}

}  // namespace braid::cli
