// One execution told in full; see story.hpp.
#include "report/story.hpp"

#include <algorithm>

#include "explain/findings.hpp"
#include "report/involved.hpp"
#include "report/lanes.hpp"
#include "report/lanes_plan.hpp"
#include "report/loops.hpp"
#include "report/turning.hpp"
#include "report/waits.hpp"

namespace braid {
namespace {

// Who was it, and where: of a leak where the first goroutine waits.
std::string who_and_where(const finding& f) {
  if (f.goroutines.empty()) return "";
  const involved_goroutine& g = f.goroutines.front();
  const std::string at = g.at.empty() ? "" : "   " + g.at;
  switch (f.what) {
    case verdict::leak:
      return at;
    case verdict::panic:
    case verdict::fatal:
      return "   " + called(g) + at;
    case verdict::crash:
      return "   in " + stop_in_words(g, "   ");
    default:
      return "";
  }
}

// The panics that came while the first one unwound the stack.
void write_later_panics(page& to, const finding& f) {
  for (std::size_t i = 1; i < f.panics.size(); ++i) {
    to.to(4).put("then panic: ", ink::faint);
    to.put_folded(printable(f.panics[i], to.look())).end_line();
  }
}

std::string last_line_of(const reported_outcome& o, const history& told, const style& look) {
  const std::string after = " after step " + std::to_string(o.steps);
  if (o.has(verdict::crash)) {
    const std::string name = told.stopped_in < 0 ? "" : called(explain_stop(told)) + ": ";
    return printable(name, look) + describe_crash(o.exit_code, o.errors) + after;
  }
  if (!o.has(verdict::steps)) return "";
  return "cut" + after + (o.hung.empty() ? "" : ", hangs in " + printable(o.hung, look));
}

// Lanes that are hard to read show only who is involved, if that is known.
void write_lanes_of(page& to, const reported_outcome& o, const history& told,
                    const story_options& options, lanes_options lanes) {
  constexpr std::size_t rows_readable = 40;
  const lanes_plan all = plan_lanes(told, lanes, to.look());
  const bool is_readable = all.goroutines() <= lanes_max && all.rows.size() <= rows_readable;
  const std::set<int> involved = involved_in(o, told, options.about);
  const auto is_left_out = [&](int g) { return g != happening::timers && involved.count(g) == 0; };
  const auto left_out = std::count_if(all.lanes.begin(), all.lanes.end(), is_left_out);
  if (options.show_all || is_readable || involved.empty() || left_out == 0) {
    return write_lanes(to, told, lanes);
  }
  lanes.left_out = static_cast<std::size_t>(left_out);
  write_lanes(to, only_with(involved, told), lanes);
}

void write_commands(page& to, const reported_outcome& o, const std::string& replay_command) {
  constexpr std::size_t command_at = 11;
  const std::string replay = replay_command + " " + to.word_for(o.token);
  to.to(2).put_to_copy("replay", command_at, replay).end_line();
  if (!o.has(verdict::crash)) return;
  to.to(2).put_to_copy("debug", command_at, "gdb --args " + replay + " --break", ink::plain);
  to.end_line();
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
    name_width =
        std::max(name_width, columns_of(printable(called(a.goroutine, a.label), to.look())));
    operation_width = std::max(operation_width, columns_of(operations.back()));
  }
  for (std::size_t i = 0; i < f.accesses.size(); ++i) {
    const raced_access& a = f.accesses[i];
    std::string line = a.step == 0 ? "" : "step " + std::to_string(a.step) + "   ";
    line += (a.at.empty() ? "(operator)" : a.at) + "   ";
    line += verb_of(a);
    if (i > 0) line += ", and nothing orders the two";
    to.to(4).put(printable(called(a.goroutine, a.label), to.look()));
    to.to(4 + name_width + 2).put(operations[i]);
    to.to(4 + name_width + 2 + operation_width + 3).put_folded(line).end_line();
  }
}

void write_lines(page& to, std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.size(), lines.find('\n'));
    if (end > 0) to.to(4).put(printable(std::string(lines.substr(0, end)), to.look()));
    to.end_line();
    lines.remove_prefix(std::min(lines.size(), end + 1));
  }
}

}  // namespace

void write_finding(page& to, const finding& f) {
  to.to(2).put(mark::bad, ink::bad).put(" ").put(name_of(f.what), ink::bad);
  std::string summary = printable(f.summary, to.look());
  for (const std::string_view again : {"panic: ", "fatal error: "}) {
    if (f.what != verdict::race && summary.starts_with(again)) summary.erase(0, again.size());
  }
  if (f.what == verdict::race && !f.accesses.empty()) {
    summary.resize(std::min(summary.size(), summary.find(": ")));
  }
  to.put("   ").put_folded(summary + printable(who_and_where(f), to.look())).end_line();
  if (f.what == verdict::race) write_race(to, f);
  write_later_panics(to, f);
  write_lines(to, f.explanation);
  write_size(to, f);
}

void write_story(page& to, const reported_outcome& o, const history& told,
                 const story_options& options) {
  const bool waits_for_ever =
      o.has(verdict::leak) || o.has(verdict::deadlock) || o.has(verdict::livelock);
  write_lanes_of(to, o, told, options,
                 {.show_all = options.show_all,
                  .waits_for_ever = waits_for_ever,
                  .last_line = last_line_of(o, told, to.look())});
  for (const verdict what : {verdict::deadlock, verdict::leak}) {
    if (!o.has(what)) continue;
    to.end_line();
    write_waits(to, told, what, options.show_all);
  }
  if (o.has(verdict::livelock)) {
    to.end_line();
    write_loops(to, told, options.show_all);
  }
  to.end_line();
  if (!options.replay_command.empty()) write_commands(to, o, options.replay_command);
  if (options.about != nullptr) write_turn(to, *options.about);
  for (const verdict v : o.verdicts) {
    if (!is_finding(v) || options.help_command.empty()) continue;
    to.to(2).put("help     ", ink::faint).put(options.help_command + " ", ink::faint);
    to.put(name_of(v), ink::faint).end_line();
  }
}

}  // namespace braid
