// What the lanes show; see lanes_plan.hpp.
#include "report/lanes_plan.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "report/text.hpp"

namespace braid {
namespace {

constexpr std::size_t stretch_max = 6;   // longer ones become one row
constexpr std::size_t period_max = 8;    // rows of an iteration
constexpr std::size_t repeated_min = 4;  // rows that folding a loop must hide
constexpr std::size_t rows_max = 120;
constexpr std::size_t rows_first = 30;  // of them, those before the gap

class planner {
 public:
  planner(const history& told, const lanes_options& options, const style& look)
      : told_(told), options_(options), look_(look) {}

  lanes_plan plan() {
    choose_lanes();
    const std::size_t after_end = row_after_end();
    for (std::size_t row = 0; row < told_.rows.size();) {
      const loop repeated = options_.show_all ? loop{} : loop_at(row);
      const std::size_t end = options_.show_all ? row : end_of_stretch(row);
      if (repeated.rounds > 0) {
        add_loop(row, repeated);
        row += repeated.period * repeated.rounds;
      } else if (end - row > stretch_max) {
        result_.rows.push_back(folded(row, end));
        row = end;
      } else {
        result_.rows.push_back(planned(row));
        ++row;
      }
      if (row == after_end && row < told_.rows.size()) note_end();
    }
    if (!options_.show_all) leave_out_the_middle();
    return std::move(result_);
  }

 private:
  // Rows that repeat; no rounds: they do not.
  struct loop {
    std::size_t period = 0;
    std::size_t rounds = 0;
  };

  void choose_lanes() {
    std::set<int> active = {0};
    bool has_timers = false;
    for (const happening& h : told_.rows) {
      h.goroutine == happening::timers ? void(has_timers = true) : void(active.insert(h.goroutine));
    }
    result_.lanes.assign(active.begin(), active.end());
    const std::size_t told_of = active.size() + options_.left_out;
    result_.idle = told_.goroutines.size() - std::min(told_.goroutines.size(), told_of);
    if (has_timers) result_.lanes.push_back(happening::timers);
  }

  static bool is_failure(const happening& h) {
    return h.kind == "end" &&
           (h.text.starts_with("panic: ") || h.text.starts_with("fatal error: "));
  }

  // An event that matters to its own goroutine only.
  static bool is_plain(const happening& h) {
    return !h.is_deviation && !h.waits && h.creates < 0 && h.wakes.empty() && h.kind != "end" &&
           h.goroutine != happening::timers;
  }

  // A timer's row begins with the time, and two spaces.
  static std::string_view without_time(const happening& h) {
    const std::string_view text = h.text;
    return h.goroutine == happening::timers ? text.substr(std::min(text.size(), text.find("  ")))
                                            : text;
  }

  // Nothing that somebody decided, and nothing that happens only once.
  bool is_repeated(std::size_t a, std::size_t b) const {
    const happening& first = told_.rows[a];
    const happening& second = told_.rows[b];
    return !first.is_deviation && !second.is_deviation && first.creates < 0 && second.creates < 0 &&
           first.kind != "end" && first.goroutine == second.goroutine &&
           first.kind == second.kind && without_time(first) == without_time(second) &&
           first.at == second.at && first.value == second.value && first.wakes == second.wakes &&
           first.waits == second.waits && (first.step == 0) == (second.step == 0) &&
           !is_last_wait(b);
  }

  // It waits there at the end.
  bool is_last_wait(std::size_t row) const {
    const int goroutine = told_.rows[row].goroutine;
    return goroutine != happening::timers &&
           told_.goroutines[static_cast<std::size_t>(goroutine)].waiting_row ==
               static_cast<int>(row);
  }

  // That the program ends with is in no loop, and in no stretch.
  std::size_t row_after_end() const {
    const auto end = std::find_if(told_.rows.begin(), told_.rows.end(),
                                  [](const happening& h) { return h.kind == "end"; });
    return static_cast<std::size_t>(end - told_.rows.begin()) + 1;
  }

  void note_end() {
    result_.rows.push_back(
        {.text = "the program has ended; the rest runs on unseen, to tell who waits for ever",
         .is_gap = true});
  }

  // The shortest iteration that begins with this row and is repeated at once.
  loop loop_at(std::size_t row) const {
    for (std::size_t period = 1; period <= period_max; ++period) {
      std::size_t next = row + period;
      while (next < told_.rows.size() && is_repeated(next - period, next)) ++next;
      const std::size_t rounds = (next - row) / period;
      if (next <= told_.rows.size() && rounds > 2 && (rounds - 1) * period >= repeated_min) {
        return {period, rounds};
      }
    }
    return {};
  }

  // Its first round, and how often it comes, up to which step.
  void add_loop(std::size_t first, const loop& repeated) {
    const std::size_t end = first + repeated.period * repeated.rounds;
    std::uint32_t last = 0;
    bool is_of_one = true;
    for (std::size_t row = first; row < end; ++row) {
      last = std::max(last, told_.rows[row].step);
      is_of_one = is_of_one && told_.rows[row].goroutine == told_.rows[first].goroutine;
    }
    const std::string times = std::string(text_of(mark::repeats, look_)) + " x" +
                              std::to_string(repeated.rounds) + " to step " + std::to_string(last);
    for (std::size_t row = first; row < first + repeated.period; ++row) {
      result_.rows.push_back(planned(row));
    }
    if (repeated.period == 1) {
      result_.rows.back().text += "  " + times;
      return;
    }
    const std::string rows = times + ": these " + std::to_string(repeated.period) + " rows";
    result_.rows.push_back({.goroutine = told_.rows[first].goroutine,
                            .text = is_of_one ? times : rows,
                            .is_gap = !is_of_one});
  }

