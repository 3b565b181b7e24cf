// Many runs in production; see production.hpp.
#include "cli/production.hpp"

#include <algorithm>
#include <braid/run.hpp>

#include "cli/captured.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "cli/terminal.hpp"
#include "process/stopwatch.hpp"

namespace braid::cli {
namespace {

constexpr int panic_code = 2;  // of Go's panics and fatal errors

// True if a line of stderr starts so.
bool says(const std::string& errors, const std::string& start) {
  return errors.starts_with(start) || errors.find("\n" + start) != std::string::npos;
}

verdict verdict_of(const captured_run& run) {
  if (run.signal != 0) return verdict::crash;
  if (run.exit_code == 0) return verdict::ok;
  if (run.exit_code != panic_code) return verdict::exit;
  if (says(run.errors, "fatal error: all goroutines are asleep - deadlock!") ||
      says(run.errors, "fatal error: no goroutines ")) {
    return verdict::deadlock;
  }
  if (says(run.errors, "fatal error: ")) return verdict::fatal;
  return says(run.errors, "panic: ") ? verdict::panic : verdict::exit;
}

// Without the blocks of goroutines: their numbers, and what the others did, differ from run to run.
std::string_view told_of(const std::string& errors) {
  return std::string_view(errors).substr(0, errors.find("\n\ngoroutine "));
}

void add(report& to, const captured_run& run) {
  const verdict what = verdict_of(run);
  reported_outcome fresh{.output = run.output,
                         .errors = run.errors,
                         .lowest = what,
                         .verdicts = {what},
                         .exit_code = run.signal != 0 ? run.signal : run.exit_code,
                         .count = 1};
  ++to.executions;
  const auto same = [&](const reported_outcome& o) {
    return o.output == fresh.output && told_of(o.errors) == told_of(fresh.errors) &&
           o.lowest == fresh.lowest && o.exit_code == fresh.exit_code;
  };
  const auto known = std::find_if(to.outcomes.begin(), to.outcomes.end(), same);
  known == to.outcomes.end() ? to.outcomes.push_back(std::move(fresh)) : void(++known->count);
}

}  // namespace

report run_many(const program& chosen, const settings& asked) {
  catch_interrupts();
  const run_options options{.workers = asked.workers, .time_scale = asked.time_scale};
  const stopwatch watch;
  progress line(asked, style_of(asked));
  report r{.program = chosen.name,
           .strategy = "production",
           .timers = timer_mode::free,
           .why_incomplete = "real runs: other outcomes may exist"};
  bool is_cut = false;
  for (std::uint64_t n = 0; n < asked.search.runs_max.value_or(1) && !was_interrupted(); ++n) {
    const captured_run run =
        run_captured([&] { return braid::run(chosen.main, options); }, was_interrupted);
    if (run.was_stopped) break;
    is_cut = is_cut || run.is_cut;
    add(r, run);
    r.seconds = watch.seconds();
    line.show(r);
  }
  r.seconds = watch.seconds();
  if (is_cut) r.why_incomplete += "; of the output of a run only the first MiB is kept";
  r.was_interrupted = was_interrupted();
  if (r.was_interrupted) r.why_incomplete = "interrupted";
  std::stable_sort(r.outcomes.begin(), r.outcomes.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  return r;
}

}  // namespace braid::cli
