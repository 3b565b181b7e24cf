// Which classes of equivalent executions a search visits, and how often.
#pragma once

#include <algorithm>
#include <braid/explore.hpp>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "lockstep/lockstep.hpp"
#include "strategy/catalogue.hpp"
#include "strategy/dpor_tree.hpp"
#include "strategy/random_bits.hpp"
#include "support/exploring.hpp"
#include "trace/happens_before.hpp"

namespace braid::testing {

inline constexpr std::uint64_t executions_max = 20'000;

// Any strategy, with the trace of each of its executions.
class traced final : public strategy {
 public:
  explicit traced(const std::string& name) : inner_(make_strategy({.name = name})) {}

  bool begin(std::uint64_t run) override { return inner_->begin(run); }
  std::uint32_t pick(const situation& now) override {
    return now.size() == 1 && !inner_->wants_trace() ? 0 : inner_->pick(now);
  }
  std::uint32_t choose(const choice_point& now) override { return inner_->choose(now); }
  void end(const execution& done) override { inner_->end(done); }
  std::uint64_t data_seed() const override { return inner_->data_seed(); }
  bool wants_trace() const override { return true; }
  std::uint32_t events_repeated() const override { return inner_->events_repeated(); }
  std::string gap() const override { return inner_->gap(); }
  bool is_exhaustive() const override { return inner_->is_exhaustive(); }
  nlohmann::json save() const override { return inner_->save(); }
  void load(const nlohmann::json& saved) override { inner_->load(saved); }

 private:
  std::unique_ptr<strategy> inner_;
};

struct visited {
  std::map<std::uint64_t, std::uint64_t> classes;  // executions of each
  std::map<std::uint64_t, std::string> outcomes;   // of each class
  std::uint64_t cut = 0;
  bool is_complete = false;
  std::string gap;            // that the strategy tells of
  bool is_consistent = true;  // every execution of a class had the same outcome
  bool has_diverged = false;  // an execution could not go where the search sent it
};

// Executes a program as a strategy says, and looks at each execution.
class visitor {
 public:
  visitor(const std::function<void()>& main, const std::string& name,
          const lockstep_options& options)
      : main_(main), decides_(name), scheduler_(options) {}

  // False: the strategy is at its end.
  bool visit_next() {
    static execution record;
    if (!decides_.begin(run_)) return false;
    record.clear(run_++);
    scheduler_.execute(main_, decides_, record, nullptr);
    seen_.has_diverged = seen_.has_diverged || record.facts().has_diverged;
    record.facts().is_redundant ? void(++seen_.cut) : look_at(record);
    decides_.end(record);
    seen_.gap = decides_.gap();
    return true;
  }
  strategy& decides() { return decides_; }
  std::uint64_t executions() const { return run_; }
  visited& seen() { return seen_; }

 private:
  void look_at(const execution& record) {
    order_.read(record.log());
    const std::uint64_t form = order_.class_hash(record.log());
    ++seen_.classes[form];
    const auto [known, is_new] = seen_.outcomes.try_emplace(form, outcome_of(record));
    seen_.is_consistent = seen_.is_consistent && known->second == outcome_of(record);
  }

  const std::function<void()>& main_;
  traced decides_;
  lockstep scheduler_;
  happens_before order_;
  std::uint64_t run_ = 0;
  visited seen_;
};

inline visited visit(const std::function<void()>& main, const std::string& name,
                     const lockstep_options& options) {
  visitor visits(main, name, options);
  while (visits.executions() < executions_max && !visits.seen().is_complete) {
    visits.seen().is_complete = !visits.visit_next();
  }
  return visits.seen();
}

inline visited visit(const std::function<void()>& main, const std::string& name,
                     timer_mode timers) {
  return visit(main, name, lockstep_options{.timers = timers});
}

// By dpor, as jobs of a few executions each that are out at the same time and come back in any
// order, while the tree is divided, folded, saved and loaded.
inline visited visit_in_jobs(const std::function<void()>& main, timer_mode timers,
                             std::uint64_t seed) {
  visitor visits(main, "dpor", {.timers = timers});
  random_bits bits(seed, 0);
  dpor_tree tree;
  std::vector<std::pair<dpor_tree::node*, dpor_job>> out;
  while (!tree.is_done() && visits.executions() < executions_max) {
    const auto candidates = tree.candidates();
    dpor_tree::node* const any =
        candidates.empty() ? nullptr : candidates[bits.below(candidates.size())].job;
    switch (bits.below(4U)) {
      case 0:
        if (any == nullptr) break;
        if (auto job = tree.give(*any)) out.emplace_back(any, std::move(*job));
        break;
      case 1: {
        if (out.empty()) break;
        std::swap(out[bits.below(out.size())], out.back());
        visits.decides().load(to_value(out.back().second));
        for (auto left = bits.below(4U); left > 0 && visits.visit_next();) --left;
        visits.decides().begin(visits.executions());
        tree.take_back(*out.back().first, dpor_job_from_value(visits.decides().save()));
        out.pop_back();
        break;
      }
      case 2:
        if (any == nullptr || any->now != dpor_tree::state::idle) break;
        if (dpor_tree::divisible_at(*any) != dpor_tree::none) dpor_tree::divide(*any);
        break;
      case 3:
        if (!out.empty()) break;
        tree.settle(bits.below(2U) == 0);
        tree.load(nlohmann::json::from_cbor(nlohmann::json::to_cbor(tree.save())));
        break;
    }
  }
  visits.seen().is_complete = tree.is_done();
  return visits.seen();
}

// It may tell of a gap for objects that are destroyed late: it does not see that a shared_ptr makes
// that safe.
inline bool was_led_astray(const visited& seen) {
  return seen.has_diverged || seen.gap.find("redundant") != std::string::npos ||
         seen.gap.find("could not go") != std::string::npos;
}

// It says that it does not find all: nothing to compare.
inline bool tells_of_counters(const visited& seen) {
  return seen.gap.find("a counter") != std::string::npos;
}

inline bool each_once(const visited& seen) {
  return !was_led_astray(seen) && std::all_of(seen.classes.begin(), seen.classes.end(),
                                              [](const auto& one) { return one.second == 1; });
}

}  // namespace braid::testing
