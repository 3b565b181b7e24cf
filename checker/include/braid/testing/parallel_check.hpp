// Parallel property tests: random commands, a few goroutines, a model, every interleaving.
//
//   const auto command = rc::gen::map(rc::gen::inRange(0, 4), [](int n) {
//     return n == 0 ? queue::pop() : queue::push(n);      // queue = braid::queue_model<int>
//   });
//   const braid::parallel_result r = braid::parallel_check(
//       queue{}, command,
//       [] { return my_queue(); },                               // the object, made anew
//       [](my_queue& q, const queue::op& o) -> queue::result {   // does one command
//         if (!o.pushes) return q.try_pop();
//         q.push(o.value);
//         return o.value;
//       });
//   CHECK(r);
//
// If the test fails the listener of <braid/testing/catch_listener.hpp> prints the whole report;
// in another framework print `r.report`. No file is written: a failure may be what is expected.
//
// A case is a list of commands that are done first, then two or more branches that are done at the
// same time by a goroutine each (as in QuickCheck's and PULSE's parallel state machines: Claessen
// and others, Finding Race Conditions in Erlang with QuickCheck and PULSE, ICFP'09). rapidcheck
// makes and shrinks the commands; braid explores the interleavings of each case, by default all
// those with at most two preemptions, and judges each by linearizability. A panic, a deadlock, a
// data race or any other finding is a failure, too.
//
// What is left at the end is a case from which nothing can be taken, with a schedule that has the
// fewest preemptions, and a word for BRAID_REPRODUCE and `replay_first`, from which both are made
// again. Deviation: PULSE draws one schedule for each case and runs it again and again
// while shrinking; here each candidate is explored anew, so that no failure is lost by chance.
#pragma once

#include <rapidcheck.h>
#include <rapidcheck/detail/TestListenerAdapter.h>
#include <algorithm>
#include <braid/explore.hpp>
#include <braid/regression.hpp>
#include <braid/testing/examination.hpp>
#include <braid/testing/fork.hpp>
#include <braid/testing/generated.hpp>
#include <braid/testing/input_word.hpp>
#include <braid/testing/observe.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <ostream>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace braid {

struct parallel_options {
  std::string name = {};       // in words that reproduce; empty: that of the test, else the place
  std::size_t prefix_max = 4;  // commands
  std::size_t branches = 2;    // at most 8
  std::size_t branch_max = 3;  // commands in each
  int cases = 0;               // 0: as rapidcheck is configured (RC_PARAMS=max_success=N)
  std::uint64_t seed = 0;      // 0: as rapidcheck is configured (RC_PARAMS=seed=N)
  // How each case is explored.
  explore_options search = {
      .strategy = "dfs", .runs_max = 2000, .preemptions_max = 2, .fail_fast = true};
  std::vector<std::string> replay_first = {};  // words of results
};

struct parallel_result {
  bool is_ok = false;
  int cases = 0;              // that went well
  std::size_t commands = 0;   // of the smallest case that failed
  finding found = {};         // its finding
  std::string headline = {};  // of the report
  std::string report = {};    // in words
  std::string word = {};      // the commands and the schedule, for BRAID_REPRODUCE

  bool is_shown = false;  // the test framework prints the report, if the test fails

  explicit operator bool() const { return is_ok; }
  friend std::ostream& operator<<(std::ostream& to, const parallel_result& r) {
    return to << (r.is_shown || r.is_ok ? r.headline : r.report);
  }
};

namespace detail {

template <class Op>
struct parallel_case {
  std::vector<Op> prefix;
  std::vector<std::vector<Op>> branches;
};

// Runs a case as a program, again and again.
template <class Model, class Make, class Run>
class parallel_run {
 public:
  using op = typename Model::op;

  parallel_run(const std::string& name, const Model& model, const Make& make, const Run& run)
      : name_(name), model_(model), make_(make), run_(run) {}

