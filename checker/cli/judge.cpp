// Which outcomes a program may have; see judge.hpp.
#include "cli/judge.hpp"

#include <algorithm>

#include "cli/values.hpp"
#include "explain/reported.hpp"
#include "report/outcome_text.hpp"

namespace braid::cli {
namespace {

using patterns = std::vector<outcome_pattern>;

patterns read(const std::vector<std::string>& texts) {
  patterns all;
  for (const std::string& text : texts) all.push_back(to_outcome(text));
  return all;
}

const outcome_pattern* first_match(const patterns& all, const reported_outcome& o) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const outcome_pattern& p) { return p.matches(o); });
  return found == all.end() ? nullptr : &*found;
}

std::string why_mismatch(const reported_outcome& o, const patterns& forbid, const patterns& allow) {
  if (const outcome_pattern* forbidden = first_match(forbid, o)) {
    const std::string which = forbidden->what ? ": " + outcome_in_short(o) : "";
    return "the forbidden outcome '" + forbidden->text + "' occurs" + which;
  }
  if (allow.empty() || first_match(allow, o) != nullptr) return "";
  return "an outcome occurs that --allow does not name: " + outcome_in_short(o);
}

// The usual slip: println ends its line.
std::string hint_for(const outcome_pattern& p, const report& r) {
  const bool ends_line = std::any_of(r.outcomes.begin(), r.outcomes.end(), [&](const auto& o) {
    return !p.what && o.output == p.output + "\n";
  });
  return ends_line ? "; '" + p.text + "\\n' occurs" : "";
}

std::string not_judged(const report& r) {
  if (r.strategy == "replay") return " here; not judged, as " + r.why_incomplete;
  return " so far; not judged, as the search is not complete";
}

}  // namespace

void judge_by_rules(explore_options& search) {
  if (search.forbid.empty() && search.allow.empty()) return;
  search.mismatch = [forbid = read(search.forbid), allow = read(search.allow)](
                        const reported_outcome& o) { return why_mismatch(o, forbid, allow); };
}

void judge_outcomes(report& r, const explore_options& search) {
  for (reported_outcome& o : r.outcomes) {
    std::optional<finding> wrong = find_mismatch(o, search);
    if (!wrong) continue;
    r.findings.push_back(std::move(*wrong));
    if (!r.shard) add_verdict(o, verdict::mismatch);
  }
}

std::vector<std::string> judge_expected(report& r, const settings& asked) {
  std::vector<std::string> notes;
  for (const outcome_pattern& p : asked.expect) {
    const bool occurs = std::any_of(r.outcomes.begin(), r.outcomes.end(),
                                    [&](const reported_outcome& o) { return p.matches(o); });
    if (occurs) continue;
    const std::string what = "the expected outcome '" + p.text + "' does not occur";
    if (r.complete) {
      r.findings.push_back({.what = verdict::mismatch, .summary = what + hint_for(p, r)});
    } else {
      notes.push_back(what + not_judged(r));
    }
  }
  return notes;
}

}  // namespace braid::cli
