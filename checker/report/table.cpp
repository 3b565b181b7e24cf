// The table of outcomes; see table.hpp.
#include "report/table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "report/outcome_text.hpp"
#include "report/sampling.hpp"

namespace braid {
namespace {

constexpr std::size_t outcomes_max = 20;
constexpr std::size_t lines_max = 6;  // of one outcome
constexpr std::size_t share_columns = 8;
constexpr std::size_t interval_columns = 7;
constexpr std::uint64_t many_runs = 10'000;  // from here on shares have two digits

class table {
 public:
  table(page& to, const report& r, const table_options& options)
      : to_(to), r_(r), options_(options), runs_(r.sampled > 0 ? r.sampled : r.executions) {
    choose_rows();
    arrange();
  }

  void write() {
    write_heads();
    for (const reported_outcome* o : rows_) write_row(*o);
    const std::size_t hidden = r_.outcomes.size() - rows_.size();
    if (hidden == 0) return;
    to_.to(outcome_at_)
        .put(mark::ellipsis)
        .put(" ")
        .put_folded("and " + with_commas(hidden) + " more outcome" + (hidden == 1 ? "" : "s") +
                    " (-v shows all)");
    to_.end_line();
  }

 private:
  bool is_sampled() const { return r_.sampled > 0; }
  std::uint64_t count_of(const reported_outcome& o) const {
    return is_sampled() ? o.sampled : o.count;
  }

  // The most frequent ones, but bad ones first of all.
  void choose_rows() {
    const std::size_t room = options_.show_all ? r_.outcomes.size() : outcomes_max;
    std::size_t bad = 0;
    for (const reported_outcome& o : r_.outcomes) bad += is_bad(o);
    std::size_t good_room = room - std::min(room, bad);
    for (const reported_outcome& o : r_.outcomes) {
      if (rows_.size() == room) return;
      if (!is_bad(o) && good_room == 0) continue;
      if (!is_bad(o)) --good_room;
      rows_.push_back(&o);
    }
  }

  void arrange() {
    std::size_t count_columns = 7;
    std::size_t outcome_columns = columns_of("outcome");
    std::size_t token_columns = columns_of("replay");
    for (const reported_outcome* o : rows_) {
      count_columns = std::max(count_columns, columns_of(with_commas(count_of(*o))));
      outcome_columns = std::max(outcome_columns, columns_of(outcome_in_words(*o, to_.look())));
      token_columns = std::max(token_columns, columns_of(word_for(*o)));
    }
    count_end_ = 4 + count_columns;
    share_end_ = count_end_ + gap + share_columns;
    interval_end_ = share_end_ + (is_sampled() ? gap + interval_columns : 0);
    outcome_at_ = interval_end_ + gap;
    const std::size_t width = to_.look().width;
    const std::size_t room = width - std::min(width - 10, outcome_at_);
    token_beside_ = options_.with_tokens && token_columns + gap <= room / 2;
    outcome_columns_ = token_beside_ ? room - token_columns - gap : room;
    outcome_columns_ = std::min(outcome_columns_, outcome_columns);
    token_at_ = outcome_at_ + outcome_columns_ + gap;
  }

  std::string word_for(const reported_outcome& o) const {
    return options_.with_tokens ? to_.word_for(o.token) : "";
  }

  void write_heads() {
    to_.right(r_.classes ? "classes" : "runs", count_end_, ink::faint)
        .right("share", share_end_, ink::faint);
    if (is_sampled()) to_.right("95 %", interval_end_, ink::faint);
    to_.to(outcome_at_).put("outcome", ink::faint);
    if (token_beside_) to_.to(token_at_).put("replay", ink::faint);
    to_.end_line();
  }

  void write_mark(const reported_outcome& o) {
    to_.to(2);
    put_mark(to_, o);
  }

  void write_row(const reported_outcome& o) {
    write_mark(o);
    to_.right(with_commas(count_of(o)), count_end_).right(share_of(o), share_end_);
    if (is_sampled()) to_.right(interval_of(o), interval_end_);
    const std::vector<std::string> lines = lines_of(o);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      to_.to(outcome_at_).put(lines[i], ink::strong);
      if (i == 0 && token_beside_) to_.to(token_at_).put(word_for(o), ink::accent);
      to_.end_line();
    }
    if (options_.with_tokens && !token_beside_) {
      constexpr std::string_view label = "replay ";
      const std::size_t columns = label.size() + columns_of(word_for(o));
      const bool fits = outcome_at_ + columns <= to_.look().width;
      const std::size_t start = fits ? outcome_at_ : 4;
      to_.to(start).put_to_copy("replay", start + label.size(), word_for(o)).end_line();
    }
  }

  std::vector<std::string> lines_of(const reported_outcome& o) const {
    std::vector<std::string> lines = fold(outcome_in_words(o, to_.look()), outcome_columns_);
    if (options_.show_all || lines.size() <= lines_max) return lines;
    const std::string last = lines.back();  // says how it ended
    lines.resize(lines_max - 2);
    lines.emplace_back(text_of(mark::ellipsis, to_.look()));
    lines.push_back(last);
    return lines;
  }

