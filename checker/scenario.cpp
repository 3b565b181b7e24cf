// Programs by name; see <braid/scenario.hpp>.
#include <algorithm>
#include <braid/scenario.hpp>
#include <charconv>
#include <utility>

#include "edit_distance.hpp"

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

std::string refusal(std::string_view name) {
  std::string text = "no program '" + std::string(name) + "'";
  const auto nearest = std::min_element(
      registry().begin(), registry().end(), [&](const scenario& a, const scenario& b) {
        return edit_distance(a.name(), name) < edit_distance(b.name(), name);
      });
  if (nearest != registry().end() && edit_distance(nearest->name(), name) <= 1 + name.size() / 3) {
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
