// The token of an execution by its number; see run_token.hpp.
#include "trace/run_token.hpp"

#include <charconv>
#include <regex>

#include "trace/schedule.hpp"

namespace braid {
namespace {

template <class T>
bool read_number(const std::csub_match& text, T& to) {
  const auto [end, error] = std::from_chars(text.first, text.second, to);
  return error == std::errc{} && end == text.second;
}

}  // namespace

std::string text_of(const run_token& t) {
  return "r" + t.strategy + "-s" + std::to_string(t.seed) + "-k" + std::to_string(t.run) +
         (t.timers == timer_mode::free ? "-free" : "-ordered") + "-m" + std::to_string(t.steps_max);
}

std::optional<run_token> parse_run_token(std::string_view text) {
  static const std::regex form(
      "r([a-z]+)-s([0-9]+)-k([0-9]+)-(ordered|free)-m([0-9]+)(?:~([0-9a-z]{4}))?");
  std::cmatch part;
  if (!std::regex_match(text.data(), text.data() + text.size(), part, form)) return std::nullopt;
  run_token t{.strategy = part[1].str(),
              .timers = part[4] == "free" ? timer_mode::free : timer_mode::ordered,
              .check = part[6].str()};
  if (!read_number(part[2], t.seed) || !read_number(part[3], t.run) ||
      !read_number(part[5], t.steps_max)) {
    return std::nullopt;
  }
  return t;
}

}  // namespace braid
