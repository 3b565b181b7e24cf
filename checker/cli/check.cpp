// braid check: is a program deterministic under braid?
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/places.hpp"
#include "cli/refusal.hpp"
#include "cli/replay_line.hpp"
#include "cli/terminal.hpp"
#include "names.hpp"
#include "report/json.hpp"
#include "report/page.hpp"
#include "search/determinism.hpp"

namespace braid::cli {
namespace {

constexpr std::string_view ways =
    "each in a process of its own, and twice in one that had run the others, with the heap moved";

bool is_there(const happening& h) { return !h.kind.empty(); }

void write_event(page& p, std::string_view where, const happening& h) {
  p.to(4).put(where).to(26);
  if (!is_there(h)) {
    p.put("nothing more").end_line();
    return;
  }
  std::string text = name_of_goroutine(h.goroutine) + "  " + h.text;
  if (!h.value.empty()) text += " " + std::string(text_of(mark::gives, p.look())) + " " + h.value;
  if (h.waits) text += ", waits";
  p.put_folded(printable(text + (h.at.empty() ? "" : "   " + h.at), p.look())).end_line();
}

void write_parting(page& p, const parting& d) {
  p.to(2).put(mark::bad, ink::bad).put(" ").put("not deterministic under braid", ink::bad);
  p.put_folded(d.step == 0 ? ": " + d.what + " differed, but not when it was executed again"
                           : ": " + d.what + " differs; first at step " + std::to_string(d.step));
  p.end_line();
  if (d.step == 0) return;
  write_event(p, "in its own process", d.alone);
  write_event(p, "after the others", d.after_others);
}

void print_text(const determinism& found, const program& checked, const settings& asked) {
  page p(style_of(asked));
  put_program(p, checked.name);
  p.end_line().end_line();
  if (found.differs) {
    write_parting(p, *found.differs);
    p.end_line().to(2).put("replay   ", ink::faint);
    p.put(replay_command(checked.name, asked) + " " + found.differs->token, ink::accent).end_line();
  } else if (!found.was_interrupted) {
    p.to(2).put(mark::good, ink::good).put(" the same each time").end_line();
  }
  const std::string summary = counted(found.schedules, "schedule") + ", " +
                              counted(found.executions, "execution") + ": " + std::string(ways);
  p.end_line().put_folded(summary).end_line();
  write_out(p.take());
}

json event_to_json(const happening& h) {
  if (!is_there(h)) return json();
  return {{"goroutine", name_of_goroutine(h.goroutine)},
          {"text", h.text},
          {"value", h.value},
          {"at", h.at}};
}

void print_json(const determinism& found, const program& checked) {
  json j = {{"v", 1},
            {"program", checked.name},
            {"deterministic", !found.differs},
            {"schedules", found.schedules},
            {"executions", found.executions}};
  if (found.differs) {
    const parting& d = *found.differs;
    j["differs"] = {{"what", d.what},
                    {"token", d.token},
                    {"step", d.step == 0 ? json() : json(d.step)},
                    {"alone", event_to_json(d.alone)},
                    {"after_others", event_to_json(d.after_others)}};
  }
  write_out(text_of(j) + "\n");
}

}  // namespace

int check(const settings& asked) {
  if (asked.words.size() != 1) refuse_usage("check needs one PROGRAM ('list' shows them)");
  const program checked = program_called(asked.words[0]);
  explore_options options = asked.search;
  options.supervise = true;
  options.interrupted = was_interrupted;
  catch_interrupts();
  const determinism found = check_determinism(checked, options);
  asked.json ? print_json(found, checked) : print_text(found, checked, asked);
  if (found.differs) return exit_code_of(verdict::nondeterministic);
  return found.was_interrupted ? exit_code::interrupted : 0;
}

}  // namespace braid::cli
