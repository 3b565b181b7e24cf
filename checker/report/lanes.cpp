// Draws the lanes; see lanes.hpp.
#include "report/lanes.hpp"

#include <algorithm>
#include <numeric>

#include "report/lanes_plan.hpp"

namespace braid {
namespace {

constexpr std::size_t mark_at = 1;  // of deviations
constexpr std::size_t step_at = 2;
constexpr std::size_t lane_columns_min = 12;
constexpr std::size_t part_columns_max = 24;  // longer parts of a text may be broken anywhere

// The widest part of a text that fold() does not break.
std::size_t widest_part(std::string_view text) {
  std::size_t widest = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" ."), text.size() - 1) + 1;
    const std::size_t columns = columns_of(text.substr(0, end)) - (text[end - 1] == ' ');
    widest = std::max(widest, std::min(columns, part_columns_max));
    text.remove_prefix(end);
  }
  return widest;
}

class drawing {
 public:
  drawing(page& to, const history& told, const lanes_options& options)
      : to_(to), told_(told), plan_(plan_lanes(told, options, to.look())) {
    const std::uint32_t last = told.rows.empty() ? 0 : told.rows.back().step;
    step_end_ = step_at + std::max<std::size_t>(4, std::to_string(last).size());
    lanes_at_ = step_end_ + 2;
    room_ = to.look().width - std::min(to.look().width, lanes_at_);
  }

  void draw() { plan_.goroutines() > lanes_max || !arrange() ? draw_column() : draw_lanes(); }

 private:
  struct lane {
    int goroutine;
    std::string head;
    std::size_t columns;
    std::size_t columns_min = lane_columns_min;
    std::size_t at = 0;
  };

  std::string name_of(int goroutine) const {
    if (goroutine == happening::timers) return "timers";
    return told_.goroutines[static_cast<std::size_t>(goroutine)].name;
  }

  std::string head_of(int goroutine) const {
    if (goroutine <= 0) return name_of(goroutine);
    const goroutine_history& g = told_.goroutines[static_cast<std::size_t>(goroutine)];
    const std::string& known_by = g.label.empty() ? g.created_at : g.label;
    return g.name + (known_by.empty() ? "" : " " + printable(known_by, to_.look()));
  }

  // Gives each lane its place; false if they do not fit beside each other.
  bool arrange() {
    for (const int g : plan_.lanes) {
      const std::string head = head_of(g);
      lanes_.push_back({g, head, std::max(columns_of(head), lane_columns_min)});
    }
    for (const lane_row& row : plan_.rows) {
      if (row.is_gap) continue;
      lane& own = lane_of(row.goroutine);
      own.columns = std::max(own.columns, columns_of(row.text));
      own.columns_min = std::max(own.columns_min, widest_part(row.text));
    }
    const std::size_t gaps = gap * (lanes_.size() - 1);
    while (columns_of_all() + gaps > room_) {
      // The widest of those that can be narrower.
      const auto widest =
          std::max_element(lanes_.begin(), lanes_.end(), [](const lane& a, const lane& b) {
            const bool a_can = a.columns > a.columns_min;
            const bool b_can = b.columns > b.columns_min;
            return a_can != b_can ? b_can : a.columns < b.columns;
          });
      if (widest->columns <= widest->columns_min) return false;
      --widest->columns;
    }
    std::size_t at = lanes_at_;
    for (lane& l : lanes_) {
      l.at = at;
      at += l.columns + gap;
    }
    return true;
  }

  std::size_t columns_of_all() const {
    return std::accumulate(lanes_.begin(), lanes_.end(), std::size_t{0},
                           [](std::size_t sum, const lane& l) { return sum + l.columns; });
  }

  lane& lane_of(int goroutine) {
    return *std::find_if(lanes_.begin(), lanes_.end(),
                         [&](const lane& l) { return l.goroutine == goroutine; });
  }

  void draw_lanes() {
    to_.right("step", step_end_, ink::faint);
    for (const lane& l : lanes_) {
      to_.to(l.at).put(shortened(l.head, l.columns), ink::strong);
    }
    draw_idle();
    to_.end_line();
    to_.to(step_at).fill(mark::line, step_end_, ink::faint);
    for (const lane& l : lanes_) to_.to(l.at).fill(mark::line, l.at + l.columns, ink::faint);
    to_.end_line();
    for (const lane_row& row : plan_.rows) row.is_gap ? draw_gap(row) : draw_row(row);
  }

  // `g1 direct_gorou…:21`: what is cut is the end of the file's name.
  std::string shortened(const std::string& head, std::size_t columns) const {
    const std::size_t colon = head.rfind(':');
    if (columns_of(head) <= columns || colon == std::string::npos) {
      return clip(head, columns, to_.look());
    }
    const std::string line = head.substr(colon);
    return clip(head.substr(0, colon), columns - std::min(columns, line.size()), to_.look()) + line;
  }