  program of(const parallel_case<op>& commands) {
    return {name_, [this, &commands] { main(commands); }};
  }
  // The operations of the last execution.
  const std::vector<operation<Model>>& last() const { return last_; }
  // The goroutines that did the branches; 0: none did.
  const std::vector<std::uint32_t>& lanes() const { return lanes_; }

 private:
  using object = std::invoke_result_t<Make>;

  // Keeps what was observed however the execution ends.
  struct keeper {
    std::vector<operation<Model>>& to;
    const call_history<Model>& calls;
    ~keeper() { to = calls.operations(); }
  };

  void main(const parallel_case<op>& commands) {
    lanes_.assign(commands.branches.size(), 0);
    object made = make_();
    call_history<Model> calls(model_);
    const keeper kept{last_, calls};
    run_all(commands.prefix, calls, made);
    wait_group all;
    for (std::size_t b = 0; b < commands.branches.size(); ++b) {
      all.go([&, b] {
        lanes_[b] = number_of_caller();
        run_all(commands.branches[b], calls, made);
      });
    }
    all.wait();
    calls.check();
  }
  void run_all(const std::vector<op>& commands, call_history<Model>& calls, object& made) {
    for (const op& one : commands) calls.observe(one, [&] { return run_(made, one); });
  }

  const std::string name_;
  const Model& model_;
  const Make& make_;
  const Run& run_;
  std::vector<operation<Model>> last_;
  std::vector<std::uint32_t> lanes_;
};

// The drawing of a case, with what an execution made of it.
template <class Model>
std::string draw_case(const Model& model, const parallel_case<typename Model::op>& commands,
                      std::vector<operation<Model>> done, const std::vector<std::uint32_t>& lanes) {
  std::sort(done.begin(), done.end(), [](const auto& a, const auto& b) {
    return std::pair(a.goroutine, a.called) < std::pair(b.goroutine, b.called);
  });
  std::vector<std::uint64_t> times;
  for (const operation<Model>& o : done) {
    if (o.goroutine == 0) continue;
    times.push_back(o.called);
    if (o.result) times.push_back(o.returned);
  }
  std::sort(times.begin(), times.end());
  const auto place_of = [&](std::uint64_t time) {
    return static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), time) -
                                    times.begin()) +
           1;
  };
  const auto draw = [&](const std::vector<typename Model::op>& list, std::uint32_t goroutine) {
    std::vector<forked_command> drawn;
    auto next = std::find_if(done.begin(), done.end(),
                             [&](const auto& o) { return o.goroutine == goroutine; });
    for (const auto& command : list) {
      forked_command one{.text = describe_operation(model, command)};
      if (next != done.end() && next->goroutine == goroutine) {
        one.began = place_of(next->called);
        if (next->result) {
          one.text = with_result(one.text, result_of_call(model, command, *next->result));
          one.ended = place_of(next->returned);
        }
        ++next;
      }
      drawn.push_back(std::move(one));
    }
    return drawn;
  };
  std::vector<std::string> prefix;
  for (const forked_command& c : draw(commands.prefix, 0)) prefix.push_back(c.text);
  std::vector<forked_branch> branches;
  for (std::size_t b = 0; b < commands.branches.size(); ++b) {
    const std::uint32_t lane = lanes[b] == 0 ? static_cast<std::uint32_t>(b) + 1 : lanes[b];
    branches.push_back({lane, draw(commands.branches[b], lane)});
  }
  return draw_fork(prefix, branches);
}

template <class Op>
rc::Gen<std::vector<Op>> list_of(rc::Gen<Op> command, std::size_t max) {
  return rc::gen::withSize([=](int size) {
    const int length = std::min(static_cast<int>(max), 1 + size * static_cast<int>(max) / 50);
    return rc::gen::mapcat(rc::gen::inRange(0, length + 1), [=](int count) {
      return rc::gen::container<std::vector<Op>>(static_cast<std::size_t>(count), command);
    });
  });
}

