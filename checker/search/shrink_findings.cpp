// Shrinks the findings of a report; see shrink_findings.hpp.
#include "search/shrink_findings.hpp"

#include "explain/cause.hpp"
#include "explain/shrink_job.hpp"
#include "process/stopwatch.hpp"

namespace braid {
namespace {

constexpr std::size_t causes_max = 5;

bool can_be_shrunk(const finding& f) {
  return !f.token.empty() && f.what != verdict::nondeterministic && f.what != verdict::mismatch;
}

// With a limit of time for the search, shrinking may take a quarter as long.
explore_options with_deadline(explore_options options, const stopwatch& watch) {
  if (!options.time_max) return options;
  const double seconds = std::chrono::duration<double>(*options.time_max).count() / 4;
  options.interrupted = [&watch, seconds, asked = options.interrupted] {
    return watch.seconds() > seconds || (asked && asked());
  };
  return options;
}

}  // namespace

void shrink_findings(report& r, const program& explored, const explore_options& asked) {
  const stopwatch watch;
  const explore_options options = with_deadline(asked, watch);
  std::uint64_t shrunk = 0;  // each has a cause of its own
  for (finding& f : r.findings) {
    if (!can_be_shrunk(f)) continue;
    if (options.interrupted && options.interrupted()) return;
    if (shrunk == causes_max) return;
    const followed_token given = follow_token(explored, f.token, options);
    const finding* target = find_cause(given.result.outcome.findings, f);
    if (target == nullptr) continue;
    const std::uint64_t outcomes = f.outcomes;
    const std::uint64_t steps_max = options.shrink_steps_max / ++shrunk;
    f = shrink_finding(explored, given, *target, {.steps_max = steps_max}).found;
    f.outcomes = outcomes;
  }
}

}  // namespace braid
