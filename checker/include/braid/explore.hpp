// Exploring a program: every outcome it can have, with a schedule for each.
//
//   const braid::report r = braid::explore({"mine", [] { ... }}, {.strategy = "dfs"});
//   r.complete;                    // true: there are no other outcomes
//   r.outcomes[0].token;           // braid::replay(program, token) does it again
#pragma once

#include <braid/execution_options.hpp>
#include <braid/history.hpp>
#include <braid/scenario.hpp>
#include <braid/verdict.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace braid {

// When the virtual clock may move to the next deadline. Timers fire in the order of their
// deadlines, equal ones in any order, and one that is due may fire at any step.
enum class timer_mode : std::uint8_t {
  ordered,  // when all goroutines wait (discrete events)
  free,     // at any step, as on a machine that stalls: what production can do
};

struct report;
struct reported_outcome;

// One of `count` parts of a search that do not overlap, each done by a process or machine of its
// own: merge() adds them up.
struct search_shard {
  std::uint32_t index = 0;  // from 0
  std::uint32_t count = 1;
};

// What changes executions is also part of the identity of a search (search/checkpoint.cpp) and of
// execution_options, which reports, regressions and the printed command that replays have.
struct explore_options {
  // "auto": dpor, and samples if that does not end within half the budget. Or one of the catalogue
  // (checker/README.md): "dpor", "dfs", "random", "urw", "surw", "pct:3", "pos", "portfolio".
  std::string strategy = "auto";
  std::uint64_t seed = 1;
  std::optional<std::uint64_t> runs_max = {};         // executions; none: by the strategy
  std::optional<std::uint64_t> total_steps_max = {};  // of all executions
  std::optional<std::chrono::nanoseconds> time_max = {};
  // At most so many in each execution; not both. dfs tries those with fewer first.
  std::optional<std::uint32_t> preemptions_max = {};
  std::optional<std::uint32_t> delays_max = {};
  std::uint32_t steps_max = 20000;  // per execution, beyond which it is cut and reported
  timer_mode timers = timer_mode::ordered;
  bool check_leaks = true;      // false: a leak is an outcome, no finding
  bool check_deadlocks = true;  // false: a deadlock is an outcome, no finding
  bool check_races = true;      // false: data races are not looked for
  // What Go's rules allow and Go never does: a try_lock of a free lock fails, a cond wakes a
  // goroutine (each one once) that nobody notified.
  bool spurious_try_locks = false;
  bool spurious_wake_ups = false;
  // Say so when a goroutine unlocks what another one has locked, which rule M2 allows: a mutex, or
  // a shared_mutex for writing. Who reads is not known, so a shared unlock is never told. Changes
  // nothing else.
  bool warn_foreign_unlocks = false;
  // Why an outcome must not be, in words; empty: it may. Followed executions are judged by it:
  // replay(), shrink() and diff() add the verdict `mismatch`. explore() leaves that to its caller.
  std::function<std::string(const reported_outcome&)> mismatch = {};
  // By which outcomes it judges, as --forbid and --allow have them, for those who read a report or
  // a regression.
  std::vector<std::string> forbid = {};
  std::vector<std::string> allow = {};
  // Findings are shrunk before they are reported, the worst within so many steps of executions,
  // others within fewer; 0: they are not. Those of a shard are not.
  std::uint64_t shrink_steps_max = 0;
  bool fail_fast = false;  // stop at the first finding
  bool isolate = false;    // a process for every execution
  // False: executions run in this process, and a crash of the program ends it. True: in a worker
  // process; a crash is a finding.
  bool supervise = false;
  // If supervised: an execution that does nothing that braid sees for so long is cut.
  std::chrono::nanoseconds hang_after = std::chrono::seconds(5);
  unsigned workers = 1;  // processes, if supervised; 0: one for each processor
  std::optional<search_shard> shard = {};
  // A file in which the search is kept as it goes, at most once in `checkpoint_interval` and at the
  // end; empty: none.
  std::string checkpoint = {};
  std::chrono::nanoseconds checkpoint_interval = std::chrono::seconds(1);
  // A checkpoint from which the search goes on, and where it is kept unless `checkpoint` is given.
  // Budgets count what was done before.
  std::string resume = {};
  // Asked now and then; true ends the search early, which the report says.
  std::function<bool()> interrupted = {};
  // Called now and then with what is known so far.
  std::function<void(const report&)> progress = {};
};