  void draw_idle() {
    if (plan_.idle == 0) return;
    const std::string text = "(+" + with_commas(plan_.idle) + " idle)";
    if (to_.column() + 2 + columns_of(text) > to_.look().width) {
      to_.end_line().to(lanes_at_).put(text, ink::faint);
    } else {
      to_.to(to_.column() + 2).put(text, ink::faint);
    }
  }

  void draw_gap(const lane_row& row) {
    to_.to(lanes_at_).put_folded(row.text, ink::faint).end_line();
  }

  void draw_margin(const lane_row& row) {
    if (row.is_deviation) to_.to(mark_at).put(mark::deviation, ink::accent);
    if (row.step != 0) to_.right(std::to_string(row.step), step_end_);
  }

  void draw_row(const lane_row& row) {
    const lane& own = lane_of(row.goroutine);
    const std::vector<std::string> lines = fold(row.text, own.columns);
    draw_margin(row);
    draw_arrows_left(row, own);
    to_.to(own.at).put(lines[0], ink_of(row));
    draw_arrows_right(row, own);
    to_.end_line();
    for (std::size_t i = 1; i < lines.size(); ++i) {
      to_.to(own.at).put(lines[i], ink_of(row)).end_line();
    }
  }

  static ink ink_of(const lane_row& row) { return row.is_failure ? ink::bad : ink::plain; }

  // The targets of a row's arrows on one side, from left to right.
  std::vector<std::pair<const lane*, std::string>> targets(const lane_row& row, const lane& own,
                                                           bool to_the_left) {
    std::vector<std::pair<const lane*, std::string>> found;
    for (const lane_arrow& a : row.arrows) {
      const lane& target = lane_of(a.to);
      if (target.at != own.at && (target.at < own.at) == to_the_left) {
        found.emplace_back(&target, a.label);
      }
    }
    std::sort(found.begin(), found.end(),
              [](const auto& a, const auto& b) { return a.first->at < b.first->at; });
    return found;
  }

  void draw_arrows_left(const lane_row& row, const lane& own) {
    const auto all = targets(row, own, true);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::size_t end = i + 1 < all.size() ? all[i + 1].first->at : own.at;
      to_.to(all[i].first->at).put(all[i].second, ink::faint).put(" ").put(mark::before_left);
      to_.fill(mark::line, end - 1, ink::faint);
    }
  }

  void draw_arrows_right(const lane_row& row, const lane& own) {
    for (const auto& [target, label] : targets(row, own, false)) {
      to_.put(" ").fill(mark::line, target->at - 2, ink::faint).put(mark::before);
      to_.to(target->at).put(label, ink::faint);
    }
  }

  // One column with names, for many goroutines.
  void draw_column() {
    std::size_t columns = columns_of("goroutine");
    for (const int g : plan_.lanes) columns = std::max(columns, columns_of(name_of(g)));
    const std::size_t text_at = lanes_at_ + columns + gap;
    to_.right("step", step_end_, ink::faint).to(lanes_at_).put("goroutine", ink::strong);
    draw_idle();
    to_.end_line().to(step_at).fill(mark::line, step_end_, ink::faint);
    to_.to(lanes_at_).fill(mark::line, lanes_at_ + columns, ink::faint);
    to_.to(text_at).fill(mark::line, to_.look().width, ink::faint).end_line();
    for (const lane_row& row : plan_.rows) {
      if (row.is_gap) {
        draw_gap(row);
        continue;
      }
      draw_margin(row);
      to_.to(lanes_at_).put(name_of(row.goroutine), ink::strong).to(text_at);
      to_.put_folded(row.text + in_words(row.arrows), ink_of(row)).end_line();
    }
  }

  // `▸ started g7`.
  std::string in_words(const std::vector<lane_arrow>& arrows) const {
    std::string text;
    for (const lane_arrow& a : arrows) {
      if (a.label == "started") continue;  // `go g7` says so
      if (text.empty()) text = "  " + std::string(text_of(mark::before, to_.look())) + " wakes";
      text += " " + name_of(a.to);
    }
    return text;
  }

  page& to_;
  const history& told_;
  lanes_plan plan_;
  std::vector<lane> lanes_;
  std::size_t step_end_ = 0;
  std::size_t lanes_at_ = 0;
  std::size_t room_ = 0;
};

}  // namespace

void write_lanes(page& to, const history& told, const lanes_options& options) {
  if (!told.goroutines.empty()) drawing(to, told, options).draw();
  if (options.left_out > 0) {
    to.to(step_at).put(mark::ellipsis, ink::faint);
    to.put(" " + counted(options.left_out, "goroutine") + " more, not involved (-v shows all)",
           ink::faint);
    to.end_line();
  }
  if (!options.last_line.empty()) {
    to.to(step_at).put(mark::bad, ink::bad).put(" ").put_folded(options.last_line, ink::bad);
    to.end_line();
  }
}

}  // namespace braid
