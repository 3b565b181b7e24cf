// Programs by name; see <braid/scenario.hpp>.
#include <algorithm>
#include <braid/scenario.hpp>
#include <charconv>
#include <utility>

namespace braid {
namespace {

std::vector<scenario>& registry() {
  static std::vector<scenario> all;
  return all;
}

struct name_and_size {
  std::string_view name;
  std::optional<int> size;
};

// Splits `ring:25`. A colon that no positive number follows belongs to the name.
name_and_size split(std::string_view full) {
  const std::size_t colon = full.rfind(':');
  if (colon == std::string_view::npos) return {full, {}};
  int size = 0;
  const char* end = full.data() + full.size();
  const auto [stop, error] = std::from_chars(full.data() + colon + 1, end, size);
  if (error != std::errc{} || stop != end || size <= 0) return {full, {}};
  return {full.substr(0, colon), size};
}

// The number of single-character edits between two words (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = std::exchange(row[j], std::min({replaced, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row[b.size()];
}

std::string refusal(std::string_view name) {
  std::string text = "no program '" + std::string(name) + "'";
  const auto nearest = std::min_element(
      registry().begin(), registry().end(), [&](const scenario& a, const scenario& b) {
        return distance(a.name(), name) < distance(b.name(), name);
      });
  if (nearest != registry().end() && distance(nearest->name(), name) <= 1 + name.size() / 3) {
    text += "; did you mean '" + nearest->name() + "'?";
  }
  return text + " ('list' shows all)";
}

}  // namespace

scenario::scenario(std::string name, where at, body main, std::string summary,
                   scenario_options options)
    : name_(std::move(name)),
      summary_(std::move(summary)),
      options_(std::move(options)),
      at_(at),
      main_(main) {}

program scenario::with_size(std::optional<int> size) const {
  const int chosen = size.value_or(options_.size);
  return {.name = chosen == 0 ? name_ : name_ + ":" + std::to_string(chosen),
          .main = [body = main_, chosen] { body(chosen); }};
}

const std::vector<scenario>& scenarios() { return registry(); }

const scenario& find_scenario(std::string_view name) {
  const std::string_view bare = split(name).name;
  for (const scenario& s : registry()) {
    if (s.name() == bare) return s;
  }
  throw unknown_program(refusal(bare));
}

program find_program(std::string_view name) {
  const scenario& found = find_scenario(name);
  const std::optional<int> size = split(name).size;
  if (size && found.options().size == 0) {
    throw unknown_program("the program '" + found.name() +
                          "' takes no size; leave out ':" + std::to_string(*size) + "'");
  }
  return found.with_size(size);
}

detail::registration::registration(std::string name, where at, scenario::body main,
                                   std::string summary, scenario_options options) {
  auto& all = registry();
  const auto place =
      std::lower_bound(all.begin(), all.end(), name,
                       [](const scenario& s, const std::string& n) { return s.name() < n; });
  all.insert(place, scenario(std::move(name), at, main, std::move(summary), std::move(options)));
}

}  // namespace braid
