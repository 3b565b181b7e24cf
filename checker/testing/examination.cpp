// One property under test; see <braid/testing/examination.hpp>. How its failure is told is in
// telling.cpp.
#include <braid/testing/examination.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <braid/testing/framework.hpp>
#include "process/sole_explorer.hpp"
#include "testing/in_process.hpp"
#include "testing/regression_files.hpp"
#include "testing/required.hpp"
#include "trace/describe.hpp"
#include "trace/run_token.hpp"
#include "trace/schedule.hpp"

namespace braid::detail {
namespace {

constexpr std::uint64_t shrinking_runs_max = 20'000;
constexpr std::uint64_t shrinking_runs_each = 200;  // for one smaller input
constexpr std::uint64_t shrinking_steps_each = 100'000;

std::string name_for(const verify_options& options, where at) {
  if (!options.name.empty()) return options.name;
  test_framework* const framework = current_test_framework();
  const std::string test = framework == nullptr ? "" : framework->test_name();
  return test.empty() ? describe_place(at) : test;
}

std::string asked_by_environment() {
  const char* const set = std::getenv("BRAID_REPRODUCE");
  return set == nullptr ? "" : set;
}

bool has_reproduced = false;  // what the environment asks for

}  // namespace

examination::examination(const verify_options& options, where at)
    : options_(options),
      at_(at),
      name_(name_for(options, at)),
      mine_(std::make_unique<sole_explorer>(name_)),
      runs_left_(options.runs_max),
      steps_left_(options.steps_max),
      shrinking_runs_left_(shrinking_runs_max) {
  facts_.name = name_;
  facts_.complete = true;
  if (!options_.isolate) {
    guard_ = std::make_unique<in_process>(name_, options_.search.hang_after);
  }
}

examination::~examination() = default;

explore_options examination::searching(std::uint64_t runs, std::uint64_t steps) const {
  explore_options o = options_.search;
  o.runs_max = runs;
  o.total_steps_max = steps;
  o.fail_fast = true;
  if (options_.isolate) o.isolate = o.supervise = true;
  return o;
}

// Throws wrong_program; malformed_token for what is neither.
examination::old_failure examination::from_word(const std::string& word, std::string origin,
                                                bool has_input) const {
  old_failure old{.origin = std::move(origin)};
  if (is_regression_word(word)) {
    old.by = parse_word(word, name_);
    if (has_input && old.by.input.empty()) throw wrong_program("'" + word + "' has no input");
    return old;
  }
  std::optional<token> named = parse_token(word);
  if (const std::optional<run_token> by_run = parse_run_token(word)) {
    named = token{.follow = {}, .check = by_run->check};
  }
  if (named && has_input) throw wrong_program("'" + word + "' has no input");
  if (named && !named->names(name_)) throw wrong_program("'" + word + "' is of another program");
  old.token = word;
  return old;
}

std::vector<examination::old_failure> examination::old_failures(bool has_input) const {
  if (const std::string word = asked_by_environment(); !word.empty()) {
    try {
      old_failure only = from_word(word, "BRAID_REPRODUCE", has_input);
      only.is_only = has_reproduced = true;
      return {std::move(only)};
    } catch (const wrong_program&) {
      // It is of another one, which this run of the tests may have, too.
    }
  }
  std::vector<old_failure> all;
  for (const std::string& word : options_.replay_first) {
    try {
      all.push_back(from_word(word, "replay_first", has_input));
    } catch (const wrong_program& why) {  // the test may have another name by now
      note(name_ + ": replay_first: " + why.what());
    }
  }
  for (regression_file& file : regressions_of(name_, [&](const std::string& why) { note(why); })) {
    all.push_back({.by = std::move(file.content), .origin = file.path});
  }
  return all;
}

braid::report examination::follow_old(const body& f, const old_failure& old) {
  const explore_options options = searching(1, steps_left_);
  ++facts_.executions;
  if (old.token.empty()) {
    followed_regression by_names = follow(program_of(f), old.by, options);
    if (old.is_only && by_names.is_lost()) {
      throw malformed_token(old.origin + ": nothing that it names is in '" + name_ + "' any more");
    }
    for (const std::string& why : by_names.left_out) {
      note(name_ + ": " + old.origin + " does not fit any more; left out " + why);
    }
    return by_names.result.outcome;
  }
  const replay_result came = replay(program_of(f), old.token, options);
  if (old.is_only && !came.unfit.empty()) throw malformed_token(old.origin + ": " + came.unfit);
  if (!came.unfit.empty()) note(name_ + ": " + old.origin + ": " + came.unfit);
  if (came.unfit.empty() && !came.same_trace) {
    note(name_ + ": " + old.origin + ": it was followed, but the program does other things by now");
  }
  return came.outcome;
}

bool examination::fails_by(const body& f, const old_failure& old) {
  if (!remember(f, follow_old(f, old), std::nullopt)) return false;
  origin_ = old.origin;
  is_new_ = false;
  return true;
}

bool examination::fails(const body& f, std::uint64_t share) {
  const std::uint64_t parts = std::max<std::uint64_t>(share, 1);
  const std::uint64_t runs = runs_left_ / parts;
  const std::uint64_t steps = steps_left_ / parts;
  if (runs == 0 || steps == 0) {
    facts_.complete = false;
    facts_.why_incomplete = "the budget is used up";
    return false;
  }
  return search(f, runs, steps, std::nullopt);
}

braid::report examination::follow_alone(const body& f, const old_failure& old) {
  braid::report r = follow_old(f, old);
  show_if_failed(drawing_of(f, r.outcomes.at(0).token));
  return r;
}

braid::report examination::explore_all(const body& f) {
  explore_options options = searching(options_.runs_max, options_.steps_max);
  options.fail_fast = false;
  braid::report r = explore(program_of(f), options);
  if (!r.complete && !is_completeness_required()) {
    note(name_ + ": the set of outcomes is incomplete: " + r.why_incomplete);
  }
  return r;
}

bool examination::still_fails(const body& f) {
  if (shrinking_runs_left_ == 0 || !failure_) return false;
  const verdict as = facts_.what;
  --shrinking_runs_left_;
  followed_regression again = follow(program_of(f), *failure_, searching(1, steps_left_));
  if (remember(f, again.result.outcome, as)) return true;
  const bool was_complete = facts_.complete;
  const std::uint64_t runs = std::min(shrinking_runs_each, shrinking_runs_left_);
  const std::uint64_t before = facts_.executions;
  const std::uint64_t runs_before = runs_left_;
  const std::uint64_t steps_before = steps_left_;
  const bool does = search(f, runs, shrinking_steps_each, as);
  shrinking_runs_left_ -= std::min(shrinking_runs_left_, facts_.executions - before);
  runs_left_ = runs_before;
  steps_left_ = steps_before;
  facts_.complete = was_complete;
  return does;
}

bool examination::search(const body& f, std::uint64_t runs, std::uint64_t steps,
                         std::optional<verdict> as) {
  const braid::report r = explore(program_of(f), searching(runs, steps));
  facts_.executions += r.executions;
  runs_left_ -= std::min(runs_left_, r.executions);
  steps_left_ -= std::min(steps_left_, r.steps);
  if (remember(f, r, as)) return true;
  if (r.complete) return false;
  facts_.complete = false;
  facts_.why_incomplete = r.why_incomplete;
  return false;
}

// Takes the worst finding of a report, if there is one, of this kind if one is asked for.
bool examination::remember(const body& f, const braid::report& r, std::optional<verdict> as) {
  if (r.findings.empty() || (as && r.findings.front().what != *as)) return false;
  const finding& worst = r.findings.front();
  facts_.ok = false;
  facts_.what = worst.what;
  facts_.token = worst.token;
  facts_.preemptions = worst.preemptions;
  facts_.steps = worst.steps;
  try {
    failure_ = record(program_of(f), worst, searching(1, steps_left_));
  } catch (const malformed_token&) {  // it does not reproduce: the program is not deterministic
    failure_ = regression{
        .program = name_, .what = worst.what, .cause = worst.summary, .token = worst.token};
  }
  return true;
}

void examination::shrink(const body& f) {
  const shrink_result smaller =
      braid::shrink(program_of(f), facts_.token, searching(options_.runs_max, options_.steps_max));
  if (smaller.has_finding) remember(f, smaller.outcome, facts_.what);
}

void examination::use_input(std::string word, std::string shown) {
  facts_.input = shown;
  if (!failure_) return;
  failure_->input = std::move(word);
  failure_->shown = std::move(shown);
}

void examination::note(const std::string& line) const {
  test_framework* const framework = current_test_framework();
  framework == nullptr ? void(std::fprintf(stderr, "braid: %s\n", line.c_str()))
                       : framework->note(line);
}

}  // namespace braid::detail

std::string braid::unused_reproduction() {
  return detail::has_reproduced ? "" : detail::asked_by_environment();
}
