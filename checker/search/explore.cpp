// explore(): plans the phases of a search and runs them; see <braid/explore.hpp>. The report is
// written in report.cpp.
#include <algorithm>
#include <braid/explore.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "explain/findings.hpp"
#include "lockstep/options.hpp"
#include "process/sole_explorer.hpp"
#include "process/stopwatch.hpp"
#include "search/checkpoint.hpp"
#include "search/estimate.hpp"
#include "search/report.hpp"
#include "search/shrink_findings.hpp"
#include "search/workers.hpp"
#include "trace/option_names.hpp"

namespace braid {
namespace {

// Without any other budget. Counted in steps, so that the same command gives the same result.
constexpr std::uint64_t default_steps = 20'000'000;

nlohmann::json to_value(const phase& p) {
  return {{"strategy", p.strategy},
          {"exhaustive", p.is_exhaustive},
          {"state", static_cast<int>(p.state)},
          {"found", to_message(p.found)},
          {"runs", p.runs},
          {"cuts", p.has_cuts},
          {"gap", p.gap}};
}

phase phase_from_value(const nlohmann::json& value) {
  return {.strategy = value.at("strategy"),
          .is_exhaustive = value.at("exhaustive"),
          .state = static_cast<search_state>(value.at("state")),
          .found = tally_from_message(value.at("found")),
          .runs = value.at("runs"),
          .has_cuts = value.at("cuts"),
          .gap = value.at("gap")};
}

nlohmann::json to_value(const std::optional<size_estimate>& size) {
  if (!size) return nullptr;
  return nlohmann::json::array({size->executions, size->low, size->high, size->probes});
}

std::optional<size_estimate> size_from_value(const nlohmann::json& value) {
  if (value.is_null()) return std::nullopt;
  return size_estimate{value.at(0), value.at(1), value.at(2), value.at(3)};
}

// How far a search had come when it was saved.
struct saved_point {
  std::size_t phases;
  std::uint32_t round;
  std::uint64_t steps;
  friend bool operator==(const saved_point&, const saved_point&) = default;
};

// One exploration from its plan to its report.
class exploration {
 public:
  exploration(const program& explored, const explore_options& options)
      : program_(explored), options_(options) {
    report_.program = explored.name;
    report_.seed = options.seed;
    report_.timers = options.timers;
    report_.options = options_of(options);
  }

  report run() {
    if (!file_path().empty() || options_.shard) identity_ = identity_of_search(program_, options_);
    if (!file_path().empty()) use_file();
    if (options_.strategy == "auto") {
      search_automatically();
    } else if (phases_.empty()) {
      search(options_.strategy, 1);
    }
    write_report(report_, program_, options_, phases_, why_);
    put_worst_first(report_.findings);
    report_.seconds = seconds();
    if (options_.shard) {
      be_shard();
    } else if (options_.shrink_steps_max > 0 && !report_.was_interrupted) {
      shrink_findings(report_, program_, options_);
    }
    return std::move(report_);
  }

 private:
  // An exhaustive search on half of the budget; if that does not end, samples on the other half.
  // dpor cannot be bounded, and may end with a gap that dfs has not. Each shard does all of dpor,
  // which is not divided, so all go on alike.
  void search_automatically() {
    const bool is_bounded = is_search_bounded();
    if (phases_.empty()) search(is_bounded ? "dfs" : "dpor", 2);
    report_.why_dfs = phases_[0].gap;
    if (phases_.size() == 1 && !report_.why_dfs.empty()) search("dfs", 2);
    if (!saved_rounds_.is_null() || must_sample()) search("portfolio", 2);
  }

  bool is_search_bounded() const { return options_.preemptions_max || options_.delays_max; }

  // What comes after the first crash or hang of a schedule dpor does not know, nor what could have
  // come in its place. Empty: it left nothing out, or is not done.
  static std::string gap_of(const phase& p, const tally& found) {
    if (p.strategy != "dpor" || p.state != search_state::exhausted) return {};
    if (!found.gap.empty()) return found.gap;
    const std::deque<outcome>& all = found.outcomes.all();
    const bool breaks_off = std::any_of(all.begin(), all.end(), [](const outcome& o) {
      return o.verdicts.has(verdict::crash) || o.has_hung;
    });
    if (!breaks_off && found.run_ons_died == 0) return {};
    return "an execution crashes or hangs, and what others could do instead dpor does not explore";
  }

  // Also after a search that ended, if executions were cut: what would have come in them is not
  // known. (Not those that hang: each of them takes its time.)
  bool must_sample() const {
    const bool is_used_up = options_.runs_max && runs_left() == 0;
    const phase& last = phases_.back();
    if (!last.is_exhaustive || is_used_up) return false;
    return last.state == search_state::spent ||
           (last.state == search_state::exhausted && last.has_cuts);
  }

