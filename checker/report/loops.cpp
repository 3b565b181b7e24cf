// Who loops for ever, and the loop; see loops.hpp.
#include "report/loops.hpp"

#include <algorithm>
#include <string>

#include "report/text.hpp"
#include "report/waits.hpp"

namespace braid {
namespace {

constexpr std::size_t name_at = 4;

std::string words_of(const happening& h, const style& look) {
  std::string text = printable(h.text, look);
  if (!h.value.empty()) {
    text += " " + std::string(text_of(mark::gives, look)) + " " + printable(h.value, look);
  }
  return text;
}

}  // namespace

void write_loops(page& to, const history& told, bool show_all) {
  std::size_t name_columns = 0;
  std::size_t text_columns = 0;
  for (const goroutine_history& g : told.goroutines) {
    if (!g.loop.empty()) name_columns = std::max(name_columns, columns_of(g.name));
    for (const int row : g.loop) {
      const happening& h = told.rows[static_cast<std::size_t>(row)];
      text_columns = std::max(text_columns, columns_of(words_of(h, to.look())));
    }
  }
  text_columns = std::min(text_columns, to.look().width / 2);
  const std::size_t text_at = name_at + name_columns + gap;
  for (const goroutine_history& g : told.goroutines) {
    if (!g.loop.empty()) to.to(name_at).put(g.name, ink::strong);
    for (const int row : g.loop) {
      const happening& h = told.rows[static_cast<std::size_t>(row)];
      to.to(text_at).put(clip(words_of(h, to.look()), text_columns, to.look()));
      to.to(text_at + text_columns + gap).put(h.at, ink::faint).end_line();
    }
  }
  write_waits(to, told, verdict::livelock, show_all);
  to.to(name_at).put_folded(
      "braid does not see what a loop keeps outside of its goroutine's own stack; 20 more rounds "
      "changed nothing",
      ink::faint);
  to.end_line();
}

}  // namespace braid
