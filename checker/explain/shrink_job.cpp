// Shrinking one finding; see shrink_job.hpp.
#include "explain/shrink_job.hpp"

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>

#include "explain/cause.hpp"
#include "explain/deciding.hpp"
#include "explain/shrink.hpp"
#include "lockstep/options.hpp"
#include "process/process.hpp"
#include "process/run_apart.hpp"
#include "process/sole_explorer.hpp"
#include "strategy/replay.hpp"

namespace braid {
namespace {

// What a job comes to, as it crosses between processes.
struct job_result {
  std::string token = {};  // without a check
  minimality minimal = minimality::unknown;
  std::uint64_t executions = 0;
  turning_point turn = {};
};

nlohmann::json to_message(const told_operation& o) { return {o.step, o.goroutine, o.operation}; }

told_operation operation_from(const nlohmann::json& m) {
  return {.step = m.at(0), .goroutine = m.at(1), .operation = m.at(2)};
}

nlohmann::json to_message(const job_result& r) {
  const turning_point& t = r.turn;
  nlohmann::json swap = nlohmann::json::array();
  for (const told_operation& o : t.swap) swap.push_back(to_message(o));
  return {r.token,
          static_cast<int>(r.minimal),
          r.executions,
          t.is_known,
          to_message(t.decided_by),
          t.is_exhausted,
          swap,
          t.good_token,
          t.first_difference,
          t.without};
}

job_result result_from_message(const nlohmann::json& m) {
  job_result r{.token = m.at(0),
               .minimal = static_cast<minimality>(m.at(1)),
               .executions = m.at(2),
               .turn = {.is_known = m.at(3),
                        .decided_by = operation_from(m.at(4)),
                        .is_exhausted = m.at(5),
                        .good_token = m.at(7),
                        .first_difference = m.at(8),
                        .without = m.at(9)}};
  for (const nlohmann::json& o : m.at(6)) r.turn.swap.push_back(operation_from(o));
  return r;
}

class shrink_job {
 public:
  // `shrinks`: false if only the turning point is looked for.
  shrink_job(const program& what, const explore_options& options, const finding& target,
             verdict lowest, const shrink_options& limits, bool shrinks)
      : program_(what),
        options_(options),
        what_(target.what),
        fails_(same_failure(target, lowest)),
        limits_(limits),
        shrinks_(shrinks) {}

  job_result run(const schedule& from) {
    best_.token = text_of(from);
    if (!options_.supervise) return work(from, false, {});
    if (what_ != verdict::crash && !options_.isolate && run_in_worker(from)) return best_;
    if (is_interrupted()) return best_;
    const std::uint64_t before = best_.executions;
    job_result result = work(parse_token(best_.token)->follow, true, {});
    result.executions += before;
    return result;
  }

 private:
  bool is_interrupted() const { return options_.interrupted && options_.interrupted(); }

  job_result work(const schedule& from, bool apart,
                  const std::function<void(const schedule&)>& improved) {
    shrink_lab lab(program_, mode_for(from, apart), record_, apart, options_.interrupted);
    lab.judge_by(options_);
    // Apart each execution takes a process: fewer are tried.
    constexpr std::uint64_t apart_max = 600'000;
    const std::uint64_t all = apart ? std::min(limits_.steps_max, apart_max) : limits_.steps_max;
    job_result result{.token = text_of(from)};
    lab.allow(std::max<std::uint64_t>(all - all / 3, 1));
    shrunk_schedule shrunk;
    if (shrinks_) {
      shrunk = shrink_schedule(lab, from, fails_, improved);
      if (shrunk.reproduced) result.token = text_of(shrunk.smallest.follow);
      result.minimal = shrunk.minimal;
    } else {
      replay_strategy follows(from);
      lab.run(follows);
      shrunk.smallest = lab.describe();
    }
    lab.allow(all / 3 + lab.steps_left());
    if (shrunk.reproduced) result.turn = find_turning_point(lab, shrunk.smallest, what_);
    result.executions = lab.executions();
    return result;
  }

  // The timer mode of the search, unless the schedule has a timer where only the free mode has it.
  lockstep_options mode_for(const schedule& from, bool apart) {
    lockstep_options options = lockstep_of(options_);
    if (options.timers == timer_mode::free) return options;
    shrink_lab lab(program_, options, record_, apart, {});
    lab.allow(1);
    replay_strategy follows(from);
    lab.run(follows);
    follows.end(lab.last());
    // Apart nothing is known of what was unfit, but of what it came to.
    const bool is_followed = apart ? schedule_of(lab.last()) == from : !follows.unfit().has_value();
    if (!is_followed) options.timers = timer_mode::free;
    return options;
  }

