// Which outcomes a program may have; see judge.hpp.
#include "cli/judge.hpp"

#include <algorithm>

#include "report/outcome_text.hpp"
#include "trace/execution.hpp"

namespace braid::cli {
namespace {

const outcome_pattern* first_match(const std::vector<outcome_pattern>& patterns,
                                   const reported_outcome& o) {
  const auto found = std::find_if(patterns.begin(), patterns.end(),
                                  [&](const outcome_pattern& p) { return p.matches(o); });
  return found == patterns.end() ? nullptr : &*found;
}

// The usual slip: println ends its line.
std::string hint_for(const outcome_pattern& p, const report& r) {
  const bool ends_line = std::any_of(r.outcomes.begin(), r.outcomes.end(), [&](const auto& o) {
    return !p.what && o.output == p.output + "\n";
  });
  return ends_line ? "; '" + p.text + "\\n' occurs" : "";
}

finding mismatch(std::string summary, const reported_outcome* o = nullptr) {
  finding f{.what = verdict::mismatch, .summary = std::move(summary)};
  if (o != nullptr) f.token = o->token;
  if (o != nullptr) f.steps = o->steps;
  return f;
}

void add_mismatch(reported_outcome& o) {
  verdict_set all;
  for (const verdict v : o.verdicts) all.add(v);
  all.add(verdict::mismatch);
  o.verdicts = all.all();
  o.lowest = all.lowest();
}

}  // namespace

std::vector<std::string> judge(report& r, const settings& asked) {
  for (reported_outcome& o : r.outcomes) {
    const outcome_pattern* forbidden = first_match(asked.forbid, o);
    const bool is_allowed = asked.allow.empty() || first_match(asked.allow, o) != nullptr;
    if (forbidden == nullptr && is_allowed) continue;
    if (forbidden != nullptr) {
      const std::string which = forbidden->what ? ": " + outcome_in_short(o) : "";
      r.findings.push_back(
          mismatch("the forbidden outcome '" + forbidden->text + "' occurs" + which, &o));
    } else {
      r.findings.push_back(
          mismatch("an outcome occurs that --allow does not name: " + outcome_in_short(o), &o));
    }
    if (!r.shard) add_mismatch(o);
  }
  std::vector<std::string> not_judged;
  for (const outcome_pattern& p : asked.expect) {
    const bool occurs = std::any_of(r.outcomes.begin(), r.outcomes.end(),
                                    [&](const reported_outcome& o) { return p.matches(o); });
    if (occurs) continue;
    const std::string what = "the expected outcome '" + p.text + "' does not occur";
    if (r.complete) {
      r.findings.push_back(mismatch(what + hint_for(p, r)));
    } else {
      not_judged.push_back(what + " so far; not judged, as the search is not complete");
    }
  }
  return not_judged;
}

}  // namespace braid::cli
