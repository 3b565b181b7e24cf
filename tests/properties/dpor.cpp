// The proof that dpor is exact: on random small programs over all primitives it visits the classes
// of equivalent executions that dfs visits, all of them, each once, and cuts none short.
//
// The oracle is a class's canonical form: for each event its past in the happens-before order of
// the search. Executions of dfs with the same form are one class; they must have the same outcome.
#include <rapidcheck.h>
#include <algorithm>
#include <braid/explore.hpp>
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "lockstep/lockstep.hpp"
#include "properties/small_program.hpp"
#include "strategy/catalogue.hpp"
#include "support/exploring.hpp"
#include "trace/happens_before.hpp"

namespace braid::testing {
namespace {

constexpr std::uint64_t executions_max = 20'000;

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
  bool is_consistent = true;  // every execution of a class had the same outcome
};

visited visit(const std::function<void()>& main, const std::string& name, timer_mode timers) {
  static execution record;
  visited seen;
  traced decides(name);
  lockstep scheduler({.timers = timers});
  happens_before order;
  for (std::uint64_t run = 0; run < executions_max; ++run) {
    seen.is_complete = !decides.begin(run);
    if (seen.is_complete) break;
    record.clear(run);
    scheduler.execute(main, decides, record, nullptr);
    if (record.facts().is_redundant) {
      ++seen.cut;
    } else {
      order.read(record.log());
      const std::uint64_t form = order.class_hash(record.log());
      ++seen.classes[form];
      const auto [known, is_new] = seen.outcomes.try_emplace(form, outcome_of(record));
      seen.is_consistent = seen.is_consistent && known->second == outcome_of(record);
    }
    decides.end(record);
  }
  return seen;
}

bool each_once(const visited& seen) {
  return std::all_of(seen.classes.begin(), seen.classes.end(),
                     [](const auto& one) { return one.second == 1; });
}

TEST_CASE("dpor visits the classes that dfs visits, each once, and cuts none",
          "[properties][exact]") {
  CHECK(rc::check("dpor is exact", [] {
    const small_program main(*any_numbers(), checked_instruction_count);
    const auto timers = *rc::gen::element(timer_mode::ordered, timer_mode::free);
    const visited all = visit(main, "dfs", timers);
    RC_PRE(all.is_complete);
    const visited reduced = visit(main, "dpor", timers);
    RC_ASSERT(all.is_consistent);
    RC_ASSERT(reduced.is_complete);
    RC_ASSERT(reduced.outcomes == all.outcomes);
    RC_ASSERT(each_once(reduced));
  }));
}

std::set<std::string> set_of(const visited& seen) {
  std::set<std::string> all;
  for (const auto& [form, outcome] : seen.outcomes) all.insert(outcome);
  return all;
}

TEST_CASE("dpor finds nothing but what dfs finds", "[properties]") {
  CHECK(rc::check("dpor is a subset", [] {
    const small_program main(*any_numbers(), checked_instruction_count);
    const auto timers = *rc::gen::element(timer_mode::ordered, timer_mode::free);
    const visited all = visit(main, "dfs", timers);
    RC_PRE(all.is_complete);
    RC_ASSERT(all.is_consistent);
    const std::set<std::string> oracle = set_of(all);
    const std::set<std::string> found = set_of(visit(main, "dpor", timers));
    RC_ASSERT(!found.empty());
    RC_ASSERT(std::includes(oracle.begin(), oracle.end(), found.begin(), found.end()));
  }));
}

}  // namespace
}  // namespace braid::testing