  // `share`: of the budget, one in so many.
  void search(const std::string& strategy, std::uint64_t share) {
    const strategy_options searched = strategy_of(strategy, options_);
    phase now{.strategy = strategy, .is_exhaustive = make_strategy(searched)->is_exhaustive()};
    const bool has_half_of_time = options_.time_max && share > 1 && now.is_exhaustive;
    seconds_max_ =
        has_half_of_time ? limit_seconds() / static_cast<double>(share) : limit_seconds();
    report_.strategy = strategy;
    const budget limits = budget_of(now, share);
    rounds search(searched, limits, options_.shard);
    if (!saved_rounds_.is_null()) {
      restore([&] { search.load(std::exchange(saved_rounds_, nullptr)); });
      report_.resumed = executions_before() + search.found().runs();
    }
    if (file_) search.be_saveable();
    const search_plan plan{.strategy = searched,
                           .options = lockstep_of(options_),
                           .isolate = options_.isolate,
                           .supervise = options_.supervise,
                           .workers = options_.workers};
    const auto look = [&](const search_figures& so_far) {
      if (file_ && since_saved_.seconds() >= interval_seconds()) save(search);
      return must_stop(so_far);
    };
    why_.killed += run_search(program_, plan, search, look, [&] { probe(search, now); });
    if (file_) save(search);
    now.state = search.state();
    if (has_half_of_time && why_.by_time && now.state == search_state::more) {
      now.state = search_state::spent;
      why_.by_time = false;
    }
    now.found = search.found();
    is_divided_ = search.is_divided();
    add_facts(now, options_.shard ? search.known() : now.found, limits);
    if (now.is_exhaustive) conclude_estimate(search, now);
    phases_.push_back(std::move(now));
  }

  // What this shard has done of a divided search the others do not know: its budget counts as used.
  void add_facts(phase& p, const tally& known, const budget& limits) const {
    p.runs = options_.shard && is_divided_ ? limits.runs_max.value_or(0) : known.runs();
    p.has_cuts = known.cut + known.hidden_loops > 0;
    p.gap = gap_of(p, known);
  }

  // The report of a part is never complete.
  void be_shard() {
    const search_shard part = *options_.shard;
    report_.shard = {.part = part,
                     .digest = digest_of_shards(identity_, options_),
                     .complete = report_.complete,
                     .why_incomplete = report_.why_incomplete};
    report_.complete = false;
    std::string why = report_.shard->complete ? "" : ": " + report_.why_incomplete;
    if (!is_divided_) {
      why += part.index == 0 ? "; it does all, for this search is not divided"
                             : "; shard 0 does all, for this search is not divided";
    }
    report_.why_incomplete = "this is shard " + std::to_string(part.index) + " of shards 0 to " +
                             std::to_string(part.count - 1) + why;
  }

  // Once, when the search turns out not to be a small one.
  void probe(const rounds& search, const phase& now) {
    constexpr std::uint32_t before_round = 5;
    if (now.strategy != "dfs" || is_search_bounded() || search.number() != before_round) return;
    report_.probed =
        estimate_size(program_, lockstep_of(options_), options_.supervise || options_.isolate);
  }

  void conclude_estimate(const rounds& search, const phase& now) {
    if (now.state != search_state::exhausted || options_.shard) {
      report_.estimate = estimate(search.figures());
    } else {
      report_.estimate = static_cast<double>(now.found.executions);
    }
  }

  // Executions of an exhaustive search when it is done: what its frontier says, but the probes if
  // they say more, for what is left is where executions are long and many.
  std::optional<double> estimate(const search_figures& f) const {
    const auto before = static_cast<double>(f.executions_before);
    const double by_share = f.share_done > 0 && !options_.shard ? before / f.share_done : 0;
    const double by_probes = report_.probed ? report_.probed->executions : 0;
    if (by_share == 0 && by_probes == 0) return std::nullopt;
    return std::max(by_share, by_probes);
  }

  const std::string& file_path() const {
    return options_.checkpoint.empty() ? options_.resume : options_.checkpoint;
  }

  void use_file() {
    file_.emplace(file_path());
    if (!options_.resume.empty()) {
      const nlohmann::json saved = checkpoint_file(options_.resume).read(identity_);
      restore([&] {
        for (const nlohmann::json& p : saved.at("phases")) phases_.push_back(phase_from_value(p));
        saved_rounds_ = saved.at("search");
        seconds_before_ = saved.at("seconds");
        report_.probed = size_from_value(saved.at("probed"));
        report_.estimate = saved.at("estimate").is_null()
                               ? std::nullopt
                               : std::optional<double>(saved.at("estimate"));
      });
    }
    if (options_.resume != file_path()) file_->keep_old();
    file_->prepare();
  }

