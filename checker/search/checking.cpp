// Follows the schedule of each outcome again; see checking.hpp.
#include "search/checking.hpp"

#include <algorithm>
#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "explain/finding_json.hpp"
#include "explain/findings.hpp"
#include "explain/replayer.hpp"
#include "process/process.hpp"
#include "process/stopwatch.hpp"
#include "search/report.hpp"

namespace braid {
namespace {

constexpr double seconds_max = 1;  // after an interrupt
constexpr std::size_t results_per_message = 64;
constexpr std::size_t slice_min = 256;  // fewer are not worth another process

bool is_reproduced(const execution& again, const outcome& o) {
  return again.facts().trace_hash == o.trace_hash && again.verdicts() == o.verdicts &&
         again.facts().exit_code == o.exit_code && again.facts().races == o.races &&
         again.output() == o.output && again.errors() == o.errors;
}

checked_outcome check(replayer& follows, const outcome& o) {
  const bool needs_history = o.verdicts.has_finding() || o.races != 0 || o.has_hung;
  const auto hangs_at = o.has_hung ? std::optional(o.steps) : std::nullopt;
  const execution& again = follows.follow(o.follow, needs_history, hangs_at);
  checked_outcome result{.what = check_result::another_trace, .steps = again.facts().steps};
  if (!is_reproduced(again, o)) return result;
  result.what = check_result::reproduced;
  if (!needs_history) return result;
  const history told = follows.what_happened();
  if (o.verdicts.has_finding()) result.explained = explain_findings(again, told);
  if (again.facts().has_hung) result.hung = stop_in_words(explain_stop(told));
  result.foreign_unlocks = explain_foreign_unlocks(told);
  return result;
}

nlohmann::json to_message(const checked_outcome& c) {
  nlohmann::json explained = nlohmann::json::array();
  for (const finding& f : c.explained) explained.push_back(nlohmann::json(to_json(f)));
  nlohmann::json unlocks = nlohmann::json::array();
  for (const foreign_unlock& u : c.foreign_unlocks) {
    unlocks.push_back(
        {u.object, u.made_at, u.locked_by, u.locked_at, u.unlocked_by, u.unlocked_at});
  }
  return {static_cast<int>(c.what), c.steps, explained, unlocks, c.hung};
}

checked_outcome checked_from_message(const nlohmann::json& message) {
  checked_outcome c{.what = static_cast<check_result>(message.at(0)), .steps = message.at(1)};
  c.hung = message.at(4);
  for (const nlohmann::json& f : message.at(2)) c.explained.push_back(finding_from_json(f));
  for (const nlohmann::json& u : message.at(3)) {
    c.foreign_unlocks.push_back({.object = u.at(0),
                                 .made_at = u.at(1),
                                 .locked_by = u.at(2),
                                 .locked_at = u.at(3),
                                 .unlocked_by = u.at(4),
                                 .unlocked_at = u.at(5)});
  }
  return c;
}

// A range of the outcomes, which one process after another checks from its last to its first.
struct slice {
  std::size_t first;
  std::size_t left;  // those from here on are checked
  pid_t process = 0;
  std::unique_ptr<message_line> line = {};  // to the process, if there is one
  bool has_told = false;                    // the process did
};

// What crashes, and what may not come back.
bool must_be_alone(const outcome& o) {
  return o.verdicts.has(verdict::crash) || o.verdicts.has(verdict::steps) || o.has_hung;
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
    divide();
    for (slice& s : slices_) go_on(s);
    while (std::any_of(slices_.begin(), slices_.end(),
                       [](const slice& s) { return s.line != nullptr; })) {
      listen();
    }
    return std::move(results_);
  }

 private:
  bool has_time() const {
    return !(options_.interrupted && options_.interrupted()) || watch_.seconds() < seconds_max;
  }

  void divide() {
    const std::size_t all = outcomes_.size();
    const std::size_t wanted =
        std::min<std::size_t>(worker_count(options_.workers), all / slice_min);
    const std::size_t count = std::max<std::size_t>(wanted, 1);
    for (std::size_t i = 0; i < count; ++i) {
      slices_.push_back({.first = all * i / count, .left = all * (i + 1) / count});
    }
  }

  // Here those that must be alone, the others in a process.
  void go_on(slice& s) {
    const bool is_alone = !options_.supervise || options_.isolate;
    while (s.left > s.first && has_time()) {
      if (!is_alone && !must_be_alone(*outcomes_[s.left - 1])) return start(s);
      check_alone(s);
    }
  }

  void check_alone(slice& s) {
    --s.left;
    results_[s.left] = check(alone_, *outcomes_[s.left]);
  }

  void start(slice& s) {
    s.line = std::make_unique<message_line>();
    s.has_told = false;
    s.process = fork_child([&] {
      s.line->close_parent();
      tell_results(s);
    });
    s.line->close_child();
  }

  // The last comes first, and is followed once more before: a program with a state of its own
  // would have it in the order of the search again, and seem to be deterministic.
  void tell_results(const slice& s) const {
    replayer here(program_, lockstep_of(options_), false);
    here.follow(outcomes_[s.left - 1]->follow, false);
    nlohmann::json results = nlohmann::json::array();
    const auto tell = [&] {
      return s.line->to_parent(std::exchange(results, nlohmann::json::array()));
    };
    for (std::size_t i = s.left; i-- > s.first && !must_be_alone(*outcomes_[i]);) {
      results.push_back(to_message(check(here, *outcomes_[i])));
      if (results.size() == results_per_message && !tell()) return;
    }
    if (!results.empty()) tell();
  }

  void listen() {
    std::vector<message_line*> lines;
    for (const slice& s : slices_) lines.push_back(s.line.get());
    const std::vector<bool> ready = message_line::wait_for_any(lines, message_line::poll_ms);
    for (std::size_t i = 0; i < slices_.size(); ++i) {
      slice& s = slices_[i];
      if (s.line != nullptr && !has_time()) kill(s.process, SIGKILL);
      if (ready[i]) hear(s);
    }
  }

  void hear(slice& s) {
    nlohmann::json results;
    if (s.line->from_child(results)) {
      for (const nlohmann::json& r : results) results_[--s.left] = checked_from_message(r);
      s.has_told = true;
      return;
    }
    wait_for(s.process);
    s.line.reset();
    const bool crashed_first = !s.has_told && has_time();
    if (crashed_first) check_alone(s);
    go_on(s);
  }

  const program& program_;
  const explore_options& options_;
  const std::vector<const outcome*>& outcomes_;
  std::vector<slice> slices_;
  std::vector<checked_outcome> results_;
  replayer alone_;
  stopwatch watch_;
};

}  // namespace

std::vector<checked_outcome> follow_again(const program& explored, const explore_options& options,
                                          const std::vector<const outcome*>& outcomes) {
  return checking(explored, options, outcomes).run();
}

}  // namespace braid
