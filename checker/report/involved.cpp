// Whose lanes matter; see involved.hpp.
#include "report/involved.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "explain/waiting.hpp"

namespace braid {
namespace {

constexpr std::size_t core_max = 6;  // of more only a cycle is shown

class cast {
 public:
  explicit cast(const history& told) : told_(told) {}

  void add(const std::string& name) {
    const auto found = std::find_if(told_.goroutines.begin(), told_.goroutines.end(),
                                    [&](const goroutine_history& g) { return g.name == name; });
    if (found != told_.goroutines.end()) add(static_cast<int>(found - told_.goroutines.begin()));
  }
  void add(int goroutine) {
    for (; goroutine >= 0 && all_.insert(goroutine).second;) {
      goroutine = told_.goroutines.at(static_cast<std::size_t>(goroutine)).created_by;
    }
  }

  void add_waits(verdict what) {
    const std::vector<involved_goroutine> waiting = explain_waits(told_, what);
    const bool has_cycle = std::any_of(waiting.begin(), waiting.end(),
                                       [](const involved_goroutine& g) { return g.in_cycle; });
    for (const involved_goroutine& g : waiting) {
      if (!has_cycle || waiting.size() <= core_max || g.in_cycle) add_wait(g);
    }
  }

  void add_races() {
    for (const race_history& r : told_.races) {
      add(r.earlier.goroutine);
      add(r.later.goroutine);
    }
  }

  void add_decisions(const finding* about) {
    for (const happening& h : told_.rows) {
      if (h.is_deviation) add(h.goroutine);
    }
    if (about == nullptr) return;
    add(about->turn.decided_by.goroutine);
    for (const told_operation& o : about->turn.swap) add(o.goroutine);
  }

  std::set<int> all() && { return std::move(all_); }

 private:
  // Who could have ended the wait, but did something else, is named at most once, in `why`.
  void add_wait(const involved_goroutine& g) {
    add(g.name);
    for (const awaited_goroutine& h : g.held_by) add(h.name);
    for (const awaited_goroutine& h : g.behind) add(h.name);
    for (const awaited_goroutine& h : g.could_wake) {
      if (g.why.starts_with(called(h) + " ")) add(h.name);
    }
  }

  const history& told_;
  std::set<int> all_;
};

// The first look of a wait says that it waits; the last, whether that is for ever.
class look_filter {
 public:
  explicit look_filter(const history& told) : last_(told.goroutines.size(), -1), told_(told) {}

  bool is_repeated(int row) {
    const happening& h = told_.rows[static_cast<std::size_t>(row)];
    if (h.goroutine == happening::timers) return false;
    const auto number = static_cast<std::size_t>(h.goroutine);
    const int before = std::exchange(last_[number], row);
    if (before < 0 || told_.goroutines[number].waiting_row == row) return false;
    const happening& other = told_.rows[static_cast<std::size_t>(before)];
    return h.step == 0 && other.step == 0 && h.text == other.text && h.at == other.at;
  }

 private:
  std::vector<int> last_;  // row of each goroutine
  const history& told_;
};

bool knows_involved(verdict v) {
  return v == verdict::deadlock || v == verdict::leak || v == verdict::livelock ||
         v == verdict::race || v == verdict::steps;
}

}  // namespace

std::set<int> involved_in(const reported_outcome& o, const history& told, const finding* about) {
  const bool is_bad = std::any_of(o.verdicts.begin(), o.verdicts.end(), is_finding);
  if (!is_bad || !std::all_of(o.verdicts.begin(), o.verdicts.end(), knows_involved)) return {};
  cast involved(told);
  involved.add(0);
  for (const verdict what : {verdict::deadlock, verdict::leak, verdict::livelock}) {
    if (o.has(what)) involved.add_waits(what);
  }
  involved.add_races();
  involved.add_decisions(about);
  return std::move(involved).all();
}

history only_with(const std::set<int>& goroutines, const history& told) {
  const auto is_in = [&](int g) { return g == happening::timers || goroutines.count(g) > 0; };
  history shown = told;
  shown.rows.clear();
  look_filter looks(told);
  for (std::size_t i = 0; i < told.rows.size(); ++i) {
    happening h = told.rows[i];
    if (!is_in(h.goroutine) || looks.is_repeated(static_cast<int>(i))) continue;
    const bool woke_somebody = !h.wakes.empty();
    std::erase_if(h.wakes, [&](int g) { return !is_in(g); });
    if (h.goroutine == happening::timers && woke_somebody && h.wakes.empty()) continue;
    if (h.creates >= 0 && !is_in(h.creates)) {
      h.text = "go " + told.goroutines.at(static_cast<std::size_t>(h.creates)).name;
      h.creates = -1;
    }
    for (goroutine_history& g : shown.goroutines) {
      if (g.waiting_row == static_cast<int>(i)) g.waiting_row = static_cast<int>(shown.rows.size());
    }
    shown.rows.push_back(std::move(h));
  }
  return shown;
}

}  // namespace braid
