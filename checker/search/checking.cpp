// Follows the schedule of each outcome again; see checking.hpp.
#include "search/checking.hpp"

#include <csignal>
#include <nlohmann/json.hpp>
#include <utility>

#include "explain/findings.hpp"
#include "explain/replayer.hpp"
#include "search/process.hpp"
#include "search/report.hpp"
#include "search/stopwatch.hpp"

namespace braid {
namespace {

constexpr double seconds_max = 1;  // after an interrupt
constexpr int poll_ms = 50;
constexpr std::size_t results_per_message = 64;

bool is_reproduced(const execution& again, const outcome& o) {
  return again.facts().trace_hash == o.trace_hash && again.verdicts() == o.verdicts &&
         again.facts().exit_code == o.exit_code && again.output() == o.output &&
         again.errors() == o.errors;
}

checked_outcome check(replayer& follows, const outcome& o) {
  const execution& again = follows.follow(o.follow, o.verdicts.has_finding());
  checked_outcome result{.what = check_result::another_trace, .steps = again.facts().steps};
  if (!is_reproduced(again, o)) return result;
  result.what = check_result::reproduced;
  if (o.verdicts.has_finding()) {
    result.explained = explain_finding(again, follows.what_happened());
  }
  return result;
}

nlohmann::json to_message(const finding& f) {
  nlohmann::json goroutines = nlohmann::json::array();
  for (const involved_goroutine& g : f.goroutines) {
    nlohmann::json loop = nlohmann::json::array();
    for (const looped_operation& o : g.loop) loop.push_back({o.operation, o.value, o.at});
    goroutines.push_back({g.name, g.waits_for, g.operation, g.at, g.holds, loop});
  }
  return {static_cast<int>(f.what), f.summary, f.preemptions, f.steps, goroutines};
}

finding finding_from_message(const nlohmann::json& message) {
  finding f{.what = static_cast<verdict>(message.at(0)),
            .summary = message.at(1),
            .preemptions = message.at(2),
            .steps = message.at(3)};
  for (const nlohmann::json& g : message.at(4)) {
    f.goroutines.push_back({.name = g.at(0),
                            .waits_for = g.at(1),
                            .operation = g.at(2),
                            .at = g.at(3),
                            .holds = g.at(4)});
    for (const nlohmann::json& o : g.at(5)) {
      f.goroutines.back().loop.push_back({.operation = o.at(0), .value = o.at(1), .at = o.at(2)});
    }
  }
  return f;
}

nlohmann::json to_message(const checked_outcome& c) {
  return {static_cast<int>(c.what), c.steps,
          c.explained ? to_message(*c.explained) : nlohmann::json()};
}

checked_outcome checked_from_message(const nlohmann::json& message) {
  checked_outcome c{.what = static_cast<check_result>(message.at(0)), .steps = message.at(1)};
  if (!message.at(2).is_null()) c.explained = finding_from_message(message.at(2));
  return c;
}

class checking {
 public:
  checking(const program& explored, const explore_options& options,
           const std::vector<const outcome*>& outcomes)
      : program_(explored),
        options_(options),
        outcomes_(outcomes),
        results_(outcomes.size()),
        alone_(explored, lockstep_of(options), options.supervise || options.isolate) {}

  std::vector<checked_outcome> run() {
    left_ = outcomes_.size();
    while (left_ > 0 && has_time()) {
      const bool crashes = outcomes_[left_ - 1]->verdicts.has(verdict::crash);
      if (!options_.supervise || options_.isolate || crashes || !check_many()) check_one();
    }
    return std::move(results_);
  }

 private:
  bool has_time() const {
    return !(options_.interrupted && options_.interrupted()) || watch_.seconds() < seconds_max;
  }

  void check_one() {
    --left_;
    results_[left_] = check(alone_, *outcomes_[left_]);
  }

  // In one process. False: it crashed before it told anything.
  bool check_many() {
    const std::size_t first = left_;
    message_line line;
    const pid_t child = fork_child([&] {
      line.close_parent();
      tell_results(line);
    });
    line.close_child();
    message_line* const lines[] = {&line};
    nlohmann::json results;
    for (;;) {
      if (!has_time()) kill(child, SIGKILL);
      if (!message_line::wait_for_any(lines, poll_ms)[0]) continue;
      if (!line.from_child(results)) break;
      for (const nlohmann::json& r : results) results_[--left_] = checked_from_message(r);
    }
    wait_for(child);
    return left_ < first;
  }

  // The last comes first, and is followed once more before: a program with a state of its own
  // would have it in the order of the search again, and seem to be deterministic.
  void tell_results(message_line& line) {
    replayer here(program_, lockstep_of(options_), false);
    here.follow(outcomes_[left_ - 1]->follow, false);
    nlohmann::json results = nlohmann::json::array();
    const auto tell = [&] {
      return line.to_parent(std::exchange(results, nlohmann::json::array()));
    };
    for (std::size_t i = left_; i-- > 0 && !outcomes_[i]->verdicts.has(verdict::crash);) {
      results.push_back(to_message(check(here, *outcomes_[i])));
      if (results.size() == results_per_message && !tell()) return;
    }
    if (!results.empty()) tell();
  }

  const program& program_;
  const explore_options& options_;
  const std::vector<const outcome*>& outcomes_;
  std::vector<checked_outcome> results_;
  std::size_t left_ = 0;  // outcomes before it are not checked yet
  replayer alone_;
  stopwatch watch_;
};

}  // namespace

std::vector<checked_outcome> follow_again(const program& explored, const explore_options& options,
                                          const std::vector<const outcome*>& outcomes) {
  return checking(explored, options, outcomes).run();
}

}  // namespace braid
