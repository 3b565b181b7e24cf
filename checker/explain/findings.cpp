// What is wrong with an execution, in words; see findings.hpp.
#include "explain/findings.hpp"

#include <algorithm>
#include <cstring>

#include "explain/waiting.hpp"

namespace braid {
namespace {

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

// `main`, `main and g1`, `main, g1 and g2`.
std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  }
  return text;
}

// `main loops`, `main and g1 loop`, `main, g1 and g2 loop`.
std::string looping_names(const finding& f) {
  std::vector<std::string> names;
  for (const involved_goroutine& g : f.goroutines) {
    if (!g.loop.empty()) names.push_back(called(g));
  }
  return listed(names) + (names.size() == 1 ? " loops" : " loop");
}

// The reason that is told first: a cycle, or a lock that nobody can give back any more.
std::string lock_in_words(const finding& f) {
  std::vector<std::string> names;
  std::vector<std::string> objects;
  for (const involved_goroutine& g : f.goroutines) {
    const bool is_own = g.in_cycle && !g.held_by.empty() && g.held_by[0].name == g.name;
    if (is_own && f.cycle.size() == 2) {
      return called(g) + " waits for " + g.waits_for + ", which it holds itself";
    }
    if (g.in_cycle) names.push_back(called(g));
  }
  for (std::size_t i = 1; i < f.cycle.size(); i += 2) {
    if (std::find(objects.begin(), objects.end(), f.cycle[i]) == objects.end()) {
      objects.push_back(f.cycle[i]);
    }
  }
  if (!names.empty()) return listed(names) + " wait for each other: " + listed(objects);
  for (const involved_goroutine& g : f.goroutines) {
    for (const awaited_goroutine& h : g.held_by) {
      if (!h.state.starts_with("finished")) continue;
      return h.object + " is still held by " + called(h) + ", which " + h.state +
             (h.at.empty() ? "" : ", locked at " + h.at);
    }
  }
  return "";
}

// What the runtime writes at the end, after whatever the program has written.
std::string last_words(std::string_view errors) {
  std::size_t last = 0;
  for (const std::string_view start : {"panic: ", "fatal error: "}) {
    const std::size_t at = errors.rfind("\n" + std::string(start));
    if (at != std::string_view::npos) last = std::max(last, at + 1);
  }
  return first_line(errors.substr(last));
}

std::string deadlock_in_words(const finding& f, bool is_cut) {
  if (f.goroutines.empty()) return "main ended by exit(), and no goroutine is left";
  const std::string locks = lock_in_words(f);
  if (is_cut)
    return locks + (locks.empty() ? "goroutines wait for ever" : "") + ", while others go on";
  return locks.empty() ? "all goroutines wait, and nobody can wake them" : locks;
}

// `g1 waits for ever in chan1.send 7 (and 2 more)`.
std::string leak_in_words(const finding& f) {
  const auto waits = [](const involved_goroutine& g) { return !g.operation.empty(); };
  const auto first = std::find_if(f.goroutines.begin(), f.goroutines.end(), waits);
  if (first == f.goroutines.end()) return std::string(name_of(f.what));
  const auto count = std::count_if(f.goroutines.begin(), f.goroutines.end(), waits);
  return called(*first) + " waits for ever in " + first->operation +
         (count > 1 ? " (and " + std::to_string(count - 1) + " more)" : "");
}

// Whoever was about to use an object that does not live.
void explain_refusal(finding& f, const history& told) {
  const int row = told.goroutines[static_cast<std::size_t>(told.refused)].last_row;
  involved_goroutine who = explain_goroutine(told, told.refused);
  who.operation = told.rows[static_cast<std::size_t>(row)].text;
  who.at = told.rows[static_cast<std::size_t>(row)].at;
  f.goroutines.push_back(std::move(who));
}

// The goroutine that ended the program, and its panics in the order in which they came.
void explain_end(finding& f, const history& told) {
  if (told.refused >= 0) return explain_refusal(f, told);
  const auto end = std::find_if(told.rows.rbegin(), told.rows.rend(), [](const happening& h) {
    return h.kind == "end" && h.text != "return" && h.text != "exit";
  });
  if (end == told.rows.rend()) return;
  constexpr std::string_view link = "\n\tpanic: ";
  std::string_view left = end->text;
  left.remove_prefix(std::min(left.size(), left.find(": ") + 2));
  for (std::size_t at = left.find(link); at != std::string_view::npos; at = left.find(link)) {
    f.panics.emplace_back(left.substr(0, at));
    left.remove_prefix(at + link.size());
  }
  f.panics.emplace_back(left);
  involved_goroutine who = explain_goroutine(told, end->goroutine);
  who.operation = first_line(end->text);
  who.at = end->at;
  f.goroutines.push_back(std::move(who));
}

// Whoever ran when the process died, which need not be who acted last: a goroutine may be on its
// way to its next operation, or to its first.
void explain_crash(finding& f, const history& told) {
  if (told.stopped_in >= 0) f.goroutines.push_back(explain_stop(told));
}

