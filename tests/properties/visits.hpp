// Which classes of equivalent executions a search visits, and how often.
#pragma once

#include <algorithm>
#include <braid/explore.hpp>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "lockstep/lockstep.hpp"
#include "strategy/catalogue.hpp"
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
  visitor(const std::function<void()>& main, const std::string& name, timer_mode timers)
      : main_(main), decides_(name), scheduler_({.timers = timers}) {}

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
                     timer_mode timers) {
  visitor visits(main, name, timers);
  while (visits.executions() < executions_max && !visits.seen().is_complete) {
    visits.seen().is_complete = !visits.visit_next();
  }
  return visits.seen();
}

// It may tell of a gap for objects that are destroyed late: it does not see that a shared_ptr makes
// that safe.
inline bool was_led_astray(const visited& seen) {
  return seen.has_diverged || seen.gap.find("redundant") != std::string::npos;
}

inline bool each_once(const visited& seen) {
  return !was_led_astray(seen) && std::all_of(seen.classes.begin(), seen.classes.end(),
                                              [](const auto& one) { return one.second == 1; });
}

}  // namespace braid::testing
