// Programs by name; see <braid/scenario.hpp>.
#include <algorithm>
#include <braid/scenario.hpp>
#include <cctype>
#include <charconv>
#include <iterator>
#include <utility>

#include "edit_distance.hpp"

namespace braid {
namespace {

std::vector<scenario>& registry() {
  static std::vector<scenario> all;
  return all;
}

std::string place_of(const scenario& s) {
  return s.at() ? std::string(s.at().file()) + ":" + std::to_string(s.at().line()) : "no place";
}

bool is_fit(std::string_view name) {
  return !name.empty() && name[0] != '-' && std::none_of(name.begin(), name.end(), [](char c) {
    return c == ':' || std::isspace(static_cast<unsigned char>(c)) != 0;
  });
}

// Those of one name are neighbours, in the order of their registration.
void refuse_unfit(const std::vector<scenario>& all) {
  for (const scenario& s : all) {
    if (is_fit(s.name())) continue;
    throw unfit_scenario("'" + s.name() +
                         "' cannot be the name of a program: it must not be empty, hold a blank or "
                         "a colon, or begin with -: " +
                         place_of(s));
  }
  const auto twin =
      std::adjacent_find(all.begin(), all.end(),
                         [](const scenario& a, const scenario& b) { return a.name() == b.name(); });
  if (twin == all.end()) return;
  throw unfit_scenario("two programs are called '" + twin->name() + "': " + place_of(*twin) +
                       " and " + place_of(*std::next(twin)));
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

// Throws if it is a program's name and something else than a size.
void refuse_size(std::string_view name) {
  const std::string_view before = name.substr(0, name.rfind(':'));
  for (const scenario& s : registry()) {
    if (before == name || s.name() != before) continue;
    throw unknown_program("the size of '" + s.name() + "' is a number from 1 on, not '" +
                          std::string(name.substr(before.size() + 1)) + "'");
  }
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

const std::vector<scenario>& scenarios() {
  refuse_unfit(registry());
  return registry();
}

const scenario& find_scenario(std::string_view name) {
  const std::string_view bare = split(name).name;
  for (const scenario& s : scenarios()) {
    if (s.name() == bare) return s;
  }
  refuse_size(bare);
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
      std::upper_bound(all.begin(), all.end(), name,
                       [](const std::string& n, const scenario& s) { return n < s.name(); });
  all.insert(place, scenario(std::move(name), at, main, std::move(summary), std::move(options)));
}

}  // namespace braid
