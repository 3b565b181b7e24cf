// Two executions side by side; see beside.hpp.
#include "report/beside.hpp"

#include <algorithm>
#include <vector>

namespace braid {
namespace {

constexpr std::size_t rows_beside_max = 40;
constexpr std::size_t mark_columns = 2;  // after the mark of a deviation

class side {
 public:
  side(const run_beside& run, std::uint32_t first, bool show_all) : run_(run) {
    const std::vector<happening>& rows = run.told->rows;
    const auto from =
        std::find_if(rows.begin(), rows.end(), [&](const happening& h) { return h.step >= first; });
    for (auto row = from; row != rows.end(); ++row) rows_.push_back(&*row);
    if (!show_all && rows_.size() > rows_beside_max) {
      hidden_ = rows_.size() - rows_beside_max;
      rows_.resize(rows_beside_max);
    }
    for (const happening* h : rows_) {
      names_ = std::max(names_, name_of(*h).size());
      steps_ = std::max(steps_, std::to_string(h->step).size());
    }
  }

  const run_beside& run() const { return run_; }
  std::size_t size() const { return rows_.size() + (hidden_ > 0); }

  // The row of this number, if there is one, between two columns of the page.
  void write(page& to, std::size_t number, std::size_t at, std::size_t end) const {
    if (number >= size()) return;
    if (number == rows_.size()) {
      write_clipped(to, at, end, "... " + counted(hidden_, "row") + " more (-v shows all)");
      return;
    }
    const happening& h = *rows_[number];
    if (h.is_deviation) to.to(at - mark_columns).put(mark::deviation, ink::accent);
    if (h.step != 0) to.right(std::to_string(h.step), at + steps_);
    const std::size_t name_at = at + steps_ + 1;
    to.to(name_at).put(name_of(h));
    const std::size_t text_at = name_at + names_ + 2;
    if (text_at < end) write_clipped(to, text_at, end, text_of(h, to.look()));
  }

 private:
  static void write_clipped(page& to, std::size_t at, std::size_t end, const std::string& text) {
    to.to(at).put(clip(text, end - at, to.look()));
  }

  std::string name_of(const happening& h) const {
    if (h.goroutine == happening::timers) return "timers";
    return run_.told->goroutines[static_cast<std::size_t>(h.goroutine)].name;
  }

  static std::string text_of(const happening& h, const style& look) {
    std::string text = printable(h.text, look);
    if (h.waits) text += " " + std::string(braid::text_of(mark::waits, look));
    if (h.value.empty()) return text;
    return text + " " + std::string(braid::text_of(mark::gives, look)) + " " +
           printable(h.value, look);
  }

  const run_beside& run_;
  std::vector<const happening*> rows_;
  std::size_t hidden_ = 0;
  std::size_t names_ = 0;
  std::size_t steps_ = 0;
};

void write_side_head(page& to, std::string_view label, const run_beside& run, std::size_t at,
                     std::size_t end) {
  const std::string text = std::string(label) + "  " + run.head;
  to.to(at).put(clip(text, end - at, to.look()), ink::strong);
}

void write_side_end(page& to, const run_beside& run, std::size_t at, std::size_t end) {
  to.to(at).put(run.is_bad ? mark::bad : mark::good, run.is_bad ? ink::bad : ink::good).put(" ");
  to.put(clip(run.outcome, end - at - 2, to.look()));
}

}  // namespace

void write_beside(page& to, const run_beside& left, const run_beside& right,
                  std::uint32_t first_difference, bool show_all) {
  const std::size_t first = mark_columns + 2;
  const std::size_t width = (to.look().width - first - gap - mark_columns) / 2;
  const std::size_t second = first + width + gap + mark_columns;
  const side bad(left, first_difference, show_all);
  const side good(right, first_difference, show_all);
  if (first_difference > 1) {
    const std::uint32_t last = first_difference - 1;
    const std::string steps =
        last == 1 ? "step 1 is" : "steps 1 to " + std::to_string(last) + " are";
    to.to(first).put(steps + " the same", ink::faint).end_line().end_line();
  }
  write_side_head(to, left.is_bad ? "bad" : "first", left, first, first + width);
  write_side_head(to, right.is_bad ? "second" : "good", right, second, second + width);
  to.end_line();
  to.to(first).fill(mark::line, first + width, ink::faint);
  to.to(second).fill(mark::line, second + width, ink::faint).end_line();
  for (std::size_t row = 0; row < std::max(bad.size(), good.size()); ++row) {
    bad.write(to, row, first, first + width);
    good.write(to, row, second, second + width);
    to.end_line();
  }
  write_side_end(to, left, first, first + width);
  write_side_end(to, right, second, second + width);
  to.end_line();
}

}  // namespace braid
