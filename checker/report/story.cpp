// One execution told in full; see story.hpp.
#include "report/story.hpp"

#include <algorithm>

#include "explain/findings.hpp"
#include "report/lanes.hpp"
#include "report/loops.hpp"
#include "report/turning.hpp"
#include "report/waits.hpp"

namespace braid {
namespace {

// Where it shows: where the first goroutine waits, or where the panic was.
std::string place_of(const finding& f, const history* told) {
  for (const involved_goroutine& g : f.goroutines) {
    if (f.what == verdict::leak && !g.at.empty()) return g.at;
  }
  if (told == nullptr || (f.what != verdict::panic && f.what != verdict::fatal)) return "";
  const auto end = std::find_if(told->rows.rbegin(), told->rows.rend(),
                                [](const happening& h) { return h.kind == "end"; });
  return end == told->rows.rend() ? "" : end->at;
}

std::string last_line_of(const reported_outcome& o) {
  const std::string after = " after step " + std::to_string(o.steps);
  if (o.has(verdict::crash)) return describe_signal(o.exit_code) + after;
  if (o.has(verdict::steps)) return "cut" + after;
  return "";
}

// data race on var1 (counter.cpp:7)
//   g1    var1.read → 0    step 4   counter.cpp:9   reads
//   main  var1.write 1     step 6   counter.cpp:8   writes, and nothing orders the two
void write_race(page& to, const finding& f) {
  std::size_t name_width = 0;
  std::size_t operation_width = 0;
  std::vector<std::string> operations;
  for (const raced_access& a : f.accesses) {
    const std::string arrow = " " + std::string(text_of(mark::gives, to.look())) + " ";
    operations.push_back(
        printable(a.operation + (a.value.empty() ? "" : arrow + a.value), to.look()));
    name_width = std::max(name_width, a.goroutine.size());
    operation_width = std::max(operation_width, columns_of(operations.back()));
  }
  for (std::size_t i = 0; i < f.accesses.size(); ++i) {
    const raced_access& a = f.accesses[i];
    std::string line = a.step == 0 ? "" : "step " + std::to_string(a.step) + "   ";
    line += (a.at.empty() ? "(operator)" : a.at) + "   ";
    line += verb_of(a);
    if (i > 0) line += ", and nothing orders the two";
    to.to(4).put(a.goroutine).to(4 + name_width + 2).put(operations[i]);
    to.to(4 + name_width + 2 + operation_width + 3).put_folded(line).end_line();
  }
}

}  // namespace

void write_finding(page& to, const finding& f, const history* told) {
  to.to(2).put(mark::bad, ink::bad).put(" ").put(name_of(f.what), ink::bad);
  const std::string place = place_of(f, told);
  std::string summary = printable(f.summary, to.look());
  if (const std::string again = std::string(name_of(f.what)) + ": "; summary.starts_with(again)) {
    summary.erase(0, again.size());  // `panic: text`
  }
  if (f.what == verdict::race && !f.accesses.empty()) summary.resize(summary.find(": "));
  to.put("   ").put_folded(summary + (place.empty() ? "" : "   " + place));
  to.end_line();
  if (f.what == verdict::race) write_race(to, f);
  write_size(to, f);
}

void write_story(page& to, const reported_outcome& o, const history& told,
                 const story_options& options) {
  const bool waits_for_ever =
      o.has(verdict::leak) || o.has(verdict::deadlock) || o.has(verdict::livelock);
  write_lanes(to, told,
              {.show_all = options.show_all,
               .waits_for_ever = waits_for_ever,
               .last_line = last_line_of(o)});
  if (o.has(verdict::deadlock)) {
    to.end_line();
    write_waits(to, told, options.show_all);
  }
  if (o.has(verdict::livelock)) {
    to.end_line();
    write_loops(to, told);
  }
  to.end_line();
  if (!options.replay_command.empty()) {
    to.to(2).put("replay   ", ink::faint).put(options.replay_command + " " + o.token, ink::accent);
    to.end_line();
  }
  if (options.about != nullptr) write_turn(to, *options.about);
}

}  // namespace braid
