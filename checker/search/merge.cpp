// merge(): adds up the reports of shards; see <braid/explore.hpp>.
#include <algorithm>
#include <braid/explore.hpp>
#include <map>
#include <set>
#include <tuple>

#include "explain/cause.hpp"
#include "explain/findings.hpp"
#include "search/warnings.hpp"

namespace braid {
namespace {

// Whether the outcome's token is from the exhaustive part of the search.
bool is_from_exhaustive(const reported_outcome& o) { return o.sampled < o.count; }

bool is_nearer(const reported_outcome& a, const reported_outcome& b) {
  const auto distance = [](const reported_outcome& o) -> token_distance {
    return {.token = o.token,
            .sampled = !is_from_exhaustive(o),
            .run = o.run,
            .deviations = o.deviations};
  };
  return is_nearer(distance(a), distance(b));
}

// Each execution has one outcome.
void refuse_other_sum(const report& r, std::size_t place) {
  std::uint64_t sum = 0;
  for (const reported_outcome& o : r.outcomes) {
    sum += o.count;
    if (o.sampled > o.count) {
      throw unfit_shards(place, "of the " + std::to_string(o.count) + " executions of an outcome " +
                                    std::to_string(o.sampled) + " cannot be sampled");
    }
  }
  if (sum == r.executions) return;
  throw unfit_shards(place, "the counts of its outcomes add up to " + std::to_string(sum) +
                                ", and executions is " + std::to_string(r.executions));
}

void refuse_strangers(const std::vector<report>& shards) {
  if (shards.empty()) throw unfit_shards(0, "there are no shards to add up");
  std::set<std::uint32_t> seen;
  for (std::size_t place = 0; place < shards.size(); ++place) {
    const report& r = shards[place];
    const auto refuse = [place](const std::string& why) { throw unfit_shards(place, why); };
    if (!r.shard) refuse("the result is of no shard, but of a whole search");
    const shard_report& first = *shards[0].shard;
    const search_shard part = r.shard->part;
    const std::string name = "shard " + std::to_string(part.index);
    if (r.program != shards[0].program) {
      refuse("shards of the programs " + shards[0].program + " and " + r.program +
             " do not add up");
    }
    if (part.count != first.part.count) {
      refuse("a shard of " + std::to_string(first.part.count) + " and one of " +
             std::to_string(part.count) + " do not add up");
    }
    if (r.shard->digest != first.digest) {
      refuse(name + " is of another search: the program or the options differ");
    }
    if (part.index >= part.count) refuse("there is no " + name);
    if (!seen.insert(part.index).second) refuse(name + " is given twice");
    refuse_other_sum(r, place);
  }
}

class merging {
 public:
  // In the order of their numbers, so that the sum does not depend on that of the files.
  explicit merging(std::vector<report> shards) : shards_(std::move(shards)) {
    std::sort(shards_.begin(), shards_.end(), [](const report& a, const report& b) {
      return a.shard->part.index < b.shard->part.index;
    });
  }

  report run() {
    const report& first = shards_[0];
    sum_.program = first.program;
    sum_.strategy = first.strategy;
    sum_.seed = first.seed;
    sum_.timers = first.timers;
    sum_.options = first.options;
    for (const report& r : shards_) add(r);
    count_classes();
    std::sort(sum_.outcomes.begin(), sum_.outcomes.end(), comes_first);
    add_findings();
    put_worst_first(sum_.findings);
    sum_.warnings = warnings_.all();
    sum_.why_incomplete = why_incomplete();
    sum_.complete = sum_.why_incomplete.empty();
    if (sum_.complete && sum_.why_dfs.empty()) {  // else dpor's are among them
      sum_.estimate = static_cast<double>(sum_.executions);
    }
    return std::move(sum_);
  }

 private:
  static bool comes_first(const reported_outcome& a, const reported_outcome& b) {
    if (a.count != b.count) return a.count > b.count;
    return is_nearer(a, b);
  }

  void add(const report& r) {
    if (r.sampled > 0) sum_.strategy = r.strategy;
    sum_.executions += r.executions;
    sum_.sampled += r.sampled;
    sum_.steps += r.steps;
    sum_.blocked += r.blocked;
    sum_.run_ons_cut += r.run_ons_cut;
    sum_.hidden_loops += r.hidden_loops;
    sum_.dropped_stacks += r.dropped_stacks;
    sum_.seconds = std::max(sum_.seconds, r.seconds);
    if (r.estimate) sum_.estimate = std::max(sum_.estimate.value_or(0), *r.estimate);
    if (sum_.why_dfs.empty()) sum_.why_dfs = r.why_dfs;
    for (const reported_outcome& o : r.outcomes) add(o);
    for (const foreign_unlock& u : r.warnings) warnings_.add(u);
  }