struct reported_outcome {
  std::string output = {};       // stdout
  std::string errors = {};       // stderr
  verdict lowest = verdict::ok;  // of `verdicts`, by exit code
  std::vector<verdict> verdicts = {};
  int exit_code = 0;             // of exit(n), or the signal of a crash
  std::uint64_t count = 0;       // executions
  std::uint64_t sampled = 0;     // of them, those drawn at random
  std::string token = {};        // reproduces it
  std::uint64_t run = 0;         // the number of the token's execution, if that was drawn at random
  std::uint32_t steps = 0;       // of that execution
  std::uint32_t deviations = 0;  // of its schedule
  std::vector<std::string> leaked = {};  // goroutines, as reports call them
  std::string hung = {};  // where it did not come back, if it did not: g1 after chan1.recv, a.cpp:7

  bool has(verdict v) const;
};

// An operation of a loop.
struct looped_operation {
  std::string operation = {};
  std::string value = {};  // that it read
  std::string at = {};     // file:line
};

// A lock that a goroutine has taken and not given back.
struct held_object {
  std::string object = {};  // mutex accounts, rwmutex1
  std::uint32_t since = 0;  // step
  std::string at = {};      // file:line
  bool as_reader = false;
};

// A goroutine that another one waits for.
struct awaited_goroutine {
  std::string name = {};    // main, g1, g2, ...
  std::string label = {};   // see involved_goroutine
  std::string object = {};  // which it holds, or has used
  // holds, reads, will write; send, recv, close, notify, done, store, or would send and so on of
  // the case of a select that was not chosen.
  std::string how = {};
  std::uint32_t step = 0;  // since when, or when it did so last
  std::string at = {};     // file:line
  std::string state = {};  // finished at step 7, waits in chan1.recv, goes on
};

// A goroutine that takes part in a finding.
struct involved_goroutine {
  std::string name = {};                    // main, g1, g2, ...
  std::string created_at = {};              // file:line of its go(); empty for main
  std::string waits_for = {};               // an object; empty if it does not wait
  std::string operation = {};               // in which it waits
  std::string at = {};                      // file:line of the wait
  std::vector<std::string> holds = {};      // objects that it has locked
  std::vector<looped_operation> loop = {};  // an iteration that it repeats for ever
  std::string label = {};                   // the name that go_options gave it
  std::string created_by = {};              // its parent: main, g1, g2, ...; empty for main
  std::string made_at = {};                 // file:line of what it waits for, if that is one object
  std::string made_as = {};                 // if it has no place: main.1/mutex2
  std::vector<held_object> holds_since = {};       // as `holds`
  std::vector<awaited_goroutine> held_by = {};     // the holders of the lock that it waits for
  std::vector<awaited_goroutine> behind = {};      // a writer that waits first, and holds nothing
  std::vector<awaited_goroutine> could_wake = {};  // others that used what it waits for
  bool in_cycle = false;                           // each of them holds what the one before awaits
  std::string why = {};                            // nobody wakes it, in words
};

// `g1 watcher`: what reports call a goroutine.
std::string called(const std::string& name, const std::string& label);
inline std::string called(const involved_goroutine& g) { return called(g.name, g.label); }
inline std::string called(const awaited_goroutine& g) { return called(g.name, g.label); }

// One of the two accesses of a data race.
struct raced_access {
  std::string goroutine = {};   // main, g1, g2, ...
  std::string label = {};       // the name that go_options gave it
  std::string created_at = {};  // file:line of its go(); empty for main
  std::string operation = {};   // var1.write 2
  std::string value = {};       // that was read
  std::string kind = {};  // read, write, made; of channels send, close; of wait groups add, wait
  bool writes = false;
  std::string at = {};     // file:line; empty: an operator's, which knows no place
  std::uint32_t step = 0;  // 0: where the variable was made
};

// The execution that a finding had before it was shrunk.
struct unshrunk_execution {
  std::string token = {};
  std::uint32_t steps = 0;
  std::uint32_t preemptions = 0;
  std::uint32_t deviations = 0;
};

// How sure it is that no execution has the same finding with fewer preemptions.
enum class minimality : std::uint8_t {
  unknown,      // it was not shrunk, or not to the end
  one_minimal,  // without any one of its preemptions it is lost
  proved,       // every execution with fewer was tried, within the step limit and with its random()
};

// An operation of an execution, done or left undone at its end.
struct told_operation {
  std::uint32_t step = 0;      // 0: it is left undone
  std::string goroutine = {};  // main, g1, g2, ...; or timers
  std::string operation = {};
};

