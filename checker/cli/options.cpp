// The table of the options; see options.hpp. How they are read is in parse.cpp.
#include "cli/options.hpp"

#include <array>

#include "cli/values.hpp"
#include "strategy/catalogue.hpp"

namespace braid::cli {
namespace {

constexpr std::uint16_t list = 1, explore = 2, run = 4, replay = 8, merge = 16;
constexpr std::uint16_t shrink = 32, diff = 64;
constexpr std::uint16_t show = 512, step = 1024, check = 2048, completion = 4096;
constexpr std::uint16_t searches = explore | replay;
constexpr std::uint16_t shrinks = shrink | diff;
constexpr std::uint16_t follows = searches | shrinks | step | check;  // under the checker
constexpr std::uint16_t judges = searches | shrinks | step;
constexpr std::uint16_t with_json = searches | shrinks | run | merge | check;
constexpr std::uint16_t all = list | with_json | step | show | completion;

constexpr std::uint64_t runs_max = 1'000'000'000'000'000;
constexpr std::uint64_t steps_max = 10'000'000;
constexpr std::uint64_t bound_max = 1'000'000;
constexpr std::uint64_t workers_max = 1024;
constexpr bounds widths = {.least = 60, .most = 1000};

void set_strategy(settings& s, std::string_view name) {
  if (const std::string mistake = what_strategy_must_be(name); name != "auto" && !mistake.empty()) {
    constexpr std::string_view all = "must be one of ";
    if (!mistake.starts_with(all)) throw bad_value(mistake);
    throw bad_value(std::string(all) + "auto, " + mistake.substr(all.size()));
  }
  s.search.strategy = name;
  s.strategy = name;
}

void set_workers(settings& s, std::string_view v) {
  s.workers = static_cast<unsigned>(to_number(v, {.most = workers_max}));
  s.workers_given = true;
}

std::uint32_t to_bound(std::string_view v) {
  return static_cast<std::uint32_t>(to_number(v, {.most = bound_max}));
}

void set_runs(settings& s, std::string_view v) { s.search.runs_max = to_number(v, {1, runs_max}); }

void set_quiet(settings& s, std::string_view v) { s.quiet = to_flag(v); }

void set_verbose(settings& s, std::string_view v) { s.verbose = to_flag(v); }

using to = settings&;
using text = std::string_view;

constexpr std::array table = {
    option{"Search", explore, "strategy", 0, "NAME",
           "auto, dpor, dfs, random, urw, surw, pct[:d[:k]], pos or portfolio; auto is dpor on "
           "half of the budget, and portfolio on the other half if that does not end or executions "
           "are cut  [auto]",
           set_strategy},
    option{"Search", replay, "strategy", 0, "NAME", "with --seed and --run: the search of that run",
           set_strategy},
    option{"Search", explore, "runs", 'n', "N",
           "executions at most, those before --resume included", set_runs},
    option{"Search", explore, "time", 't', "T",
           "at most this long: 500ms, 10s, 5m, 2h; after --resume anew",
           [](to s, text v) { s.search.time_max = to_time(v); }},
    option{"Search", check, "runs", 'n', "N", "schedules at most  [100]", set_runs},
    option{"Search", searches | check, "seed", 's', "N",
           "of what is random; same command, same result  [1]",
           [](to s, text v) { s.search.seed = to_number(v, {}); }},
    option{"Search", replay, "run", 0, "K", "with --strategy and --seed: its run K, from 0",
           [](to s, text v) { s.run_number = to_number(v, {.most = runs_max}); }},
    option{"Search", searches, "preemptions", 0, "N",
           "at most N in an execution: another goroutine runs though the last one could go on",
           [](to s, text v) { s.search.preemptions_max = to_bound(v); }},
    option{"Search", searches, "delays", 0, "N",
           "at most N in an execution: of the alternatives in their order, one is passed over",
           [](to s, text v) { s.search.delays_max = to_bound(v); }},
    option{"Search", follows, "max-steps", 0, "N",
           "per execution; one that is cut there is reported  [20000]",
           [](to s, text v) {
             s.search.steps_max = static_cast<std::uint32_t>(to_number(v, {1, steps_max}));
           }},
    option{"Search", follows, "timers", 0, "MODE",
           "ordered: the clock moves only when all goroutines wait; free: at any step, as on a "
           "machine that stalls  [ordered]",
           [](to s, text v) { s.search.timers = to_timer_mode(v); }},
    option{"Search", explore | merge, "require-complete", 0, "",
           "not finishing is a failure (exit 3)",
           [](to s, text v) { s.require_complete = to_flag(v); }},
    option{"Search", explore, "fail-fast", 0, "", "stop at the first finding",
           [](to s, text v) { s.search.fail_fast = to_flag(v); }},
    option{"Search", explore, "jobs", 'j', "N", "worker processes; 0: one for each core  [1]",
           [](to s, text v) {
             s.search.workers = static_cast<unsigned>(to_number(v, {.most = workers_max}));
           }},
    option{"Search", explore, "shard", 0, "I/N",
           "part I of N, from 0, for 'merge'; else the variables of Bazel, Slurm, Open MPI or "
           "Kubernetes (with BRAID_SHARDS=N) say which",
           [](to s, text v) { s.search.shard = to_shard(v); }},
    option{"Search", explore, "checkpoint", 0, "FILE",
           "keep the search in FILE as it goes, to go on with --resume; what was there is kept as "
           "FILE.old",
           [](to s, text v) { s.search.checkpoint = to_path(v); }},
    option{"Search", explore, "resume", 0, "FILE",
           "go on from a checkpoint, and keep the search there unless --checkpoint is given",
           [](to s, text v) { s.search.resume = to_path(v); }},
    option{"Search", explore | shrinks | check, "hang-after", 0, "T",
           "an execution that does nothing that braid sees for so long is cut  [5s]",
           [](to s, text v) { s.search.hang_after = to_time(v); }},
    option{"Search", explore, "isolate", 0, "", "a process for every execution",
           [](to s, text v) { s.search.isolate = to_flag(v); }},
    option{"Search", explore, "no-shrink", 0, "", "findings are reported as they were found",
           [](to s, text v) { s.shrink = !to_flag(v); }},
    option{"Search", explore | shrinks, "shrink-steps", 0, "N",
           "to shrink a finding and to see when it goes wrong, at most so many steps  [500000; of "
           "the commands shrink and diff 2000000]",
           [](to s, text v) {
             s.shrink_steps = to_number(v, {1, runs_max});
           }},
    option{"Search", replay, "lenient", 0, "", "leave out deviations that cannot be applied",
           [](to s, text v) { s.lenient = to_flag(v); }},
    option{"Search", replay, "break", 0, "",
           "stop a debugger before the last step: gdb --args braid replay PROGRAM TOKEN --break",
           [](to s, text v) { s.breaks = to_flag(v); }},
    option{"Production", run, "runs", 'n', "N", "this many runs, and the table of their outcomes",
           set_runs},
    option{"Production", run, "workers", 0, "N", "threads; 0: one for each processor  [0]",
           set_workers},
    option{"Production", run, "time-scale", 0, "F", "sleeps last F of what they say  [1]",
           [](to s, text v) { s.time_scale = to_factor(v, 1000); }},
    option{"Production", run, "against", 0, "RESULT",
           "a file that explore --json printed: an outcome outside it exits 16  [-n 100]",
           [](to s, text v) { s.against = v; }},
    option{"Checks", follows, "no-leak", 0, "", "goroutines may be left behind for ever",
           [](to s, text v) { s.search.check_leaks = !to_flag(v); }},
    option{"Checks", follows, "no-deadlock", 0, "", "a deadlock is an outcome, no finding",
           [](to s, text v) { s.search.check_deadlocks = !to_flag(v); }},
    option{"Checks", follows, "spurious-try-lock", 0, "",
           "a try_lock of a free lock may fail, as the memory model allows",
           [](to s, text v) { s.search.spurious_try_locks = to_flag(v); }},
    option{"Checks", follows, "spurious-wakeups", 0, "",
           "a cond may wake a goroutine, each one once, that nobody notified, as std's may",
           [](to s, text v) { s.search.spurious_wake_ups = to_flag(v); }},
    option{"Checks", searches | shrinks, "warn-foreign-unlock", 0, "",
           "tell unlocks by another goroutine than the one that locked, which are allowed; not of "
           "readers",
           [](to s, text v) { s.search.warn_foreign_unlocks = to_flag(v); }},
    option{"Checks", follows, "no-race", 0, "", "data races are not looked for",
           [](to s, text v) { s.search.check_races = !to_flag(v); }},
    option{"Checks", explore, "expect", 0, "OUTCOME",
           "must occur (not judged while incomplete); stdout with C escapes, or @VERDICT",
           [](to s, text v) { s.expect.push_back(to_outcome(v)); }, true},
    option{"Checks", replay, "expect", 0, "OUTCOME",
           "said if it does not occur; one execution is not judged by it",
           [](to s, text v) { s.expect.push_back(to_outcome(v)); }, true},
    option{"Checks", judges, "forbid", 0, "OUTCOME",
           "must not occur (exit 16); stdout with C escapes, or @VERDICT",
           [](to s, text v) { s.search.forbid.push_back(to_outcome(v).text); }, true},
    option{"Checks", judges, "allow", 0, "OUTCOME", "nothing else may occur (exit 16)",
           [](to s, text v) { s.search.allow.push_back(to_outcome(v).text); }, true},
    option{"Output", list, "json", 0, "", "a JSON array, and nothing else, on stdout",
           [](to s, text v) { s.json = to_flag(v); }},
    option{"Output", with_json, "json", 0, "",
           "one JSON object for each program, a line each, and nothing else, on stdout",
           [](to s, text v) { s.json = to_flag(v); }},
    option{"Output", searches | shrinks, "trace", 0, "", "with --json: the events of each outcome",
           [](to s, text v) { s.trace = to_flag(v); }},
    option{"Output", list, "names", 0, "",
           "the names alone, a line each; with --json an array of them",
           [](to s, text v) { s.names = to_flag(v); }},
    option{"Output", show, "as", 0, "FORM",
           "lanes: the table, and the lanes of the outcomes; html; perfetto; dot; json  [lanes]",
           [](to s, text v) { s.form = to_form(v); }},
    option{"Output", show, "token", 0, "TOKEN", "of this execution alone",
           [](to s, text v) { s.token = v; }},
    option{"Output", searches, "junit", 0, "FILE", "write JUnit XML there: a test for each program",
           [](to s, text v) { s.junit = to_path(v); }},
    option{"Output", searches, "sarif", 0, "FILE", "write the findings there as SARIF 2.1.0",
           [](to s, text v) { s.sarif = to_path(v); }},
    option{
        "Output", searches, "perfetto", 0, "FILE",
        "write an execution there, the first that is wrong, as a trace that ui.perfetto.dev opens",
        [](to s, text v) { s.perfetto = to_path(v); }},
    option{"Output", explore, "save", 0, "FILE",
           "write the worst failure there as a regression (.braid), which replay PROGRAM @FILE "
           "follows by names; none: FILE stays as it is",
           [](to s, text v) { s.save = to_path(v); }},
    option{"Output", searches, "github", 0, "",
           "print annotations for GitHub Actions, and add a summary to $GITHUB_STEP_SUMMARY",
           [](to s, text v) { s.github = to_flag(v); }},
    option{"Output", searches, "html", 0, "F",
           "write F, a page for a browser: outcomes, and each step of them",
           [](to s, text v) { s.html = to_page_path(v); }},
    option{"Output", all, "color", 0, "WHEN", "auto, always or never; NO_COLOR counts  [auto]",
           [](to s, text v) { s.color = to_when(v); }},
    option{"Output", all, "ascii", 0, "", "no character beyond ASCII",
           [](to s, text v) { s.ascii = to_flag(v); }},
    option{"Output", all, "width", 0, "N", "columns, 60 at least  [the terminal's, at most 100]",
           [](to s, text v) { s.width = to_number(v, widths); }},
    option{"Output", explore | run | merge, "quiet", 'q', "", "only the summary line; no progress",
           set_quiet},
    option{"Output", replay, "quiet", 'q', "", "only the outcome", set_quiet},
    option{"Output", shrink, "quiet", 'q', "", "only the token", set_quiet},
    option{"Output", searches | shrinks, "verbose", 'v', "",
           "all outcomes with their lanes, nothing folded", set_verbose},
    option{"Output", merge, "verbose", 'v', "", "all outcomes and findings", set_verbose},
    option{"Output", show, "verbose", 'v', "", "all outcomes with their lanes, nothing folded",
           set_verbose},
    option{"Output", run, "verbose", 'v', "", "all outcomes; after one run, what each thread ran",
           set_verbose},
    option{"Output", explore | run, "no-progress", 0, "", "no progress line on stderr",
           [](to s, text v) { s.no_progress = to_flag(v); }},
    option{"Output", all, "help", 'h', "", "this text", [](to s, text) { s.help = true; }},
};

}  // namespace

std::span<const option> options() { return table; }

std::string variable_of(const option& o) {
  std::string name = "BRAID_";
  for (const char c : o.name) name += c == '-' ? '_' : static_cast<char>(c - 'a' + 'A');
  return name;
}

}  // namespace braid::cli
