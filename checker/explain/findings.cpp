// What is wrong with an execution, in words; see findings.hpp.
#include "explain/findings.hpp"

#include <algorithm>
#include <cstring>

namespace braid {
namespace {

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

involved_goroutine involved(const goroutine_history& g, const history& told) {
  involved_goroutine i{.name = g.name, .created_at = g.created_at, .holds = g.holds};
  if (g.waiting_row < 0) return i;
  const happening& row = told.rows[static_cast<std::size_t>(g.waiting_row)];
  i.waits_for = row.object;
  i.operation = row.text;
  i.at = row.at;
  for (const int looped : g.loop) {
    const happening& h = told.rows[static_cast<std::size_t>(looped)];
    i.loop.push_back({.operation = h.text, .value = h.value, .at = h.at});
  }
  return i;
}

// `main loops`, `main and g1 loop`, `main, g1 and g2 loop`.
std::string looping_names(const finding& f) {
  std::vector<std::string> names;
  for (const involved_goroutine& g : f.goroutines) {
    if (!g.loop.empty()) names.push_back(g.name);
  }
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  }
  return text + (names.size() == 1 ? " loops" : " loop");
}

std::string summary_of(verdict what, const execution& done, const finding& f) {
  const auto waiting =
      std::find_if(f.goroutines.begin(), f.goroutines.end(),
                   [](const involved_goroutine& g) { return !g.operation.empty(); });
  const auto waiting_count =
      std::count_if(f.goroutines.begin(), f.goroutines.end(),
                    [](const involved_goroutine& g) { return !g.operation.empty(); });
  const std::string others =
      waiting_count > 1 ? " (and " + std::to_string(waiting_count - 1) + " more)" : "";
  switch (what) {
    case verdict::panic:
    case verdict::fatal:
      return first_line(done.errors());
    case verdict::crash:
      return describe_signal(done.facts().exit_code);
    case verdict::deadlock:
      if (f.goroutines.empty()) return "main ended by exit(), and no goroutine is left";
      return "all goroutines wait, and nobody can wake them";
    case verdict::leak:
      if (waiting == f.goroutines.end()) break;
      return waiting->name + " waits for ever in " + waiting->operation + others;
    case verdict::livelock:
      return looping_names(f) + " for ever, and nobody is left who could change what is read there";
    default:
      break;
  }
  return std::string(name_of(what));
}

raced_access raced(const race_history::access& a, const race_history& r, const history& told) {
  const goroutine_history& g = told.goroutines.at(static_cast<std::size_t>(a.goroutine));
  raced_access access{.goroutine = g.name,
                      .created_at = g.created_at,
                      .operation = r.object,
                      .kind = a.kind,
                      .writes = a.writes,
                      .at = a.at,
                      .step = a.step};
  const auto row = std::find_if(told.rows.begin(), told.rows.end(), [&](const happening& h) {
    return h.step == a.step && h.goroutine == a.goroutine;
  });
  if (a.step == 0 || row == told.rows.end()) return access;
  access.operation = row->text;
  access.value = row->value;
  return access;
}

// `g1 reads a.cpp:7`.
std::string in_words(const raced_access& a) {
  return a.goroutine + " " + verb_of(a) + " " + (a.at.empty() ? "(operator)" : a.at);
}

finding explain_race(const race_history& r, const execution& done, const history& told) {
  finding f{.what = verdict::race, .steps = done.facts().steps};
  f.accesses = {raced(r.earlier, r, told), raced(r.later, r, told)};
  f.summary = "data race on " + r.object + (r.made_at.empty() ? "" : " (" + r.made_at + ")") +
              ": " + in_words(f.accesses[0]) + ", " + in_words(f.accesses[1]);
  return f;
}

finding explain_lowest(const execution& done, const history& told) {
  finding f{.what = done.verdicts().lowest(), .steps = done.facts().steps};
  if (f.what == verdict::deadlock || f.what == verdict::leak || f.what == verdict::livelock) {
    for (const goroutine_history& g : told.goroutines) {
      if (!g.finished && g.waiting_row >= 0) f.goroutines.push_back(involved(g, told));
    }
  }
  f.summary = summary_of(f.what, done, f);
  if (f.what == verdict::not_linearizable) {
    f.summary = first_line(told.refutation);
    f.explanation = told.refutation.substr(std::min(told.refutation.size(), f.summary.size() + 1));
  }
  return f;
}

}  // namespace

std::vector<finding> explain_findings(const execution& done, const history& told) {
  std::vector<finding> all;
  const verdict lowest = done.verdicts().lowest();
  if (lowest != verdict::race) all.push_back(explain_lowest(done, told));
  for (const race_history& r : told.races) all.push_back(explain_race(r, done, told));
  const auto preemptions = std::count_if(done.decisions().begin(), done.decisions().end(),
                                         [](const decision& d) { return d.preempts; });
  for (finding& f : all) f.preemptions = static_cast<std::uint32_t>(preemptions);
  return all;
}

std::vector<foreign_unlock> explain_foreign_unlocks(const history& told) {
  const auto name = [&](const foreign_unlock_history::act& a) {
    return told.goroutines.at(static_cast<std::size_t>(a.goroutine)).name;
  };
  std::vector<foreign_unlock> all;
  for (const foreign_unlock_history& u : told.foreign_unlocks) {
    all.push_back({.object = u.object,
                   .made_at = u.made_at,
                   .locked_by = name(u.lock),
                   .locked_at = u.lock.at,
                   .unlocked_by = name(u.unlock),
                   .unlocked_at = u.unlock.at});
  }
  return all;
}

std::string verb_of(const raced_access& a) { return a.kind == "made" ? "makes it" : a.kind + "s"; }

bool tells_race(const std::vector<finding>& told, const finding& race) {
  const auto is_same = [](const raced_access& x, const raced_access& y) {
    return x.kind == y.kind && x.at == y.at;
  };
  return std::any_of(told.begin(), told.end(), [&](const finding& known) {
    return known.what == race.what &&
           std::is_permutation(known.accesses.begin(), known.accesses.end(), race.accesses.begin(),
                               race.accesses.end(), is_same);
  });
}

std::string describe_signal(int signal) {
  if (signal == 0) return "the program ended its process itself; braid::exit() is an outcome";
  const char* name = strsignal(signal);
  return "killed by signal " + std::to_string(signal) +
         (name ? " (" + std::string(name) + ")" : "");
}

}  // namespace braid
