// Verdicts, their names and their exit codes; see verdict.hpp.
#include <braid/verdict.hpp>

#include <array>
#include <bit>

namespace braid {
namespace {

struct description {
  std::string_view name;
  int exit_code;
};

constexpr std::array<description, verdict_count> descriptions = {{
    {"ok", 0},
    {"exit", 0},
    {"panic", 10},
    {"fatal", 10},
    {"deadlock", 11},
    {"race", 12},
    {"leak", 13},
    {"livelock", 14},
    {"not-linearizable", 15},
    {"mismatch", 16},
    {"nondeterministic", 17},
    {"crash", 18},
    {"steps", 0},
}};

}  // namespace

std::string_view name_of(verdict v) { return descriptions[static_cast<std::size_t>(v)].name; }

std::optional<verdict> verdict_named(std::string_view name) {
  for (std::size_t i = 0; i < descriptions.size(); ++i) {
    if (descriptions[i].name == name) return static_cast<verdict>(i);
  }
  return std::nullopt;
}

int exit_code_of(verdict v) { return descriptions[static_cast<std::size_t>(v)].exit_code; }

bool verdict_set::has_finding() const { return is_finding(lowest()); }

verdict verdict_set::lowest() const {
  verdict first = verdict::ok;
  for (std::uint32_t left = bits_; left != 0; left &= left - 1) {
    const auto v = static_cast<verdict>(std::countr_zero(left));
    if (is_finding(v)) return v;
    if (first == verdict::ok) first = v;
  }
  return first;
}

std::vector<verdict> verdict_set::all() const {
  std::vector<verdict> set;
  for (int i = 0; i < verdict_count; ++i) {
    if (has(static_cast<verdict>(i))) set.push_back(static_cast<verdict>(i));
  }
  if (set.empty()) set.push_back(verdict::ok);
  return set;
}

}  // namespace braid
