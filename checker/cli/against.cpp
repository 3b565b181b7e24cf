// Compares production with a result of `explore --json`; see production.hpp.
#include <algorithm>
#include <utility>

#include "cli/production.hpp"
#include "cli/refusal.hpp"
#include "cli/result_file.hpp"
#include "trace/execution.hpp"

namespace braid::cli {
namespace {

// How a program of this outcome ends in production.
verdict seen_as(const reported_outcome& o) {
  for (const verdict v : o.verdicts) {
    const bool is_visible = v == verdict::panic || v == verdict::fatal || v == verdict::deadlock ||
                            v == verdict::crash || v == verdict::exit;
    if (v == verdict::crash && o.errors.ends_with(stack_overflow_line)) return verdict::fatal;
    if (is_visible) return v == verdict::exit && o.exit_code == 0 ? verdict::ok : v;
  }
  return verdict::ok;
}

}  // namespace

bool explored_set::has(const reported_outcome& in_production) const {
  return std::any_of(outcomes.begin(), outcomes.end(), [&](const reported_outcome& o) {
    const verdict ending = seen_as(o);
    if (o.output != in_production.output || ending != in_production.lowest) return false;
    const bool has_code = ending == verdict::exit || ending == verdict::crash;
    return !has_code || o.exit_code == in_production.exit_code;
  });
}

explored_set read_explored(const std::string& path, const std::string& program) {
  const std::string command = "explore --json " + program + " > FILE";
  for (saved_result& r : read_results_in(path, command)) {
    if (r.about.program != program) continue;
    return {.is_complete = r.about.complete,
            .is_free = r.about.timers == timer_mode::free,
            .outcomes = std::move(r.about.outcomes)};
  }
  throw refusal(exit_code::bad_file,
                "'" + path + "' has no result of '" + program + "'; write one with: " + command);
}

}  // namespace braid::cli