  std::size_t end_of_stretch(std::size_t row) const {
    const int goroutine = told_.rows[row].goroutine;
    std::size_t end = row;
    while (end < told_.rows.size() && is_plain(told_.rows[end]) &&
           told_.rows[end].goroutine == goroutine && loop_at(end).rounds == 0) {
      ++end;
    }
    return end;
  }

  // `14 events to step 16: print x10, send x4`.
  lane_row folded(std::size_t row, std::size_t end) const {
    std::vector<std::string> kinds;  // in the order of their first event
    std::map<std::string, std::size_t> counts;
    for (std::size_t i = row; i < end; ++i) {
      if (counts[told_.rows[i].kind]++ == 0) kinds.push_back(told_.rows[i].kind);
    }
    std::string text(text_of(mark::ellipsis, look_));
    text += " " + std::to_string(end - row) + " events to step " +
            std::to_string(told_.rows[end - 1].step) + ":";
    for (const std::string& k : kinds) {
      text += (k == kinds.front() ? " " : ", ") + k + " x" + std::to_string(counts[k]);
    }
    return {.step = told_.rows[row].step, .goroutine = told_.rows[row].goroutine, .text = text};
  }

  lane_row planned(std::size_t index) const {
    const happening& h = told_.rows[index];
    lane_row row{.step = h.step,
                 .goroutine = h.goroutine,
                 .text = words_of(index),
                 .is_deviation = h.is_deviation,
                 .is_failure = is_failure(h)};
    if (h.creates >= 0 && has_lane(h.creates)) row.arrows.push_back({h.creates, "started"});
    for (const int woken : h.wakes) {
      if (h.goroutine != happening::timers && has_lane(woken))
        row.arrows.push_back({woken, "woken"});
    }
    return row;
  }

  bool has_lane(int goroutine) const {
    return std::find(result_.lanes.begin(), result_.lanes.end(), goroutine) != result_.lanes.end();
  }

  const std::string& name_of(int goroutine) const {
    return told_.goroutines[static_cast<std::size_t>(goroutine)].name;
  }

  std::string names_of(const std::vector<int>& goroutines) const {
    std::string text = name_of(goroutines.front());
    for (std::size_t g = 1; g < goroutines.size(); ++g) text += ", " + name_of(goroutines[g]);
    return text;
  }

  std::string words_of(std::size_t index) const {
    const happening& h = told_.rows[index];
    std::string text = printable(h.text, look_);
    if (h.creates >= 0) text = "go " + name_of(h.creates);
    if (h.goroutine == happening::timers && !h.wakes.empty()) {
      text = printable(h.text.substr(0, h.text.find(' ')), look_) + "  wakes";
      for (const int woken : h.wakes) text += " " + name_of(woken);
    }
    if (is_failure(h)) text = std::string(text_of(mark::bad, look_)) + " " + text;
    if (h.waits) text += "  " + std::string(text_of(mark::waits, look_)) + how_it_waits(index);
    if (!h.value.empty()) {
      text += " " + std::string(text_of(mark::gives, look_)) + " " + printable(h.value, look_);
    }
    return text;
  }

  // Of a row that waits at the end, too.
  std::string how_it_waits(std::size_t index) const {
    const happening& h = told_.rows[index];
    const goroutine_history& g = told_.goroutines[static_cast<std::size_t>(h.goroutine)];
    if (g.finished || g.waiting_row != static_cast<int>(index) || !options_.waits_for_ever)
      return "";
    if (told_.is_cut && !g.is_stuck) return "";
    const std::vector<int> holders = told_.holders_of(h);
    if (!holders.empty()) return " held by " + names_of(holders);
    const object_history* const on = told_.find_object(h.object);
    if (on == nullptr || on->writer.goroutine < 0 || !h.kind.starts_with("lock"))
      return " for ever";
    return " behind " + name_of(on->writer.goroutine);
  }

  void leave_out_the_middle() {
    std::vector<lane_row>& rows = result_.rows;
    if (rows.size() <= rows_max) return;
    const std::size_t hidden = rows.size() - rows_max;
    const auto first = rows.begin() + rows_first;
    rows.erase(first, first + static_cast<std::ptrdiff_t>(hidden));
    const std::string text = std::string(text_of(mark::ellipsis, look_)) + " " +
                             counted(hidden, "row") + " more (-v shows all)";
    rows.insert(rows.begin() + rows_first, lane_row{.text = text, .is_gap = true});
  }

  const history& told_;
  const lanes_options& options_;
  const style& look_;
  lanes_plan result_;
};

}  // namespace

lanes_plan plan_lanes(const history& told, const lanes_options& options, const style& look) {
  return planner(told, options, look).plan();
}

}  // namespace braid
