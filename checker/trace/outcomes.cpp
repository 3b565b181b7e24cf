// The set of outcomes; see outcomes.hpp.
#include "trace/outcomes.hpp"

#include <algorithm>
#include <cstring>
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
                      int exit_code, std::uint64_t races) {
  const std::uint64_t end =
      (verdicts.bits() * 0x100000000ULL + static_cast<std::uint32_t>(exit_code)) ^ races;
  return hash_text(hash_text(end, output), errors);
}

std::uint64_t hash_of(const execution& done) {
  return hash_of(done.output(), done.errors(), done.verdicts(), done.facts().exit_code,
                 done.facts().races);
}

bool is_within_event(const deviation& d) {
  return d.kind == decision_kind::arm || d.kind == decision_kind::value;
}

// Where two schedules part, the one that took the default there comes first in dfs, hence the one
// that deviates later; then ranks decide, which here grow with what is taken.
bool is_earlier(const deviation& a, const deviation& b) {
  if (a.step != b.step) return a.step > b.step;
  if (is_within_event(a) != is_within_event(b)) return is_within_event(a);
  return std::tuple(a.kind, a.taken) < std::tuple(b.kind, b.taken);
}

// is_nearer() for an execution, without making its schedule.
bool is_nearer(const execution& done, std::uint64_t run, const outcome& kept) {
  const std::size_t deviations = done.facts().deviations;
  if (deviations != kept.follow.deviations.size()) {
    return deviations < kept.follow.deviations.size();
  }
  if (run != kept.run) return run < kept.run;
  auto other = kept.follow.deviations.begin();
  for (const decision& d : done.decisions()) {
    if (!d.is_deviation()) continue;
    const deviation here{d.step, d.kind, d.taken};
    if (here != *other) return is_earlier(here, *other);
    ++other;
  }
  return false;
}

void keep_schedule(outcome& kept, const execution& done, std::uint64_t run) {
  set_schedule(kept.follow, done);
  kept.run = run;
  kept.trace_hash = done.facts().trace_hash;
  kept.steps = done.facts().steps;
  kept.has_hung = done.facts().has_hung;
}

outcome outcome_of(const execution& done, std::uint64_t run) {
  outcome fresh{.output = std::string(done.output()),
                .errors = std::string(done.errors()),
                .verdicts = done.verdicts(),
                .exit_code = done.facts().exit_code,
                .races = done.facts().races,
                .count = 1,
                .follow = {}};
  keep_schedule(fresh, done, run);
  return fresh;
}

}  // namespace

bool outcome::is_same(const outcome& other) const {
  return output == other.output && errors == other.errors && verdicts == other.verdicts &&
         exit_code == other.exit_code && races == other.races;
}

bool is_nearer(const outcome& a, const outcome& b) {
  const auto& of_a = a.follow.deviations;
  const auto& of_b = b.follow.deviations;
  if (of_a.size() != of_b.size()) return of_a.size() < of_b.size();
  if (a.run != b.run) return a.run < b.run;
  return std::lexicographical_compare(of_a.begin(), of_a.end(), of_b.begin(), of_b.end(),
                                      is_earlier);
}

template <class Same>
outcome* known_outcomes::find(std::uint64_t hash, Same&& same) {
  for (std::size_t i = hash & (places_.size() - 1); places_[i].index != 0;
       i = (i + 1) & (places_.size() - 1)) {
    outcome& candidate = seen_[places_[i].index - 1];
    if (places_[i].hash == hash && same(candidate)) return &candidate;
  }
  return nullptr;
}

void known_outcomes::place_at(std::uint64_t hash, std::uint32_t index) {
  std::size_t i = hash & (places_.size() - 1);
  while (places_[i].index != 0) i = (i + 1) & (places_.size() - 1);
  places_[i] = {hash, index};
}

outcome& known_outcomes::insert(std::uint64_t hash, outcome fresh) {
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

void known_outcomes::approach(const execution& done) const {
  const std::uint32_t index = places_[hash_of(done) & (places_.size() - 1)].index;
  if (index == 0) return;
  constexpr std::size_t cache_line = 64;
  const auto* const expected = reinterpret_cast<const char*>(&seen_[index - 1]);
  for (std::size_t at = 0; at < sizeof(outcome); at += cache_line) {
    __builtin_prefetch(expected + at);
  }
}

void known_outcomes::add(const execution& done, std::uint64_t run) {
  const verdict_set verdicts = done.verdicts();
  const std::uint64_t hash = hash_of(done);
  outcome* kept = find(hash, [&](const outcome& o) {
    return o.output == done.output() && o.errors == done.errors() && o.verdicts == verdicts &&
           o.exit_code == done.facts().exit_code && o.races == done.facts().races;
  });
  if (kept == nullptr) {
    insert(hash, outcome_of(done, run));
    return;
  }
  ++kept->count;
  if (is_nearer(done, run, *kept)) keep_schedule(*kept, done, run);
}

void known_outcomes::merge(outcome other) {
  const std::uint64_t hash =
      hash_of(other.output, other.errors, other.verdicts, other.exit_code, other.races);
  outcome* kept = find(hash, [&](const outcome& o) { return o.is_same(other); });
  if (kept == nullptr) {
    insert(hash, std::move(other));
    return;
  }
  const std::uint64_t count = kept->count + other.count;
  if (is_nearer(other, *kept)) *kept = std::move(other);
  kept->count = count;
}

void known_outcomes::merge(known_outcomes other) {
  if (seen_.empty()) {
    *this = std::move(other);
    return;
  }
  for (outcome& o : other.seen_) merge(std::move(o));
}

void pack(packer& to, const outcome& o) {
  to.text(o.output);
  to.text(o.errors);
  to.number(o.verdicts.bits());
  to.number(static_cast<std::uint32_t>(o.exit_code));
  to.number(o.races);
  to.number(o.count);
  to.number(o.follow.deviations.size());
  for (const deviation& d : o.follow.deviations) {
    to.number(d.step);
    to.number(static_cast<std::uint64_t>(d.kind));
    to.number(d.taken);
  }
  to.number(o.follow.data_seed);
  to.number(o.run);
  to.number(o.trace_hash);
  to.number(o.steps);
  to.number(o.has_hung);
}

outcome unpack_outcome(unpacker& from) {
  outcome o;
  o.output = from.text();
  o.errors = from.text();
  o.verdicts = verdict_set::of_bits(from.number<std::uint32_t>());
  o.exit_code = from.number<int>();
  o.races = from.number<std::uint64_t>();
  o.count = from.number<std::uint64_t>();
  for (auto left = from.number<std::uint64_t>(); left > 0; --left) {
    const auto step = from.number<std::uint32_t>();
    const auto kind = from.number<decision_kind>();
    o.follow.deviations.push_back({step, kind, from.number<std::uint32_t>()});
  }
  o.follow.data_seed = from.number<std::uint64_t>();
  o.run = from.number<std::uint64_t>();
  o.trace_hash = from.number<std::uint64_t>();
  o.steps = from.number<std::uint32_t>();
  o.has_hung = from.number<bool>();
  return o;
}

}  // namespace braid