  // Only if no shard went on to something else.
  void count_classes() {
    std::uint64_t sum = 0;
    for (const report& r : shards_) {
      if (!r.classes) return;
      sum += *r.classes;
    }
    sum_.classes = sum;
  }

  void add(const reported_outcome& o) {
    const auto [place, is_new] = places_.try_emplace(
        identity(o.output, o.errors, o.verdicts, o.exit_code), sum_.outcomes.size());
    if (is_new) return sum_.outcomes.push_back(o);
    reported_outcome& known = sum_.outcomes[place->second];
    const std::uint64_t count = known.count + o.count;
    const std::uint64_t sampled = known.sampled + o.sampled;
    if (is_nearer(o, known)) known = o;
    known.count = count;
    known.sampled = sampled;
  }

  // Those of the tokens that were kept, in the order of the outcomes, then those without a token;
  // and data races of whichever token: executions of one outcome may have different ones.
  void add_findings() {
    for (const reported_outcome& o : sum_.outcomes) add_findings_of(o.token);
    add_findings_of("");
    std::vector<finding> races;
    for (const report& r : shards_) {
      for (const finding& f : r.findings) {
        if (f.what != verdict::race || !is_new(f)) continue;
        races.push_back(f);
        races.back().outcomes = 0;  // the rows are counted
      }
    }
    std::stable_sort(races.begin(), races.end(), is_race_nearer);
    for (finding& f : races) add_by_cause(sum_.findings, std::move(f));
  }

  void add_findings_of(const std::string& token) {
    for (const report& r : shards_) {
      for (const finding& f : r.findings) {
        if (f.token == token && is_new(f)) add_by_cause(sum_.findings, f);
      }
    }
  }

  bool is_new(const finding& f) {
    return told_.insert(f.token + " " + std::string(name_of(f.what)) + " " + cause_of(f)).second;
  }

  static bool is_race_nearer(const finding& a, const finding& b) {
    const token_distance of_a{.token = a.token, .deviations = a.deviations};
    const token_distance of_b{.token = b.token, .deviations = b.deviations};
    if (is_nearer(of_a, of_b) || is_nearer(of_b, of_a)) return is_nearer(of_a, of_b);
    return a.token < b.token;
  }

  std::string why_incomplete() const {
    const std::uint32_t count = shards_[0].shard->part.count;
    std::set<std::uint32_t> there;
    for (const report& r : shards_) there.insert(r.shard->part.index);
    if (there.size() < count) return missing(there, count);
    for (const report& r : shards_) {
      if (r.shard->complete) continue;
      const bool is_same_for_all = std::all_of(
          shards_.begin(), shards_.end(),
          [&](const report& o) { return o.shard->why_incomplete == r.shard->why_incomplete; });
      if (is_same_for_all) return r.shard->why_incomplete;
      return "shard " + std::to_string(r.shard->part.index) + ": " + r.shard->why_incomplete +
             lacking_samples();
    }
    return "";
  }

  // Of a search that was divided before it went on to samples no shard knows whether the others do.
  std::string lacking_samples() const {
    for (const report& r : shards_) {
      if (r.strategy == sum_.strategy) continue;
      return "; shard " + std::to_string(r.shard->part.index) +
             " drew no samples, though others did, for its part of " + r.strategy + " ended";
    }
    return "";
  }

  static std::string missing(const std::set<std::uint32_t>& there, std::uint32_t count) {
    constexpr std::uint64_t named_max = 5;
    const std::uint64_t lacking = count - there.size();
    std::string names;
    std::uint64_t named = 0;
    for (std::uint32_t i = 0; i < count && named < named_max; ++i) {
      if (there.count(i) > 0) continue;
      names += (named++ == 0 ? "" : ", ") + std::to_string(i);
    }
    if (named < lacking) names += " and " + std::to_string(lacking - named) + " more";
    return (lacking == 1 ? "shard " : "shards ") + names + (lacking == 1 ? " is" : " are") +
           " missing, of shards 0 to " + std::to_string(count - 1);
  }

  std::vector<report> shards_;
  report sum_;
  warning_set warnings_;
  std::set<std::string> told_;  // findings
  // The places of outcomes in the sum.
  using identity = std::tuple<std::string, std::string, std::vector<verdict>, int>;
  std::map<identity, std::size_t> places_;
};

}  // namespace

report merge(const std::vector<report>& shards) {
  refuse_strangers(shards);
  return merging(shards).run();
}

}  // namespace braid