std::string summary_of(const finding& f, const execution& done, const history& told) {
  switch (f.what) {
    case verdict::panic:
    case verdict::fatal:
      return f.panics.empty() ? last_words(done.errors()) : f.goroutines[0].operation;
    case verdict::crash:
      return describe_crash(done.facts().exit_code, done.errors());
    case verdict::deadlock:
      return deadlock_in_words(f, told.is_cut);
    case verdict::leak:
      return leak_in_words(f);
    case verdict::livelock:
      return looping_names(f) + " for ever, and nobody is left who could change what is read there";
    default:
      return std::string(name_of(f.what));
  }
}

raced_access raced(const race_history::access& a, const race_history& r, const history& told) {
  const goroutine_history& g = told.goroutines.at(static_cast<std::size_t>(a.goroutine));
  raced_access access{.goroutine = g.name,
                      .label = g.label,
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
  return called(a.goroutine, a.label) + " " + verb_of(a) + " " +
         (a.at.empty() ? "(operator)" : a.at);
}

finding explain_race(const race_history& r, const execution& done, const history& told) {
  finding f{.what = verdict::race, .steps = done.facts().steps};
  f.accesses = {raced(r.earlier, r, told), raced(r.later, r, told)};
  f.summary = "data race on " + r.object + (r.made_at.empty() ? "" : " (" + r.made_at + ")") +
              ": " + in_words(f.accesses[0]) + ", " + in_words(f.accesses[1]);
  return f;
}

// The step after which all that can never go on waited; how far the execution was cut later says
// nothing about them.
std::uint32_t step_of_last_wait(const history& told, verdict what) {
  int last = -1;
  for (const goroutine_history& g : told.goroutines) {
    const bool is_meant = g.is_stuck && g.is_deadlocked == (what == verdict::deadlock);
    if (is_meant) last = std::max(last, g.waiting_row);
  }
  for (; last >= 0; --last) {
    const std::uint32_t step = told.rows[static_cast<std::size_t>(last)].step;
    if (step != 0) return step;
  }
  return 0;
}

finding explain_verdict(verdict what, const execution& done, const history& told) {
  finding f{.what = what, .steps = done.facts().steps};
  if (what == verdict::deadlock || what == verdict::leak || what == verdict::livelock) {
    f.goroutines = explain_waits(told, what);
    f.cycle = cycle_of(f.goroutines);
  }
  if (what == verdict::panic || what == verdict::fatal) {
    explain_end(f, told);
    f.steps = told.last_step();
  }
  if (what == verdict::crash) explain_crash(f, told);
  if (told.is_cut && !f.goroutines.empty()) f.steps = step_of_last_wait(told, what);
  f.summary = summary_of(f, done, told);
  if (what == verdict::not_linearizable) {
    f.summary = first_line(told.refutation);
    f.explanation = told.refutation.substr(std::min(told.refutation.size(), f.summary.size() + 1));
  }
  return f;
}

}  // namespace

std::vector<finding> explain_findings(const execution& done, const history& told) {
  std::vector<finding> all;
  for (const verdict what : done.verdicts().all()) {
    if (is_finding(what) && what != verdict::race) {
      all.push_back(explain_verdict(what, done, told));
    }
  }
  const auto later =
      std::find_if(all.begin(), all.end(), [](const finding& f) { return f.what > verdict::race; });
  std::vector<finding> races;
  for (const race_history& r : told.races) races.push_back(explain_race(r, done, told));
  all.insert(later, races.begin(), races.end());
  const auto preemptions = std::count_if(done.decisions().begin(), done.decisions().end(),
                                         [](const decision& d) { return d.preempts; });
  for (finding& f : all) {
    f.preemptions = static_cast<std::uint32_t>(preemptions);
    f.deviations = done.facts().deviations;
  }
  return all;
}

involved_goroutine explain_stop(const history& told) {
  involved_goroutine who = explain_goroutine(told, told.stopped_in);
  const int row = told.goroutines.at(static_cast<std::size_t>(told.stopped_in)).last_row;
  if (row < 0) {
    who.at = who.created_at;
    return who;
  }
  who.operation = told.rows[static_cast<std::size_t>(row)].text;
  who.at = told.rows[static_cast<std::size_t>(row)].at;
  return who;
}

std::string stop_in_words(const involved_goroutine& who, const std::string& gap) {
  std::string text = called(who);
  if (!who.operation.empty()) {
    text += " after " + who.operation;
    return who.at.empty() ? text : text + gap + who.at;
  }
  text += " before its first operation";
  return who.at.empty() ? text : text + gap + "created at " + who.at;
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

void put_worst_first(std::vector<finding>& findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const finding& a, const finding& b) {
    return exit_code_of(a.what) < exit_code_of(b.what);
  });
}

std::vector<std::string> names_of(const finding& f) {
  std::vector<std::string> names;
  for (const involved_goroutine& g : f.goroutines) names.push_back(called(g));
  return names;
}

std::string verb_of(const raced_access& a) { return a.kind == "made" ? "makes it" : a.kind + "s"; }

std::string describe_crash(int signal, std::string_view errors) {
  if (errors.ends_with(stack_overflow_line)) return "stack overflow";
  if (signal == 0) return "the program ended its process itself; braid::exit() is an outcome";
  const char* name = strsignal(signal);
  return "killed by signal " + std::to_string(signal) +
         (name ? " (" + std::string(name) + ")" : "");
}

}  // namespace braid
