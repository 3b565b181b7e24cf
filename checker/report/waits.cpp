// Who waits for whom; see waits.hpp.
#include "report/waits.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "explain/waiting.hpp"

namespace braid {
namespace {

constexpr std::size_t goroutines_max = 20;

// `b` of `mutex b`.
std::string brief(const std::string& object, const history& told) {
  const object_history* const known = told.find_object(object);
  return known == nullptr ? object : known->short_name;
}

void write_cycle(page& to, const std::vector<std::string>& cycle, const history& told) {
  if (cycle.empty()) return;
  const std::string arrow = " " + std::string(text_of(mark::line, to.look())) +
                            std::string(text_of(mark::line, to.look())) +
                            std::string(text_of(mark::before, to.look())) + " ";
  std::string text;
  for (std::size_t i = 0; i < cycle.size(); i += 2) {
    text += cycle[i] + arrow + printable(brief(cycle[i + 1], told), to.look()) + arrow;
  }
  text += cycle.front();
  to.to(2).put(mark::bad, ink::bad).put(" ").put_folded(text, ink::bad).end_line();
}

std::string locks_of(const involved_goroutine& g, const history& told) {
  std::string text;
  for (const held_object& held : g.holds_since) {
    text += text.empty() ? "" : "; ";
    text += (held.as_reader ? "reads " : "holds ") + brief(held.object, told) + " since step " +
            std::to_string(held.since) + (held.at.empty() ? "" : ", " + held.at);
  }
  return text;
}

// What its line says beside the wait. The holders of a cycle have lines of their own.
std::vector<std::string> notes_of(const involved_goroutine& g, const history& told, bool show_all) {
  std::vector<std::string> notes;
  if (std::string locks = locks_of(g, told); !locks.empty()) notes.push_back(std::move(locks));
  const bool is_plain = g.in_cycle && g.behind.empty() && g.held_by.size() == 1;
  if (!g.why.empty() && (!is_plain || g.held_by[0].name == g.name)) notes.push_back(g.why);
  if (show_all && !g.created_at.empty()) {
    notes.push_back("started by " + g.created_by + ", " + g.created_at);
  }
  return notes;
}

}  // namespace

void write_waits(page& to, const history& told, verdict what, bool show_all) {
  std::vector<involved_goroutine> waiting = explain_waits(told, what);
  std::erase_if(waiting, [](const involved_goroutine& g) { return !g.loop.empty(); });
  const style& look = to.look();
  write_cycle(to, cycle_of(waiting), told);
  const std::size_t shown = show_all ? waiting.size() : std::min(waiting.size(), goroutines_max);
  std::size_t name_columns = 4;
  std::size_t wait_columns = 0;
  std::size_t place_columns = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    const involved_goroutine& g = waiting[i];
    name_columns = std::max(name_columns, columns_of(printable(called(g), look)));
    wait_columns = std::max(wait_columns, columns_of(printable(g.operation, look)));
    place_columns = std::max(place_columns, columns_of(g.at));
  }
  name_columns = std::min(name_columns, look.width / 4);
  wait_columns = std::min(wait_columns, look.width / 3);
  place_columns = std::min(place_columns, look.width / 3);
  const std::size_t wait_at = 4 + name_columns + (name_columns > 4 ? 3 : 1);
  const std::size_t place_at = wait_at + wait_columns + 3;
  const std::size_t notes_at = std::min(place_at + place_columns + 3, look.width * 2 / 3);
  for (std::size_t i = 0; i < shown; ++i) {
    const involved_goroutine& g = waiting[i];
    to.to(4).put(clip(printable(called(g), look), name_columns, look), ink::strong);
    to.to(wait_at).put(clip(printable(g.operation, look), wait_columns, look));
    to.to(place_at).put(clip(g.at, place_columns, look), ink::faint);
    for (const std::string& note : notes_of(g, told, show_all)) {
      if (to.column() > notes_at - 2) to.end_line();
      to.to(notes_at).put_folded(printable(note, look)).end_line();
    }
    if (to.column() > 0) to.end_line();
  }
  if (shown == waiting.size()) return;
  to.to(4)
      .put(mark::ellipsis)
      .put(" and " + with_commas(waiting.size() - shown) + " more (-v shows all)");
  to.end_line();
}

}  // namespace braid