template <class Op>
std::size_t commands_of(const parallel_case<Op>& c) {
  std::size_t count = c.prefix.size();
  for (const std::vector<Op>& branch : c.branches) count += branch.size();
  return count;
}

// The i-th command of a case goes, counted from the prefix on.
template <class Op>
parallel_case<Op> without(parallel_case<Op> c, std::size_t i) {
  std::vector<Op>* list = &c.prefix;
  for (std::size_t b = 0; i >= list->size(); list = &c.branches[b++]) i -= list->size();
  list->erase(list->begin() + static_cast<std::ptrdiff_t>(i));
  return c;
}

// Beside what rapidcheck does to lists: a command goes, or two (a push and its pop), or the first
// of a branch is done before the fork.
template <class Op>
rc::Seq<parallel_case<Op>> smaller_cases(const parallel_case<Op>& c) {
  std::vector<parallel_case<Op>> all;
  for (std::size_t i = 0; i < commands_of(c); ++i) all.push_back(without(c, i));
  for (std::size_t i = 0; i < commands_of(c); ++i) {
    for (std::size_t k = 0; k < i; ++k) all.push_back(without(without(c, i), k));
  }
  for (std::size_t b = 0; b < c.branches.size(); ++b) {
    if (c.branches[b].empty()) continue;
    all.push_back(c);
    all.back().prefix.push_back(c.branches[b].front());
    all.back().branches[b].erase(all.back().branches[b].begin());
  }
  return rc::seq::fromContainer(std::move(all));
}

template <class Op>
rc::Gen<parallel_case<Op>> cases_of(rc::Gen<Op> command, const parallel_options& options) {
  auto branches = rc::gen::container<std::vector<std::vector<Op>>>(
      options.branches, list_of(command, options.branch_max));
  auto whole =
      rc::gen::map(rc::gen::pair(list_of(command, options.prefix_max), std::move(branches)),
                   [](std::pair<std::vector<Op>, std::vector<std::vector<Op>>> parts) {
                     return parallel_case<Op>{std::move(parts.first), std::move(parts.second)};
                   });
  return rc::gen::shrink(std::move(whole),
                         [](const parallel_case<Op>& c) { return smaller_cases(c); });
}

// So that rapidcheck, which shows what it has generated, finds something to show.
template <class Op>
std::ostream& operator<<(std::ostream& to, const parallel_case<Op>& c) {
  return to << commands_of(c) << " commands";
}

// One call of parallel_check().
template <class Model, class Make, class Run>
class parallel_property {
 public:
  using op = typename Model::op;
  using commands = parallel_case<op>;

  parallel_property(const Model& model, const rc::Gen<op>& command, const Make& make,
                    const Run& run, const parallel_options& options, where at)
      : model_(model),
        options_(options),
        named_{.name = options.name, .replay_first = options.replay_first},
        examined_(named_, at),
        runs_(examined_.name(), model, make, run),
        cases_(cases_of<op>(command, options)),
        generated_(rc::detail::toProperty([this] { try_case(*cases_); })) {}

  parallel_result run() {
    for (const examination::old_failure& old : examined_.old_failures(examination::with_input)) {
      if (fails_again(old) || old.is_only) return told("from", old.origin);
    }
    rc::detail::TestParams params = rc::detail::configuration().testParams;
    if (options_.cases > 0) params.maxSuccess = options_.cases;
    if (options_.seed > 0) params.seed = options_.seed;
    // Whatever else is to be reproduced, this property runs; and it does its own reporting.
    rc::detail::TestListenerAdapter quiet;
    const auto came = rc::detail::checkProperty(generated_, {}, params, quiet, {});
    rc::detail::SuccessResult passed;
    if (came.match(passed)) {
      return {.is_ok = true,
              .cases = passed.numSuccess,
              .headline = "passes " + std::to_string(passed.numSuccess) + " cases"};
    }
    rc::detail::FailureResult failed;
    if (!came.match(failed) || !failure_) return not_decided(came);
    result_.cases = failed.numSuccess;
    input_source source;
    serialize(failed.reproduce, std::back_inserter(source.reproduce));
    failure_->input = to_word(source);
    return told("commit", ".replay_first = {\"" + word_of(*failure_) + "\"}");
  }