  // False if the worker did not come to the end.
  bool run_in_worker(const schedule& from) {
    message_line line;
    record_.clear(0);
    const pid_t worker = fork_child([&] {
      line.close_parent();
      const auto improved = [&](const schedule& s) {
        line.to_parent(to_message(job_result{.token = text_of(s)}));
      };
      const job_result result = work(from, false, improved);
      line.to_parent(nlohmann::json::array({to_message(result)}));
    });
    line.close_child();
    const bool is_done = listen(line, worker);
    wait_for(worker);
    return is_done;
  }

  // A message is a smaller execution, or an array of one: the result.
  bool listen(message_line& line, pid_t worker) {
    message_line* const lines[] = {&line};
    hang_watch watch(options_.hang_after);
    for (;;) {
      const bool is_ready = message_line::wait_for_any(lines, message_line::poll_ms)[0];
      nlohmann::json message;
      if (is_ready && !line.from_child(message)) return false;
      if (is_ready) {
        const bool is_result = message.size() == 1;
        best_ = result_from_message(is_result ? message.at(0) : message);
        if (is_result) return true;
      } else if (is_interrupted() || watch.is_hung(record_)) {
        kill(worker, SIGKILL);
      }
    }
  }

  const program& program_;
  const explore_options& options_;
  const verdict what_;
  const still_fails fails_;
  const shrink_options& limits_;
  const bool shrinks_;
  execution record_;
  job_result best_;
};

bool is_good(const program& p, const std::string& token, verdict without,
             const explore_options& options) {
  const replay_result again = replay(p, token, options);
  return again.unfit.empty() && again.same_trace && !again.outcome.outcomes.at(0).has(without);
}

}  // namespace

shrink_result shrink_finding(const program& shrunk, const followed_token& given,
                             const finding& target, const shrink_options& limits) {
  const verdict lowest = given.result.outcome.outcomes.at(0).lowest;
  const explore_options& options = given.options;
  job_result job = shrink_job(shrunk, options, target, lowest, limits, true).run(given.follow);
  followed_token smallest = given;
  const finding* found = &target;
  if (parse_token(job.token)->follow != given.follow) {
    followed_token again = follow_token(shrunk, job.token, options);
    const finding* same = find_cause(again.result.outcome.findings, target);
    // Where it does not come again, the program depends on something else: all is as it was.
    const bool is_same = again.result.unfit.empty() && same != nullptr;
    if (!is_same) job = {.token = text_of(given.follow), .executions = job.executions};
    if (is_same) {
      smallest = std::move(again);
      found = find_cause(smallest.result.outcome.findings, target);
    }
  }
  if (!job.turn.good_token.empty() && !is_good(shrunk, job.turn.good_token, target.what, options)) {
    job.turn = {};
  }
  shrink_result result{.same_trace = given.result.same_trace, .has_finding = true};
  result.found = *found;
  result.found.minimal = job.minimal;
  result.found.turn = job.turn;
  result.token = result.found.token;
  result.steps_before = target.steps;
  result.preemptions_before = target.preemptions;
  result.deviations_before = static_cast<std::uint32_t>(given.follow.deviations.size());
  if (smallest.follow != given.follow) {
    result.found.shrunk_from = unshrunk_execution{.token = target.token,
                                                  .steps = target.steps,
                                                  .preemptions = target.preemptions,
                                                  .deviations = result.deviations_before};
  }
  result.is_minimum_proved = job.minimal == minimality::proved;
  result.executions = job.executions;
  result.outcome = std::move(smallest.result.outcome);
  for (finding& f : result.outcome.findings) {
    if (cause_of(f) == cause_of(target)) f = result.found;
  }
  result.told = std::move(smallest.result.told);
  return result;
}

shrink_result shrink(const program& shrunk, std::string_view token, const explore_options& options,
                     const shrink_options& limits) {
  const sole_explorer mine(shrunk.name);
  followed_token given = follow_token(shrunk, token, options);
  replay_result& followed = given.result;
  if (followed.unfit.empty() && !followed.outcome.findings.empty()) {
    const finding worst = followed.outcome.findings.front();
    return shrink_finding(shrunk, given, worst, limits);
  }
  return {.unfit = followed.unfit,
          .same_trace = followed.same_trace,
          .token = followed.outcome.outcomes.at(0).token,
          .outcome = std::move(followed.outcome),
          .told = std::move(followed.told)};
}

std::string nearest_good_token(const program& of, const followed_token& bad,
                               const shrink_options& limits) {
  const report& r = bad.result.outcome;
  const finding& worst = r.findings.front();
  const verdict lowest = r.outcomes.at(0).lowest;
  return shrink_job(of, bad.options, worst, lowest, limits, false).run(bad.follow).turn.good_token;
}

}  // namespace braid