// When the execution of a finding goes wrong, and the nearest one that does not.
struct turning_point {
  bool is_known = false;
  // The first step after which every continuation that was tried has the verdict; 0: all
  // executions have. Its words are empty then.
  told_operation decided_by = {};
  bool is_exhausted = false;  // every continuation was tried
  // Two operations, the first before the second in the execution of the finding; the other way
  // round the verdict is lost. None, or two.
  std::vector<told_operation> swap = {};
  // The nearest execution without the verdict; empty if none was found.
  std::string good_token = {};
  std::uint32_t first_difference = 0;  // the first step in which it does something else
  std::string without = {};            // the deviation that it leaves out, if it only does that
};

struct finding {
  verdict what = verdict::ok;
  std::string summary = {};
  std::string token = {};
  std::uint32_t preemptions = 0;
  // Of the execution; of one that was cut while others went on, until the last of those that wait
  // for ever did so.
  std::uint32_t steps = 0;
  std::vector<involved_goroutine> goroutines = {};
  std::vector<raced_access> accesses = {};  // of a race: two, in their order
  std::vector<std::string> cycle = {};      // of a deadlock: g1, mutex b, g2, mutex a; or none
  std::vector<std::string> panics = {};     // that ended the program, in their order
  std::uint32_t deviations = 0;             // of the token's schedule
  std::uint64_t outcomes = 1;               // that show this cause
  // Of a history that is not linearizable, lines: the calls, as lanes, and how far they can be
  // put into an order.
  std::string explanation = {};
  std::optional<unshrunk_execution> shrunk_from = {};  // if shrinking changed something
  minimality minimal = minimality::unknown;
  turning_point turn = {};
};

// A goroutine unlocked what another one had locked (rule M2), which was asked for.
struct foreign_unlock {
  std::string object = {};     // mutex1
  std::string made_at = {};    // file:line
  std::string locked_by = {};  // main, g1, g2, ...
  std::string locked_at = {};  // file:line
  std::string unlocked_by = {};
  std::string unlocked_at = {};
  std::string token = {};        // of the nearest execution that shows it
  bool sampled = false;          // that was drawn at random,
  std::uint64_t run = 0;         // with this number
  std::uint32_t deviations = 0;  // of its schedule
};

// What pct promises: each execution of at most so many goroutines and decisions finds a given bug
// of this depth with at least this chance.
struct pct_guarantee {
  std::uint64_t goroutines = 0;  // n
  std::uint64_t steps = 0;       // k
  std::uint32_t depth = 0;       // d
  double chance = 0;             // 1 / (n k^(d-1))
  // Of all runs. With more of either than n or k nothing is guaranteed: these were learned from the
  // first runs, or given.
  std::uint64_t goroutines_seen = 0;
  std::uint64_t steps_seen = 0;

  bool holds() const { return goroutines_seen <= goroutines && steps_seen <= steps; }
};

// How many executions an exhaustive search has, by random probes.
struct size_estimate {
  double executions = 0;
  double low = 0;  // a rough interval of 95 %
  double high = 0;
  std::uint64_t probes = 0;
};

// What the report of a shard says of the shard.
struct shard_report {
  search_shard part = {};
  std::string digest = {};          // of what its siblings must have in common
  bool complete = false;            // nothing of this part was left out
  std::string why_incomplete = {};  // empty if complete
};

struct report {
  std::string program = {};
  std::string strategy = {};
  std::uint64_t seed = 1;
  timer_mode timers = timer_mode::ordered;
  execution_options options = {};   // of the search, which its tokens need
  bool complete = false;            // no outcome was left out
  std::string why_incomplete = {};  // empty if complete
  std::string why_dfs = {};         // why auto went on to it when dpor had ended; empty: it did not
  std::uint64_t executions = 0;
  std::uint64_t sampled = 0;                  // of them, those drawn at random
  std::uint64_t steps = 0;                    // of all executions
  std::uint64_t resumed = 0;                  // executions, of those before a checkpoint
  std::optional<std::uint64_t> classes = {};  // of equivalent executions; of dpor only
  // Executions that dpor cut because they were redundant, or dfs ran again under a larger bound.
  std::uint64_t blocked = 0;
  std::optional<pct_guarantee> guarantee = {};  // of pct only
  // Executions that were cut because a loop depends on what braid does not see.
  std::uint64_t hidden_loops = 0;
  std::uint64_t run_ons_cut = 0;     // executions whose rest still ran when it was stopped
  std::uint64_t dropped_stacks = 0;  // could not be unwound
  // Executions of the exhaustive search when it is done: exact if it is, else about. None: unknown.
  std::optional<double> estimate = {};
  std::optional<size_estimate> probed = {};  // before it began, if it was not over at once
  // In progress only:
  double share_done = 0;                    // of the work that is planned
  std::optional<double> seconds_left = {};  // until the time is used up
  double seconds = 0;
  bool was_interrupted = false;
  std::optional<shard_report> shard = {};  // if this is a part of a search
  std::string file_error = {};  // why the checkpoint could not be written; empty if it was
  std::vector<reported_outcome> outcomes = {};  // the most frequent first
  // One for each cause of each verdict (explain/cause.hpp), with the token of the nearest
  // execution.
  std::vector<finding> findings = {};  // the worst first: the lowest exit code
  // If they were asked for: one for each object and two places. No verdict depends on them.
  std::vector<foreign_unlock> warnings = {};

