// When an execution goes wrong; see deciding.hpp.
#include "explain/deciding.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "strategy/dfs.hpp"
#include "strategy/replay.hpp"

namespace braid {
namespace {

// All executions that begin with these decisions.
std::unique_ptr<strategy> continuations_of(std::vector<dfs_level> beginning,
                                           std::uint64_t data_seed) {
  std::unique_ptr<strategy> dfs = make_strategy({.name = "dfs", .seed = data_seed + 1});
  const std::size_t base = beginning.size();
  dfs->load(to_value(dfs_job{.path = std::move(beginning), .base = base}));
  return dfs;
}

bool is_same(const decision& a, const decision& b) {
  return a.step == b.step && a.kind == b.kind && a.taken == b.taken;
}

class turning {
 public:
  turning(shrink_lab& lab, const tried_execution& bad, verdict what)
      : lab_(lab), bad_(bad), what_(what) {}

  // The deciding step, and what goes well on the way there.
  void find_step() {
    const std::uint64_t all = lab_.steps_left();
    lab_.allow(all / 2);
    scan_alternatives();
    lab_.allow(all / 2);
    is_exhausted_ = try_continuations();
    lab_.allow(all / 4);
    leave_out_one();
  }

  std::uint32_t deciding_step() const { return step_; }
  bool is_exhausted() const { return is_exhausted_; }
  bool is_known() const { return is_exhausted_ || good_.has_value(); }
  const std::optional<schedule>& good() const { return good_; }
  std::uint32_t first_difference() const { return difference_; }
  const std::string& without() const { return without_; }
  std::uint64_t good_hash() const { return good_hash_; }

 private:
  std::vector<dfs_level> beginning(std::size_t decisions) const {
    std::vector<dfs_level> path;
    for (std::size_t i = 0; i < decisions; ++i) {
      path.push_back({bad_.decisions[i].rank, bad_.decisions[i].of});
    }
    return path;
  }

  // From the last decision back to the first at which something else goes well.
  void scan_alternatives() {
    for (std::size_t i = bad_.decisions.size(); i-- > 0 && !lab_.is_spent();) {
      const decision& d = bad_.decisions[i];
      for (std::uint32_t rank = 0; rank < d.of; ++rank) {
        if (rank == d.rank) continue;
        std::vector<dfs_level> path = beginning(i);
        path.push_back({rank, d.of});
        const auto once = continuations_of(std::move(path), bad_.follow.data_seed);
        if (!lab_.run(*once)) return;
        if (lab_.goes_well(what_)) return note_good(i);
      }
    }
  }

  // `at`: the first decision that differs from the failing execution's.
  void note_good(std::size_t at) {
    step_ = difference_ = bad_.decisions[at].step;
    good_ = schedule_of(lab_.last());
    good_hash_ = lab_.last().facts().trace_hash;
  }

  std::size_t first_difference_of_last() const {
    const std::span<const decision> other = lab_.last().decisions();
    const auto [bad, good] = std::mismatch(bad_.decisions.begin(), bad_.decisions.end(),
                                           other.begin(), other.end(), is_same);
    return static_cast<std::size_t>(bad - bad_.decisions.begin());
  }

  // True if none is left that was not tried.
  bool try_continuations() {
    for (;;) {
      const auto first_after = std::find_if(bad_.decisions.begin(), bad_.decisions.end(),
                                            [&](const decision& d) { return d.step > step_; });
      const auto decisions = static_cast<std::size_t>(first_after - bad_.decisions.begin());
      const auto all = continuations_of(beginning(decisions), bad_.follow.data_seed);
      bool has_moved = false;
      while (!has_moved && lab_.run(*all)) {
        if (lab_.last().verdicts().has(verdict::steps)) return false;
        has_moved = lab_.goes_well(what_);
        if (!has_moved) all->end(lab_.last());
      }
      if (!has_moved) return !lab_.is_spent();
      const std::size_t at = first_difference_of_last();
      if (at >= bad_.decisions.size()) return false;  // the program is not deterministic
      note_good(at);
    }
  }

  // The last deviation without which all goes well explains more than where it could go well.
  void leave_out_one() {
    for (std::size_t i = bad_.follow.deviations.size(); i-- > 0;) {
      schedule candidate = bad_.follow;
      candidate.deviations.erase(candidate.deviations.begin() + static_cast<std::ptrdiff_t>(i));
      replay_strategy follows(candidate);
      if (!lab_.run(follows)) return;
      follows.end(lab_.last());
      if (follows.unfit() || !lab_.goes_well(what_)) continue;
      good_ = schedule_of(lab_.last());
      good_hash_ = lab_.last().facts().trace_hash;
      difference_ = bad_.follow.deviations[i].step;
      without_ = text_of(bad_.follow.deviations[i]);
      return;
    }
  }

  shrink_lab& lab_;
  const tried_execution& bad_;
  const verdict what_;
  std::uint32_t step_ = 0;
  bool is_exhausted_ = false;
  std::optional<schedule> good_;
  std::uint64_t good_hash_ = 0;
  std::uint32_t difference_ = 0;
  std::string without_;
};

// Two operations whose order decides.
class swapping {
 public:
  swapping(shrink_lab& lab, const tried_execution& bad, verdict what, const history& told)
      : lab_(lab), bad_(bad), what_(what), told_(told) {
    for (const plan_note& n : bad.notes) {
      if (n.choice == 0) events_.push_back(n);
    }
    read_rows();
  }

  // First around this step.
  std::vector<told_operation> find(std::uint32_t step) {
    const auto after = std::find_if(events_.begin(), events_.end(),
                                    [&](const plan_note& n) { return n.step > step; });
    const auto middle = static_cast<std::size_t>(after - events_.begin());
    for (std::size_t i = middle; i-- > 0;) {
      if (std::vector<told_operation> found = swap_at(i); !found.empty()) return found;
    }
    for (std::size_t i = middle; i < events_.size(); ++i) {
      if (std::vector<told_operation> found = swap_at(i); !found.empty()) return found;
    }
    return {};
  }

