// Regressions as text and as words; see <braid/regression.hpp>.
#include "trace/regression.hpp"

#include <algorithm>
#include <braid/regression.hpp>
#include <charconv>

#include "mix.hpp"
#include "trace/option_names.hpp"
#include "trace/schedule.hpp"

namespace braid {
namespace {

constexpr std::string_view first_line_of_file = "braid regression 1";
constexpr std::string_view before_word = " before ";
constexpr std::string_view takes_word = " takes ";
constexpr std::string_view of_word = " of ";
constexpr std::string_view no_decision = "default";
constexpr std::string_view seed_key = "seed ";

template <class Number>
bool read_all(std::string_view text, Number& to) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to);
  return error == std::errc{} && end == text.data() + text.size();
}

// Printable, on one line: what a program says may be anything.
std::string on_one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  return text;
}

std::string name_check(std::string_view program) {
  std::uint64_t h = golden_ratio;
  for (const char c : program) h = fold(h, static_cast<unsigned char>(c));
  return check_of(program, mix(h));
}

// Takes the next line from the front.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  return line;
}

[[noreturn]] void refuse_file(const std::string& why) {
  throw unusable_file("no regression can be read: " + why);
}

void take_fact(std::string_view line, regression& into) {
  const std::size_t space = std::min(line.find(' '), line.size());
  const std::string_view key = line.substr(0, space);
  const std::string value(line.substr(std::min(space + 1, line.size())));
  if (key == "program") {
    into.program = value;
  } else if (key == "verdict") {
    const std::optional<verdict> v = verdict_named(value);
    if (!v) refuse_file("there is no verdict '" + value + "'");
    into.what = *v;
  } else if (key == "cause") {
    into.cause = value;
  } else if (key == "input") {
    into.input = value;
  } else if (key == "shown") {
    into.shown = value;
  } else if (key == "token") {
    into.token = value;
  } else if (key == "with") {
    const std::size_t end = std::min(value.find(' '), value.size());
    const std::string name = value.substr(0, end);
    if (!set_option(into.options, name, value.substr(std::min(end + 1, value.size())))) {
      refuse_file("there is no option '" + value + "'");
    }
  } else if (key == "seed") {
    if (!read_all(value, into.seed)) refuse_file("'" + value + "' is no seed");
  } else {
    refuse_file("a line '" + std::string(key) + " ...' means nothing");
  }
}

std::string joined_by(const std::vector<std::string>& parts, char separator) {
  std::string text;
  for (const std::string& p : parts) text += (text.empty() ? "" : std::string(1, separator)) + p;
  return text;
}

}  // namespace

std::string text_of(const named_decision& d) {
  if (!d.actor.empty()) return d.actor + std::string(before_word) + d.operation;
  return d.operation + std::string(takes_word) + std::to_string(d.takes) + std::string(of_word) +
         std::to_string(d.of);
}

std::optional<named_decision> parse_decision(std::string_view text) {
  named_decision d;
  if (const std::size_t at = text.find(before_word); at != std::string_view::npos) {
    d.actor = text.substr(0, at);
    d.operation = text.substr(at + before_word.size());
    return d.actor.empty() || d.operation.empty() ? std::nullopt : std::optional(d);
  }
  const std::size_t at = text.find(takes_word);
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  d.operation = text.substr(0, at);
  const std::string_view numbers = text.substr(at + takes_word.size());
  const std::size_t of = numbers.find(of_word);
  if (of == std::string_view::npos || !read_all(numbers.substr(0, of), d.takes) ||
      !read_all(numbers.substr(of + of_word.size()), d.of) || d.takes >= d.of) {
    return std::nullopt;
  }
  return d;
}

std::string text_of(const regression& r) {
  std::string text(first_line_of_file);
  text +=
      "\nprogram " + on_one_line(r.program) + "\nverdict " + std::string(name_of(r.what)) + "\n";
  if (!r.cause.empty()) text += "cause " + on_one_line(r.cause) + "\n";
  if (!r.input.empty()) text += "input " + r.input + "\n";
  if (!r.shown.empty()) text += "shown " + on_one_line(r.shown) + "\n";
  if (!r.token.empty()) text += "token " + r.token + "\n";
  if (r.seed != 0) text += std::string(seed_key) + std::to_string(r.seed) + "\n";
  for (const named_option& o : changed_options(r.options)) {
    text += "with " + std::string(o.name) + (o.value ? " " + on_one_line(*o.value) : "") + "\n";
  }
  text += "\n";
  for (const std::string& d : r.decisions) text += d + "\n";
  return text;
}

bool is_regression(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (!line.empty() && line[0] != '#') return line.starts_with("braid regression");
  }
  return false;
}

regression parse_regression(std::string_view text) {
  regression r;
  bool has_begun = false;
  bool decides = false;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.starts_with('#')) continue;
    if (!has_begun) {
      if (line.empty()) continue;
      if (line != first_line_of_file) {
        refuse_file("it must begin with '" + std::string(first_line_of_file) + "'");
      }
      has_begun = true;
    } else if (line.empty()) {
      decides = true;
    } else if (!decides) {
      take_fact(line, r);
    } else {
      if (!parse_decision(line)) refuse_file("'" + std::string(line) + "' is no decision");
      r.decisions.emplace_back(line);
    }
  }
  if (!has_begun) refuse_file("it is empty");
  if (r.program.empty()) refuse_file("it names no program");
  if (!decides) refuse_file("it ends before its decisions, which an empty line precedes");
  return r;
}

std::string word_of(const regression& r) {
  std::vector<std::string> parts = r.decisions;
  if (r.seed != 0) parts.insert(parts.begin(), std::string(seed_key) + std::to_string(r.seed));
  if (parts.empty()) parts.emplace_back(no_decision);
  std::string word = joined_by(parts, '+');
  std::replace(word.begin(), word.end(), ' ', ':');
  return (r.input.empty() ? "" : "i" + r.input + "-") + word + "~" + name_check(r.program);
}

// Tokens begin with a digit, with r or with s and a digit.
bool is_regression_word(std::string_view text) {
  return text.starts_with("seed:") || (!text.empty() && text.find_first_of("imtd") == 0);
}

regression parse_word(std::string_view word, std::string_view program) {
  const std::string_view whole = word;
  const auto refuse = [&] {
    throw malformed_token("'" + std::string(whole) + "' is not a regression in one word");
  };
  regression r{.program = std::string(program)};
  if (const std::size_t tilde = word.find('~'); tilde != std::string_view::npos) {
    if (word.substr(tilde + 1) != name_check(program)) {
      throw wrong_program("'" + std::string(whole) + "' is not of the program '" +
                          std::string(program) + "'");
    }
    word = word.substr(0, tilde);
  }
  if (word.starts_with('i')) {
    const std::size_t dash = word.find('-');
    if (dash == std::string_view::npos) refuse();
    r.input = word.substr(1, dash - 1);
    word.remove_prefix(dash + 1);
  }
  std::string text(word);
  std::replace(text.begin(), text.end(), ':', ' ');
  std::replace(text.begin(), text.end(), '+', '\n');
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view part = take_line(rest);
    if (part == no_decision) continue;
    if (part.starts_with(seed_key)) {
      if (!read_all(part.substr(seed_key.size()), r.seed)) refuse();
    } else {
      if (!parse_decision(part)) refuse();
      r.decisions.emplace_back(part);
    }
  }
  if (word.empty()) refuse();
  return r;
}

}  // namespace braid
