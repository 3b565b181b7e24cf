// Outcomes as reports have them; see reported.hpp.
#include "explain/reported.hpp"

#include <utility>

#include "explain/findings.hpp"
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

reported_outcome told_outcome(const execution& done, const history& told,
                              const std::vector<finding>& findings, std::string token) {
  known_outcomes one;
  one.add(done, done.facts().run);
  reported_outcome o = reported(one.all().front(), std::move(token));
  if (done.facts().has_hung) o.hung = stop_in_words(explain_stop(told));
  for (const finding& f : findings) {
    if (f.what == verdict::leak) o.leaked = names_of(f);
  }
  return o;
}

std::optional<finding> find_mismatch(const reported_outcome& o, const explore_options& options) {
  std::string why = options.mismatch ? options.mismatch(o) : "";
  if (why.empty()) return std::nullopt;
  return finding{.what = verdict::mismatch,
                 .summary = std::move(why),
                 .token = o.token,
                 .steps = o.steps,
                 .deviations = o.deviations};
}

void add_verdict(reported_outcome& to, verdict v) {
  verdict_set all;
  for (const verdict known : to.verdicts) all.add(known);
  all.add(v);
  to.verdicts = all.all();
  to.lowest = all.lowest();
}

void name_execution(foreign_unlock& shown, const reported_outcome& by) {
  shown.token = by.token;
  shown.run = by.run;
  shown.deviations = by.deviations;
}

}  // namespace braid