 private:
  // What rapidcheck calls for each case, and for each one that it shrinks to.
  void try_case(const commands& c) {
    if (is_collecting_) {
      collected_ = c;
    } else if (keep(c, explore(runs_.of(c), options_.search))) {
      RC_FAIL("parallel_check failed");
    }
  }

  // True if there is a finding.
  bool keep(const commands& c, const braid::report& r) {
    if (r.findings.empty()) return false;
    result_.found = r.findings.front();
    result_.commands = commands_of(c);
    const program tested = runs_.of(c);
    failure_ = regression{.program = tested.name, .token = result_.found.token};
    if (!result_.found.token.empty()) {
      replay(tested, result_.found.token, options_.search);
      note_schedule(tested);
    }
    result_.report =
        describe_parallel_failure(result_.found, draw_case(model_, c, runs_.last(), runs_.lanes()));
    return true;
  }

  void note_schedule(const program& tested) {
    try {
      failure_ = record(tested, result_.found, options_.search);
    } catch (const malformed_token&) {  // it does not reproduce: the object is not deterministic
    }
  }

  bool fails_again(const examination::old_failure& old) {
    const std::optional<input_source> source = source_from_word(old.by.input);
    collected_.reset();
    is_collecting_ = true;
    const bool is_generated = source && run_again(generated_, *source);
    is_collecting_ = false;
    if (!is_generated || !collected_) {
      examined_.note(examined_.name() + ": the commands of " + old.origin +
                     " cannot be generated any more");
      return false;
    }
    const commands again = *collected_;
    if (!keep(again, follow(runs_.of(again), old.by, options_.search).result.outcome)) return false;
    failure_->input = old.by.input;
    return true;
  }

  parallel_result told(const std::string& what, const std::string& value) {
    result_.is_ok = !failure_;
    if (result_.is_ok) {
      result_.headline = "passes";
      return result_;
    }
    result_.word = word_of(*failure_);
    result_.report += "\n  again    " + command_with(result_.word) + "\n";
    result_.report += "  " + what + std::string(9 - what.size(), ' ') + value + "\n";
    result_.headline = headline_of(result_.found) + ", " + std::to_string(result_.commands) +
                       (result_.commands == 1 ? " command" : " commands");
    return shown();
  }

  parallel_result shown() {
    result_.is_shown = show_if_failed(examined_.name() + ": " + result_.report);
    return result_;
  }

  parallel_result not_decided(const rc::detail::TestResult& came) {
    std::ostringstream why;
    rc::detail::printResultMessage(came, why);
    result_.headline = "rapidcheck gave up";
    result_.report = why.str();
    return shown();
  }

  const Model& model_;
  const parallel_options& options_;
  const verify_options named_;
  examination examined_;
  parallel_run<Model, Make, Run> runs_;
  const rc::Gen<commands> cases_;
  const rc::detail::Property generated_;
  bool is_collecting_ = false;
  std::optional<commands> collected_;
  std::optional<regression> failure_;
  parallel_result result_;
};

}  // namespace detail

// Checks `make()`d objects, on which `run(object, op)` does a command and gives its result, against
// `model`. The commands are drawn from `command`. Throws as verify().
template <class Model, class Make, class Run>
parallel_result parallel_check(const Model& model, const rc::Gen<typename Model::op>& command,
                               const Make& make, const Run& run,
                               const parallel_options& options = {}, where at = {}) {
  return detail::parallel_property<Model, Make, Run>(model, command, make, run, options, at).run();
}

}  // namespace braid
