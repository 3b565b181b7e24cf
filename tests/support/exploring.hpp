// Exploring small programs in tests, and comparing what was found.
#pragma once

#include <algorithm>
#include <braid/explore.hpp>
#include <braid/scenario.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "trace/execution.hpp"

namespace braid {

inline std::ostream& operator<<(std::ostream& out, const expected_outcome& o) {
  return out << '(' << Catch::StringMaker<std::string>::convert(o.output) << ' ' << o.verdict
             << ')';
}

}  // namespace braid

namespace braid::testing {

// Outcomes as tests write them down: "output\n" if nothing is wrong, else {"output\n", "verdict"}.
using outcomes = std::set<expected_outcome>;

inline outcomes outcomes_of(const report& r) {
  outcomes all;
  for (const reported_outcome& o : r.outcomes) {
    all.emplace(o.output, std::string(name_of(o.lowest)));
  }
  return all;
}

// Every schedule of a program, in this process.
inline report explore_all(std::function<void()> main, timer_mode timers = timer_mode::ordered) {
  return explore({"test", std::move(main)}, {.strategy = "dfs", .timers = timers});
}

// All outcomes of a program. A search that leaves something out is a failure of the test.
inline outcomes all_outcomes(std::function<void()> main, timer_mode timers = timer_mode::ordered) {
  const report r = explore_all(std::move(main), timers);
  INFO(r.why_incomplete);
  CHECK(r.complete);
  return outcomes_of(r);
}

// All outcomes, by the strategy that visits equivalent schedules once: for programs that dfs would
// need too long for, and to compare with all_outcomes().
inline outcomes reduced_outcomes(std::function<void()> main,
                                 timer_mode timers = timer_mode::ordered) {
  const report r = explore({"test", std::move(main)}, {.strategy = "dpor", .timers = timers});
  INFO(r.why_incomplete);
  CHECK(r.complete);
  return outcomes_of(r);
}

// What a program writes, if it ends well in all schedules and always writes the same.
inline std::string only_output(std::function<void()> main) {
  const outcomes all = all_outcomes(std::move(main));
  CHECK(all.size() == 1);
  CHECK(all.begin()->verdict == "ok");
  return all.begin()->output;
}

inline bool is_subset(const outcomes& part, const outcomes& whole) {
  return std::includes(whole.begin(), whole.end(), part.begin(), part.end());
}

// What an execution came to, without how.
inline std::string outcome_of(const execution& done) {
  return std::string(done.output()) + "|" + std::string(done.errors()) + "|" +
         std::to_string(done.facts().verdict_bits) + "|" + std::to_string(done.facts().exit_code) +
         "|" + std::to_string(done.facts().races);
}

// All that a report says, but for how long it took and when timers were said to fire.
inline std::string text_of(const report& r) {
  std::string text = r.program + ' ' + r.strategy + ' ' + std::to_string(r.executions) +
                     " executions, " + std::to_string(r.sampled) + " sampled, " +
                     std::to_string(r.steps) + " steps, " + std::to_string(r.run_ons_cut) +
                     " cut, " + std::to_string(r.dropped_stacks) + " dropped, " +
                     (r.complete ? "complete" : r.why_incomplete) + '\n';
  for (const reported_outcome& o : r.outcomes) {
    text += '"' + o.output + "\" \"" + o.errors + "\"";
    for (const verdict v : o.verdicts) text += ' ' + std::string(name_of(v));
    text += ' ' + std::to_string(o.exit_code) + " x" + std::to_string(o.count) + " (" +
            std::to_string(o.sampled) + ") " + o.token + " run " + std::to_string(o.run) + ", " +
            std::to_string(o.steps) + " steps\n";
  }
  for (const finding& f : r.findings) {
    text += std::string(name_of(f.what)) + ' ' + f.summary + ' ' + f.token + '\n';
  }
  return text;
}

}  // namespace braid::testing