  // What is whole, but has another form, was written by another braid.
  template <class Read>
  void restore(Read&& read) const {
    try {
      read();
    } catch (const std::exception&) {
      throw unusable_file("'" + options_.resume + "' is a checkpoint of another version of braid");
    }
  }

  // What cannot be written is tried again; the report tells how the last time went. Nothing is
  // written if nothing is new: within a job the file would only get a new time.
  void save(const rounds& search) {
    const saved_point now{phases_.size(), search.number(), search.figures().steps};
    if (now == saved_at_ && report_.file_error.empty()) return;
    saved_at_ = now;
    nlohmann::json phases = nlohmann::json::array();
    for (const phase& p : phases_) phases.push_back(to_value(p));
    report_.file_error.clear();
    try {
      file_->write({{"identity", identity_},
                    {"phases", phases},
                    {"search", search.save()},
                    {"probed", to_value(report_.probed)},
                    {"estimate", report_.estimate ? nlohmann::json(*report_.estimate) : nullptr},
                    {"seconds", seconds()}});
    } catch (const unusable_file& why) {
      report_.file_error = why.what();
    }
  }

  double seconds() const { return seconds_before_ + watch_.seconds(); }

  double interval_seconds() const {
    return std::chrono::duration<double>(options_.checkpoint_interval).count();
  }

  budget budget_of(const phase& planned, std::uint64_t share) const {
    budget b{.fail_fast = options_.fail_fast};
    if (options_.runs_max) {
      b.runs_max = share == 1              ? *options_.runs_max
                   : planned.is_exhaustive ? std::min(half_of_runs(), runs_left())
                                           : runs_left();
    }
    if (options_.total_steps_max) b.steps_max = *options_.total_steps_max / share;
    const bool is_bounded = options_.runs_max || options_.time_max || options_.total_steps_max;
    if (!is_bounded && (share > 1 || !planned.is_exhaustive)) b.steps_max = default_steps / share;
    return b;
  }

  // Of a small budget, too: the first executions of dpor are all alike, and samples find most bugs
  // within ten.
  std::uint64_t half_of_runs() const { return (*options_.runs_max + 1) / 2; }

  // The same in all shards.
  std::uint64_t runs_left() const {
    std::uint64_t used = 0;
    for (const phase& p : phases_) used += p.runs;
    return *options_.runs_max - std::min(*options_.runs_max, used);
  }

  std::uint64_t executions_before() const {
    std::uint64_t sum = 0;
    for (const phase& p : phases_) sum += p.found.runs();
    return sum;
  }

  bool must_stop(const search_figures& so_far) {
    if (options_.progress) show_progress(so_far);
    if (options_.interrupted && options_.interrupted()) why_.by_interrupt = true;
    why_.by_time = options_.time_max && watch_.seconds() > seconds_max_;
    return why_.by_interrupt || why_.by_time;
  }

  double limit_seconds() const {
    return options_.time_max ? std::chrono::duration<double>(*options_.time_max).count() : 0;
  }

  void show_progress(const search_figures& so_far) {
    report& now = so_far_;  // kept, for outcomes may be many
    now.program = report_.program;
    now.strategy = report_.strategy;
    now.executions = executions_before() + so_far.executions;
    now.steps = so_far.steps;
    now.seconds = seconds();
    now.share_done = std::min(1.0, std::max(share_done(so_far), so_far.share_spent));
    if (options_.time_max) now.seconds_left = std::max(0.0, seconds_max_ - watch_.seconds());
    now.outcomes.resize(so_far.outcomes);
    now.findings.resize(so_far.findings);
    options_.progress(now);
  }

  double share_done(const search_figures& f) const {
    const bool is_sampling = !phases_.empty();
    const std::optional<double> all = is_sampling || options_.shard ? std::nullopt : estimate(f);
    const double share = all ? static_cast<double>(f.executions) / *all : f.share_done;
    return share;
  }

  const program& program_;
  const explore_options& options_;
  stopwatch watch_;
  report report_;
  report so_far_;  // in figures
  std::vector<phase> phases_;
  cut_short why_;
  double seconds_max_ = 0;
  bool is_divided_ = false;  // among shards, in the last phase

  nlohmann::json identity_;  // if the search is kept in a file, or is a shard
  // If it is kept in a file:
  std::optional<checkpoint_file> file_;
  nlohmann::json saved_rounds_;  // of the phase that was under way
  double seconds_before_ = 0;    // of those who searched before
  stopwatch since_saved_;
  std::optional<saved_point> saved_at_;
};

}  // namespace

report explore(const program& explored, const explore_options& options) {
  const sole_explorer mine(explored.name);
  if (options.strategy != "auto") make_strategy(strategy_of(options.strategy, options));
  return exploration(explored, options).run();
}

}  // namespace braid
