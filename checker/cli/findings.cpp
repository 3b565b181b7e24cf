// What is wrong, as a list of kinds; see findings.hpp.
#include "cli/findings.hpp"

#include <algorithm>
#include <set>

#include "cli/refusal.hpp"
#include "report/outcome_text.hpp"
#include "report/story.hpp"
#include "report/table.hpp"

namespace braid::cli {
namespace {

constexpr std::size_t kinds_max = 5;
constexpr std::size_t command_at = 13;

}  // namespace

void write_verdict(page& p, const report& r) {
  const reported_outcome& o = r.outcomes.at(0);
  put_mark(p.to(2), o);
  p.put(" ").put_folded(outcome_in_words(o, p.look()), ink::strong).end_line();
  for (const finding& f : r.findings) write_finding(p, f);
}

void write_findings(page& p, const report& r, bool show_all, const shown_story& shown) {
  const std::size_t count = show_all ? r.findings.size() : std::min(r.findings.size(), kinds_max);
  for (std::size_t i = 0; i < count; ++i) {
    const finding& f = r.findings[i];
    write_finding(p, f);
    if (f.outcomes > 1) p.to(4).put("in " + counted(f.outcomes, "outcome"), ink::faint).end_line();
    const bool is_elsewhere = !f.token.empty() && f.token != shown.token;
    if (is_elsewhere && !shown.replay_command.empty()) {
      p.to(4).put_to_copy("replay", command_at, shown.replay_command + " " + p.word_for(f.token));
      if (!shown.token.empty()) p.put_beside("not the schedule below", gap, 4);
      p.end_line();
    }
    if (f.what != verdict::nondeterministic || shown.check_command.empty()) continue;
    p.to(4).put_to_copy("check", command_at, shown.check_command).end_line();
  }
  if (count < r.findings.size()) {
    p.to(2).put(mark::ellipsis).put(" and " + counted(r.findings.size() - count, "more finding"));
    p.put(" (-v shows all)").end_line();
  }
  if (count > 0) p.end_line();
}

void write_warnings(page& p, const report& r, bool show_all) {
  const auto at = [](const std::string& place) { return place.empty() ? "" : " " + place; };
  const std::size_t shown = show_all ? r.warnings.size() : std::min(r.warnings.size(), kinds_max);
  for (std::size_t i = 0; i < shown; ++i) {
    const foreign_unlock& u = r.warnings[i];
    p.to(2).put(mark::unsure, ink::strong).put(" warning  ", ink::strong);
    p.put_folded(u.object + (u.made_at.empty() ? "" : " (" + u.made_at + ")") + ", locked by " +
                 u.locked_by + at(u.locked_at) + ", is unlocked by " + u.unlocked_by +
                 at(u.unlocked_at) + "   replay " + p.word_for(u.token));
    p.end_line();
  }
  if (shown < r.warnings.size()) {
    p.to(2).put(mark::ellipsis).put(" and " + with_commas(r.warnings.size() - shown));
    p.put(" more warnings (-v shows all)").end_line();
  }
  if (!r.warnings.empty()) p.end_line();
}

void write_quiet_summary(page& p, const report& r, bool is_one_of_many) {
  std::set<std::string_view> kinds;
  for (const finding& f : r.findings) kinds.insert(name_of(f.what));
  std::string note;
  for (const std::string_view kind : kinds)
    note += (note.empty() ? "   " : ", ") + std::string(kind);
  if (is_one_of_many) p.put(r.program + "  ");
  write_summary(p, r, note);
}

int lower_finding(int a, int b) {
  if (a == exit_code::interrupted || b == exit_code::interrupted) return exit_code::interrupted;
  const auto rank = [](int code) {
    return code == 0 ? 1000 : code == exit_code::incomplete ? 999 : code;
  };
  return rank(a) < rank(b) ? a : b;
}

}  // namespace braid::cli
