// Outcomes in words; see outcome_text.hpp.
#include "report/outcome_text.hpp"

#include <algorithm>

#include "explain/findings.hpp"
#include "report/text.hpp"

namespace braid {
namespace {

constexpr std::size_t names_max = 3;

// `leak g1, g2, g3 and 5 more`.
std::string leak_in_words(const reported_outcome& o, const style& look) {
  std::string text(name_of(verdict::leak));
  const std::size_t all = o.leaked.size();
  for (std::size_t g = 0; g < std::min(all, names_max); ++g) {
    text += (g == 0 ? " " : ", ") + printable(o.leaked[g], look);
  }
  return all > names_max ? text + " and " + std::to_string(all - names_max) + " more" : text;
}

// What the runtime itself writes to stderr at the end: `panic: text`.
std::string last_words(std::string_view errors) {
  for (const std::string_view start : {"panic: ", "fatal error: "}) {
    std::size_t at = errors.rfind("\n" + std::string(start));
    at = at == std::string_view::npos ? 0 : at + 1;
    const std::string_view words = errors.substr(at);
    if (words.starts_with(start)) return std::string(words.substr(0, words.find('\n')));
  }
  return "";
}

std::string verdict_in_words(verdict v, const reported_outcome& o, const style& look) {
  switch (v) {
    case verdict::exit:
      return "exit " + std::to_string(o.exit_code);
    case verdict::leak:
      return leak_in_words(o, look);
    case verdict::crash:
      return "crash: " + describe_crash(o.exit_code, o.errors);
    case verdict::steps:
      return o.hung.empty() ? "cut before its end" : "cut: hangs in " + printable(o.hung, look);
    default:
      return std::string(name_of(v));
  }
}

std::string without_newlines(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

std::string outcome_in_short(const reported_outcome& o) {
  constexpr std::size_t columns_max = 200;
  const style look{.unicode = true};
  return clip(outcome_in_words(o, look), columns_max, look);
}

bool is_bad(const reported_outcome& o) { return is_finding(o.lowest); }

std::string outcome_in_words(const reported_outcome& o, const style& look) {
  std::string text = quote(o.output, look);
  const std::string last = last_words(o.errors);
  for (const verdict v : o.verdicts) {
    if (v == verdict::ok) continue;
    const bool has_words = (v == verdict::panic || v == verdict::fatal) && !last.empty();
    text += ", " + (has_words ? printable(last, look) : verdict_in_words(v, o, look));
  }
  const bool says_more = without_newlines(o.errors) != last;
  if (says_more) text += ", stderr " + quote(o.errors, look);
  return text;
}

}  // namespace braid
