// Outcomes as reports have them; see reported.hpp.
#include "explain/reported.hpp"

#include <utility>

#include "trace/schedule.hpp"

namespace braid {

std::string with_check(std::string text, const program& of, std::uint64_t trace_hash) {
  return text + "~" + check_of(of.name, trace_hash);
}

reported_outcome reported(const outcome& o, std::string token) {
  return {.output = o.output,
          .errors = o.errors,
          .lowest = o.verdicts.lowest(),
          .verdicts = o.verdicts.all(),
          .exit_code = o.exit_code,
          .count = o.count,
          .token = std::move(token),
          .run = o.run,
          .steps = o.steps,
          .deviations = static_cast<std::uint32_t>(o.follow.deviations.size())};
}

void name_execution(foreign_unlock& shown, const reported_outcome& by) {
  shown.token = by.token;
  shown.run = by.run;
  shown.deviations = by.deviations;
}

}  // namespace braid
