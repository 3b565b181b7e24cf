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
  involved_goroutine i{.name = g.name, .holds = g.holds};
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

}  // namespace

finding explain_finding(const execution& done, const history& told) {
  finding f{.what = done.verdicts().lowest(), .steps = done.facts().steps};
  f.preemptions =
      static_cast<std::uint32_t>(std::count_if(done.decisions().begin(), done.decisions().end(),
                                               [](const decision& d) { return d.preempts; }));
  if (f.what == verdict::deadlock || f.what == verdict::leak || f.what == verdict::livelock) {
    for (const goroutine_history& g : told.goroutines) {
      if (!g.finished && g.waiting_row >= 0) f.goroutines.push_back(involved(g, told));
    }
  }
  f.summary = summary_of(f.what, done, f);
  return f;
}

std::string describe_signal(int signal) {
  if (signal == 0) return "the program ended its process itself; braid::exit() is an outcome";
  const char* name = strsignal(signal);
  return "killed by signal " + std::to_string(signal) +
         (name ? " (" + std::string(name) + ")" : "");
}

}  // namespace braid
