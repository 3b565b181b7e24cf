// The set of outcomes; see outcomes.hpp.
#include "search/outcomes.hpp"

#include <cstring>
#include <nlohmann/json.hpp>
#include <tuple>

namespace braid {
namespace {

std::uint64_t mixed(std::uint64_t h, std::uint64_t word) {
  h = (h ^ word) * 0x9e3779b97f4a7c15;
  return h ^ (h >> 32);
}

std::uint64_t hash_text(std::uint64_t h, std::string_view text) {
  h = mixed(h, text.size());
  while (text.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    h = mixed(h, word);
    text.remove_prefix(8);
  }
  std::uint64_t tail = 0;
  std::memcpy(&tail, text.data(), text.size());
  return mixed(h, tail);
}

std::uint64_t hash_of(std::string_view output, std::string_view errors, verdict_set verdicts,
                      int exit_code) {
  const std::uint64_t end =
      verdicts.bits() * 0x100000000ULL + static_cast<std::uint32_t>(exit_code);
  return hash_text(hash_text(end, output), errors);
}

// True if the schedule of `fresh` is to be kept rather than that of `kept`.
bool is_nearer(std::size_t fresh_deviations, std::uint64_t fresh_run, const outcome& kept) {
  return std::tuple(fresh_deviations, fresh_run) <
         std::tuple(kept.follow.deviations.size(), kept.run);
}

void keep_schedule(outcome& kept, const execution& done) {
  kept.follow = schedule_of(done);
  kept.run = done.facts().run;
  kept.trace_hash = done.facts().trace_hash;
  kept.steps = done.facts().steps;
}

outcome outcome_of(const execution& done) {
  outcome fresh{.output = std::string(done.output()),
                .errors = std::string(done.errors()),
                .verdicts = done.verdicts(),
                .exit_code = done.facts().exit_code,
                .count = 1,
                .follow = {}};
  keep_schedule(fresh, done);
  return fresh;
}

}  // namespace

bool outcome::is_same(const outcome& other) const {
  return output == other.output && errors == other.errors && verdicts == other.verdicts &&
         exit_code == other.exit_code;
}

template <class Same>
outcome* outcome_set::find(std::uint64_t hash, Same&& same) {
  for (std::size_t i = hash & (places_.size() - 1); places_[i].index != 0;
       i = (i + 1) & (places_.size() - 1)) {
    outcome& candidate = seen_[places_[i].index - 1];
    if (places_[i].hash == hash && same(candidate)) return &candidate;
  }
  return nullptr;
}

void outcome_set::place_at(std::uint64_t hash, std::uint32_t index) {
  std::size_t i = hash & (places_.size() - 1);
  while (places_[i].index != 0) i = (i + 1) & (places_.size() - 1);
  places_[i] = {hash, index};
}

outcome& outcome_set::insert(std::uint64_t hash, outcome fresh) {
  seen_.push_back(std::move(fresh));
  if (seen_.size() * 2 > places_.size()) {
    std::vector<place> old(places_.size() * 2);
    old.swap(places_);
    for (const place& p : old) {
      if (p.index != 0) place_at(p.hash, p.index);
    }
  }
  place_at(hash, static_cast<std::uint32_t>(seen_.size()));
  return seen_.back();
}

void outcome_set::add(const execution& done) {
  const verdict_set verdicts = done.verdicts();
  const std::uint64_t hash =
      hash_of(done.output(), done.errors(), verdicts, done.facts().exit_code);
  outcome* kept = find(hash, [&](const outcome& o) {
    return o.output == done.output() && o.errors == done.errors() && o.verdicts == verdicts &&
           o.exit_code == done.facts().exit_code;
  });
  if (kept == nullptr) {
    insert(hash, outcome_of(done));
    return;
  }
  ++kept->count;
  if (is_nearer(done.facts().deviations, done.facts().run, *kept)) keep_schedule(*kept, done);
}

void outcome_set::merge(const outcome& other) {
  const std::uint64_t hash = hash_of(other.output, other.errors, other.verdicts, other.exit_code);
  outcome* kept = find(hash, [&](const outcome& o) { return o.is_same(other); });
  if (kept == nullptr) {
    insert(hash, other);
    return;
  }
  const std::uint64_t count = kept->count + other.count;
  if (is_nearer(other.follow.deviations.size(), other.run, *kept)) *kept = other;
  kept->count = count;
}

nlohmann::json to_message(const outcome& o) {
  nlohmann::json deviations = nlohmann::json::array();
  for (const deviation& d : o.follow.deviations) {
    deviations.push_back({d.step, static_cast<int>(d.kind), d.taken});
  }
  return {{"output", o.output},
          {"errors", o.errors},
          {"verdicts", o.verdicts.bits()},
          {"exit_code", o.exit_code},
          {"count", o.count},
          {"deviations", deviations},
          {"data_seed", o.follow.data_seed},
          {"run", o.run},
          {"trace_hash", o.trace_hash},
          {"steps", o.steps}};
}

outcome from_message(const nlohmann::json& message) {
  outcome o{.output = message.at("output"),
            .errors = message.at("errors"),
            .verdicts = verdict_set::of_bits(message.at("verdicts")),
            .exit_code = message.at("exit_code"),
            .count = message.at("count"),
            .follow = {},
            .run = message.at("run"),
            .trace_hash = message.at("trace_hash"),
            .steps = message.at("steps")};
  o.follow.data_seed = message.at("data_seed");
  for (const auto& d : message.at("deviations")) {
    o.follow.deviations.push_back({d.at(0), static_cast<decision_kind>(d.at(1)), d.at(2)});
  }
  return o;
}

}  // namespace braid
