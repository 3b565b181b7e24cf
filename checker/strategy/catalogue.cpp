// The strategies by name; see catalogue.hpp.
#include "strategy/catalogue.hpp"

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "strategy/run_ranges.hpp"
#include "strategy/single_job.hpp"

namespace braid {
namespace {

using bounding = strategy_entry::bounding;

constexpr std::array entries = {
    strategy_entry{"random", "uniform random walk", make_random},
    strategy_entry{.name = "dfs",
                   .summary = "every interleaving, one after another",
                   .make = make_dfs,
                   .bounds = bounding::by_itself,
                   .make_frontier = make_dfs_frontier},
    strategy_entry{.name = "dpor",
                   .summary = "each class of equivalent executions once",
                   .make = make_dpor,
                   .bounds = bounding::none,
                   .make_frontier = make_dpor_frontier},
    strategy_entry{"urw", "every interleaving about equally likely", make_urw},
    strategy_entry{"surw", "every order of the events on one object about equally likely",
                   make_surw},
    strategy_entry{"pct", "random priorities that change at d - 1 points", make_pct,
                   bounding::from_afar, "[:d[:k]]", 2},
    strategy_entry{"pos", "random priorities, drawn again where events race", make_pos},
    strategy_entry{"portfolio", "urw, pos, pct:2, surw, pct:3, random and pct:4 in turn",
                   make_portfolio},
};

// A name with its parameters, pct:4:90.
struct parsed_name {
  const strategy_entry* entry = nullptr;  // null: there is none of this name
  std::vector<std::uint32_t> parameters = {};
  bool is_well_formed = true;
};

parsed_name parse(std::string_view text) {
  parsed_name name;
  const std::size_t colon = text.find(':');
  for (const strategy_entry& entry : entries) {
    if (entry.name == text.substr(0, colon)) name.entry = &entry;
  }
  for (std::size_t at = colon; at != std::string_view::npos;) {
    const std::size_t next = text.find(':', at + 1);
    const std::string_view part = text.substr(at + 1, next - at - 1);
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    name.is_well_formed = name.is_well_formed && error == std::errc{} &&
                          end == part.data() + part.size() && number > 0;
    name.parameters.push_back(number);
    at = next;
  }
  return name;
}

std::unique_ptr<strategy> make(const strategy_entry& entry, const strategy_options& options) {
  if (options.deviations_max) return make_bounded_dfs(options);
  if (!options.preemptions_max && !options.delays_max) return entry.make(options);
  if (options.preemptions_max && options.delays_max) {
    throw std::invalid_argument("either preemptions or delays can be bounded, not both");
  }
  if (entry.bounds == bounding::none) {
    throw std::invalid_argument("the strategy " + std::string(entry.name) +
                                " cannot bound preemptions or delays; dfs can");
  }
  if (entry.bounds == bounding::by_itself) return make_bounded_dfs(options);
  return make_bounded(entry.make(options), options);
}

}  // namespace

std::span<const strategy_entry> strategies() { return entries; }

std::string what_strategy_must_be(std::string_view text) {
  const parsed_name name = parse(text);
  if (name.entry == nullptr) {
    std::string names;
    for (const strategy_entry& entry : entries) {
      names += (names.empty() ? "" : ", ") + std::string(entry.name);
      names += entry.parameters;
    }
    return "must be one of " + names;
  }
  if (name.is_well_formed && name.parameters.size() <= name.entry->parameters_max) return {};
  const std::string form(name.entry->name);
  if (name.entry->parameters_max == 0) return "must be " + form + " without parameters";
  return "must be " + form + std::string(name.entry->parameters) + ", with numbers from 1";
}

nlohmann::json strategy::save() const { return nullptr; }

void strategy::load(const nlohmann::json&) {}

std::string bound_in_words(const strategy_options& options) {
  if (!options.preemptions_max && !options.delays_max) return {};
  const std::uint32_t bound = options.preemptions_max.value_or(options.delays_max.value_or(0));
  return "at most " + std::to_string(bound) + (options.preemptions_max ? " preemption" : " delay") +
         (bound == 1 ? "" : "s");
}

bool is_strategy(std::string_view name) { return what_strategy_must_be(name).empty(); }

std::unique_ptr<strategy> make_strategy(const strategy_options& options) {
  const std::string mistake = what_strategy_must_be(options.name);
  if (!mistake.empty()) {
    throw std::invalid_argument("no strategy '" + options.name + "': it " + mistake);
  }
  const parsed_name name = parse(options.name);
  strategy_options named = options;
  named.parameters = name.parameters;
  return make(*name.entry, named);
}

std::unique_ptr<frontier> make_frontier(const strategy_options& options) {
  const bool is_exhaustive = make_strategy(options)->is_exhaustive();
  const bool is_bounded = options.preemptions_max || options.delays_max;
  const strategy_entry& entry = *parse(options.name).entry;
  if (entry.make_frontier != nullptr && !is_bounded) return entry.make_frontier(options);
  return is_exhaustive ? make_single_job(options) : make_run_ranges({});
}

}  // namespace braid