 private:
  // An operation that is pending at the end.
  struct left_over {
    process_id who;
    const happening* row;
  };

  void read_rows() {
    rows_.assign(events_.size(), nullptr);
    std::map<int, process_id> ids;
    for (const happening& row : told_.rows) {
      const auto event = std::find_if(events_.begin(), events_.end(),
                                      [&](const plan_note& n) { return n.step == row.step; });
      if (row.step == 0 || event == events_.end()) continue;
      rows_[static_cast<std::size_t>(event - events_.begin())] = &row;
      ids[row.goroutine] = event->who;
    }
    for (std::size_t g = 0; g < told_.goroutines.size(); ++g) {
      const int waiting = told_.goroutines[g].waiting_row;
      const auto id = ids.find(static_cast<int>(g));
      if (waiting < 0 || id == ids.end()) continue;
      const happening& row = told_.rows[static_cast<std::size_t>(waiting)];
      if (row.step == 0) left_over_.push_back({id->second, &row});
    }
  }

  std::vector<told_operation> swap_at(std::size_t first) {
    if (rows_[first] == nullptr || rows_[first]->object.empty()) return {};
    const std::string& object = rows_[first]->object;
    std::vector<process_id> tried = {events_[first].who};
    for (std::size_t second = first + 1; second < events_.size(); ++second) {
      if (rows_[second] == nullptr || rows_[second]->object != object) continue;
      const process_id who = events_[second].who;
      if (std::find(tried.begin(), tried.end(), who) != tried.end()) continue;
      tried.push_back(who);
      if (goes_well_swapped(first, who, count_until(second, who))) {
        return {operation_of(*rows_[first]), operation_of(*rows_[second])};
      }
    }
    for (const left_over& l : left_over_) {
      if (l.row->object != object || l.who == events_[first].who) continue;
      if (goes_well_swapped(first, l.who, count_until(events_.size() - 1, l.who) + 1)) {
        return {operation_of(*rows_[first]), operation_of(*l.row)};
      }
    }
    return {};
  }

  // The events of a process, up to this event and with it.
  std::uint32_t count_until(std::size_t event, process_id who) const {
    return static_cast<std::uint32_t>(
        std::count_if(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(event) + 1,
                      [&](const plan_note& n) { return n.who == who; }));
  }

  // `who` acts until it has done so many events, before `first` does.
  bool goes_well_swapped(std::size_t first, process_id who, std::uint32_t until) {
    plan swapped{.blocks = {}, .choices = bad_.as_plan.choices, .data_seed = bad_.follow.data_seed};
    std::map<process_id, std::uint32_t> done;
    for (std::size_t i = 0; i < events_.size(); ++i) {
      if (i == first) swapped.blocks.push_back({.who = who, .until = until});
      swapped.blocks.push_back({.who = events_[i].who, .until = ++done[events_[i].who]});
    }
    plan_strategy follows(swapped);
    if (!lab_.run(follows) || !lab_.goes_well(what_)) return false;
    return is_swapped(lab_.describe(), first, who, until);
  }

  // Whether `who` really came that far before the event.
  bool is_swapped(const tried_execution& done, std::size_t first, process_id who,
                  std::uint32_t until) const {
    const std::uint32_t own = count_until(first, events_[first].who);
    std::uint32_t of_who = 0;
    std::uint32_t of_other = 0;
    for (const plan_note& n : done.notes) {
      if (n.choice != 0) continue;
      of_who += n.who == who;
      of_other += n.who == events_[first].who;
      if (of_who == until) return of_other < own;
    }
    return false;
  }

  told_operation operation_of(const happening& row) const {
    return {.step = row.step,
            .goroutine = row.goroutine == happening::timers
                             ? "timers"
                             : told_.goroutines[static_cast<std::size_t>(row.goroutine)].name,
            .operation = row.text};
  }

  shrink_lab& lab_;
  const tried_execution& bad_;
  const verdict what_;
  const history& told_;
  std::vector<plan_note> events_;
  std::vector<const happening*> rows_;  // parallel to events_
  std::vector<left_over> left_over_;
};

told_operation operation_at(std::uint32_t step, const history& told) {
  told_operation found{.step = step};
  for (const happening& row : told.rows) {
    if (row.step != step) continue;
    found.goroutine = row.goroutine == happening::timers
                          ? "timers"
                          : told.goroutines[static_cast<std::size_t>(row.goroutine)].name;
    found.operation = row.text;
    break;
  }
  return found;
}

}  // namespace

turning_point find_turning_point(shrink_lab& lab, const tried_execution& bad, verdict what) {
  const std::uint64_t all = lab.steps_left();
  turning turn(lab, bad, what);
  lab.allow(all - all / 4);
  turn.find_step();
  turning_point found{.is_known = turn.is_known(), .is_exhausted = turn.is_exhausted()};
  if (turn.good()) {
    found.good_token = text_of(*turn.good()) + "~" + check_of(lab.program_name(), turn.good_hash());
    found.first_difference = turn.first_difference();
    found.without = turn.without();
  }
  if (!found.is_known) return found;
  lab.allow(all / 4);
  replay_strategy follows(bad.follow);
  if (!lab.run(follows)) return found;
  const history told = lab.tell();
  if (turn.deciding_step() > 0) found.decided_by = operation_at(turn.deciding_step(), told);
  if (turn.good()) found.swap = swapping(lab, bad, what, told).find(turn.deciding_step());
  return found;
}

}  // namespace braid
