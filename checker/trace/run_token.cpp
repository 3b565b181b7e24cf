// The token of an execution by its number; see run_token.hpp.
#include "trace/run_token.hpp"

#include <charconv>
#include <regex>

#include "names.hpp"
#include "trace/schedule.hpp"

namespace braid {
namespace {

template <class T>
bool read_number(const std::csub_match& text, T& to) {
  const auto [end, error] = std::from_chars(text.first, text.second, to);
  return error == std::errc{} && end == text.second;
}

// One that may be left out.
bool read_bound(const std::csub_match& text, std::optional<std::uint32_t>& to) {
  return !text.matched || read_number(text, to.emplace());
}

}  // namespace

std::string text_of(const run_token& t) {
  std::string text =
      "r" + t.strategy + "-s" + std::to_string(t.seed) + "-k" + std::to_string(t.run);
  if (t.preemptions_max) text += "-p" + std::to_string(*t.preemptions_max);
  if (t.delays_max) text += "-d" + std::to_string(*t.delays_max);
  return text + "-" + std::string(name_of(t.timers)) + "-m" + std::to_string(t.steps_max);
}

std::optional<run_token> parse_run_token(std::string_view text) {
  static const std::regex form(
      "r([a-z]+(?::[0-9]+)*)-s([0-9]+)-k([0-9]+)(?:-p([0-9]+))?(?:-d([0-9]+))?"
      "-(ordered|free)-m([0-9]+)(?:~([0-9a-z]{4}))?");
  std::cmatch part;
  if (!std::regex_match(text.data(), text.data() + text.size(), part, form)) return std::nullopt;
  run_token t{.strategy = part[1].str(),
              .timers = timer_mode_named(part[6].str()).value(),
              .check = part[8].str()};
  if (!read_number(part[2], t.seed) || !read_number(part[3], t.run) ||
      !read_bound(part[4], t.preemptions_max) || !read_bound(part[5], t.delays_max) ||
      !read_number(part[7], t.steps_max)) {
    return std::nullopt;
  }
  return t;
}

bool is_token(std::string_view text) { return parse_token(text) || parse_run_token(text); }

}  // namespace braid