  int digits() const { return runs_ >= many_runs ? 2 : 1; }

  std::string share_of(const reported_outcome& o) const {
    const double share =
        runs_ == 0 ? 0 : 100.0 * static_cast<double>(count_of(o)) / static_cast<double>(runs_);
    const double least = digits() == 2 ? 0.005 : 0.05;
    if (share > 0 && share < least) return "< 0." + std::string(digits() == 2 ? "01" : "1") + " %";
    return fixed(share, digits()) + " %";
  }

  std::string interval_of(const reported_outcome& o) const {
    return std::string(text_of(mark::plus_minus, to_.look())) + " " +
           fixed(100 * reach_of_interval(o.sampled, r_.sampled), digits());
  }

  page& to_;
  const report& r_;
  const table_options& options_;
  const std::uint64_t runs_;
  std::vector<const reported_outcome*> rows_;
  // Columns:
  std::size_t count_end_ = 0;
  std::size_t share_end_ = 0;
  std::size_t interval_end_ = 0;
  std::size_t outcome_at_ = 0;
  std::size_t outcome_columns_ = 0;
  std::size_t token_at_ = 0;
  bool token_beside_ = false;  // else on a line of its own
};

void write_sampling(page& to, const report& r) {
  const unseen_chance unseen = chance_of_unseen(r);
  const double percent = 100 * unseen.chance;
  const int digits = percent >= 10 ? 0 : 1 - static_cast<int>(std::floor(std::log10(percent)));
  to.put("sampled", ink::strong).put("  ");
  const std::size_t start = to.column();
  to.put(counted(r.sampled, "run") + " of " + r.strategy + ", seed " + std::to_string(r.seed));
  to.put_beside("a new outcome in the next run: " + std::string(unseen.is_bound ? "< " : "about ") +
                    fixed(percent, digits) + " %",
                gap, start);
  to.end_line();
}

// Two digits of a chance, rounded down: what is promised must hold.
std::string at_least(double chance) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.15e", chance);  // 1.275510204081633e-03
  const std::string exact = digits;
  const double less =
      std::strtod((exact.substr(0, 3) + exact.substr(exact.find('e'))).c_str(), nullptr);
  std::snprintf(digits, sizeof digits, "%.2g", less);
  return digits;
}

void write_guarantee(page& to, const pct_guarantee& g) {
  const std::string depth = std::to_string(g.depth);
  if (!g.holds()) {
    to.put("no guarantee", ink::strong).put("  ");
    to.put_folded("runs had up to " + counted(g.goroutines_seen, "goroutine") + " and " +
                  counted(g.steps_seen, "step") + ", not n = " + std::to_string(g.goroutines) +
                  " and k = " + std::to_string(g.steps) + "; try pct:" + depth + ":" +
                  std::to_string(g.steps_seen));
    to.end_line();
    return;
  }
  to.put("guarantee", ink::strong).put("  ");
  const std::size_t start = to.column();
  to.put_folded("each run finds a bug of depth " + depth + " with a chance of at least " +
                at_least(g.chance));
  to.end_line().to(start).put_folded(
      "= 1 / (n k^(d-1)) for n = " + counted(g.goroutines, "goroutine") +
      ", k = " + counted(g.steps, "step") + ", d = " + depth);
  to.end_line();
}

std::string found_in_words(const report& r) {
  const std::string outcomes = counted(r.outcomes.size(), "outcome");
  if (!r.classes) return outcomes;
  return with_commas(*r.classes) + (*r.classes == 1 ? " class, " : " classes, ") + outcomes;
}

std::string effort_in_words(const report& r) {
  const std::uint64_t runs = r.executions + (r.classes ? r.blocked : 0);
  const std::string before =
      r.resumed == 0 ? "" : ", " + with_commas(r.resumed) + " of them before --resume";
  return counted(runs, "run") + before + "   " + in_words(r.seconds);
}

}  // namespace

void put_mark(page& to, const reported_outcome& o) {
  if (is_bad(o)) {
    to.put(mark::bad, ink::bad);
  } else if (o.lowest == verdict::steps) {
    to.put(mark::unsure, ink::strong);
  } else {
    to.put(mark::good, ink::good);
  }
}

void write_table(page& to, const report& r, const table_options& options) {
  table(to, r, options).write();
}

void write_summary(page& to, const report& r, const std::string& note) {
  if (r.sampled > 0) write_sampling(to, r);
  if (r.guarantee) write_guarantee(to, *r.guarantee);
  if (!r.why_dfs.empty()) {
    to.put("dfs, too", ink::strong).put("  ");
    to.put_folded("after dpor: " + r.why_dfs).end_line();
  }
  const std::string found = found_in_words(r);
  const std::string effort = effort_in_words(r) + note;
  if (r.complete) {
    to.put("complete", ink::good).put("  " + found);
  } else {
    to.put("not complete: ", ink::strong).put_folded(r.why_incomplete);
    const bool fits = to.column() + 2 * gap + columns_of(found + effort) <= to.look().width;
    fits ? to.put_beside(found, gap) : to.end_line().to(2).put(found);
  }
  to.put_beside(effort, gap).end_line();
}

}  // namespace braid