  bool has(verdict v) const;
  // The first outcome with this verdict. REQUIRES: has(v).
  const reported_outcome& first(verdict v) const;
  // As the command line ends: 0, or the code of the lowest finding; 130 if interrupted.
  int exit_code() const;
};

// Throws std::invalid_argument for an unknown strategy, and for bounds that it cannot keep;
// unusable_file for a checkpoint that cannot be gone on from, or a place where none can be written;
// std::logic_error, as all that runs a program here, if another thread explores, or from a
// goroutine.
report explore(const program& explored, const explore_options& options = {});

// Adds up the reports of shards. Those that are missing make it incomplete. Throws unfit_shards if
// there are none, if one is given twice, or if they are not of one search.
report merge(const std::vector<report>& shards);

// What a replay came to.
struct replay_result {
  // The first deviation that could not be followed, in words; empty if all could.
  std::string unfit = {};
  // False: all deviations were applied, but the trace is another one than the token's.
  bool same_trace = true;
  report outcome;  // one execution, one outcome
  history told;
};

// Runs `program` once, as the token says. Throws malformed_token; wrong_program if the token is
// of another one.
replay_result replay(const program& replayed, std::string_view token,
                     const explore_options& options = {});

struct shrink_options {
  // Of all executions together, about. Counted, not timed: the same call gives the same result.
  std::uint64_t steps_max = 2'000'000;
};

struct shrink_result {
  // The first deviation that could not be followed, in words; empty if all could.
  std::string unfit = {};
  bool same_trace = true;    // as in replay_result
  bool has_finding = false;  // false: there is nothing to shrink
  std::string token = {};    // of the smallest execution with the same verdict and cause
  finding found = {};        // of that execution
  // Of the execution that was given.
  std::uint32_t steps_before = 0;
  std::uint32_t preemptions_before = 0;
  std::uint32_t deviations_before = 0;
  bool is_minimum_proved = false;  // of the number of preemptions
  std::uint64_t executions = 0;    // that it took
  report outcome = {};             // of the smallest execution, as of a replay
  history told = {};
};

// Looks for an execution with the same verdict and the same cause as the worst finding of this one:
// with the fewest preemptions, then the fewest deviations, then the fewest steps. Whatever it comes
// to was followed again. Throws as replay().
shrink_result shrink(const program& shrunk, std::string_view token,
                     const explore_options& options = {}, const shrink_options& limits = {});

struct diff_result {
  // The first deviation of either token that could not be followed, in words.
  std::string unfit = {};
  bool has_finding = false;  // false: the first execution has none
  bool has_good = false;     // false: no execution without its verdict was found
  report bad = {};
  history bad_told = {};
  report good = {};
  history good_told = {};
  std::uint32_t first_difference = 0;  // the first step that differs; 0: none
};

// Compares an execution with a finding with another one; by default with the nearest one that does
// not have the verdict. Throws as replay().
diff_result diff(const program& compared, std::string_view token, std::string_view other = {},
                 const explore_options& options = {}, const shrink_options& limits = {});

class malformed_token : public std::exception {
 public:
  explicit malformed_token(std::string text) : text_(std::move(text)) {}
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

class unfit_shards : public std::exception {
 public:
  unfit_shards(std::size_t place, std::string text) : place_(place), text_(std::move(text)) {}
  const char* what() const noexcept override { return text_.c_str(); }
  // Of the first report that does not fit.
  std::size_t place() const { return place_; }

 private:
  std::size_t place_;
  std::string text_;
};

class unusable_file : public std::exception {
 public:
  explicit unusable_file(std::string text) : text_(std::move(text)) {}
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

class wrong_program : public malformed_token {
 public:
  using malformed_token::malformed_token;
};

}  // namespace braid
