// Schedules and tokens; see schedule.hpp.
#include "trace/schedule.hpp"

#include <charconv>

namespace braid {
namespace {

constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";  // base 32, no i l o u
constexpr std::size_t check_length = 4;

char letter_of(decision_kind kind) { return "gtcv"[static_cast<int>(kind)]; }

std::uint64_t fnv(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return h ^ (h >> 29);
}

// Takes a decimal number without sign from the front of `text`.
template <class T>
bool take_number(std::string_view& text, T& to) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

std::optional<deviation> parse_deviation(std::string_view text) {
  deviation d{};
  if (!take_number(text, d.step) || d.step == 0 || text.empty()) return std::nullopt;
  const std::size_t kind = std::string_view("gtcv").find(text[0]);
  if (kind == std::string_view::npos) return std::nullopt;
  d.kind = static_cast<decision_kind>(kind);
  text.remove_prefix(1);
  if (d.kind == decision_kind::timer) {
    std::uint32_t ordinal = 1;
    if (!text.empty() && (!take_number(text, ordinal) || ordinal == 0)) return std::nullopt;
    d.taken = ordinal - 1;
  } else if (!take_number(text, d.taken)) {
    return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  return d;
}

bool parse_item(std::string_view item, schedule& into) {
  if (item.starts_with('s')) {
    item.remove_prefix(1);
    return take_number(item, into.data_seed) && item.empty();
  }
  const std::optional<deviation> d = parse_deviation(item);
  if (!d) return false;
  // In the order of the steps; a step decides who runs before it decides an arm or a value.
  if (!into.deviations.empty() && into.deviations.back().step > d->step) return false;
  into.deviations.push_back(*d);
  return true;
}

}  // namespace

schedule schedule_of(const execution& done) {
  schedule s;
  set_schedule(s, done);
  return s;
}

void set_schedule(schedule& s, const execution& done) {
  s.data_seed = done.facts().drew_random ? done.facts().data_seed : 0;
  s.deviations.clear();
  for (const decision& d : done.decisions()) {
    if (d.is_deviation()) s.deviations.push_back({d.step, d.kind, d.taken});
  }
}

std::string text_of(const deviation& d) {
  std::string text = std::to_string(d.step) + letter_of(d.kind);
  if (d.kind != decision_kind::timer) return text + std::to_string(d.taken);
  return d.taken == 0 ? text : text + std::to_string(d.taken + 1);
}

std::string text_of(const schedule& s) {
  std::string text;
  if (s.data_seed != 0) text += ".s" + std::to_string(s.data_seed);
  for (const deviation& d : s.deviations) text += "." + text_of(d);
  return text.empty() ? "0" : text.substr(1);
}

std::string check_of(std::string_view program, std::uint64_t trace_hash) {
  std::string check(1, alphabet[fnv(program) % 32]);
  for (std::size_t i = 1; i < check_length; ++i) {
    check += alphabet[trace_hash % 32];
    trace_hash /= 32;
  }
  return check;
}

std::optional<token> parse_token(std::string_view text) {
  token read;
  const std::size_t tilde = text.find('~');
  if (tilde != std::string_view::npos) {
    read.check = text.substr(tilde + 1);
    text = text.substr(0, tilde);
    if (read.check.size() != check_length ||
        read.check.find_first_not_of(alphabet) != std::string::npos) {
      return std::nullopt;
    }
  }
  if (text == "0") return read;
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!parse_item(text.substr(0, dot), read.follow)) return std::nullopt;
    if (dot == std::string_view::npos) return read;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace braid
