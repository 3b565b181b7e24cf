// Who waits for whom; see waiting.hpp.
#include "explain/waiting.hpp"

#include <algorithm>

namespace braid {
namespace {

std::size_t place_of(int number) { return static_cast<std::size_t>(number); }

std::string at_place(const std::string& at) { return at.empty() ? "" : ", " + at; }

// Of a goroutine that waits, or of one whose past matters.
class wait_explainer {
 public:
  explicit wait_explainer(const history& told) : told_(told) {}

  involved_goroutine explain(int number) const {
    const goroutine_history& g = goroutine(number);
    involved_goroutine i{.name = g.name,
                         .created_at = g.created_at,
                         .label = g.label,
                         .created_by = g.created_by < 0 ? "" : goroutine(g.created_by).name};
    for (const held_lock& l : g.holds) {
      i.holds.push_back(l.object);
      i.holds_since.push_back({l.object, l.step, l.at, l.is_shared});
    }
    if (g.waiting_row < 0) return i;
    const happening& row = told_.rows[place_of(g.waiting_row)];
    i.operation = row.text;
    i.at = row.at;
    i.waits_for = joined(row.waits_for.empty() ? std::vector{row.object} : row.waits_for);
    for (const int looped : g.loop) {
      const happening& h = told_.rows[place_of(looped)];
      i.loop.push_back({.operation = h.text, .value = h.value, .at = h.at});
    }
    if (row.waits_for.size() == 1) {
      const object_history* const on = told_.find_object(row.waits_for[0]);
      if (on != nullptr) {
        i.made_at = on->made_at;
        i.made_as = on->made_as;
      }
    }
    for (const std::string& object : row.waits_for) explain_object(i, number, object, row);
    if (i.why.empty()) i.why = why_nobody_wakes(i, row);
    return i;
  }

 private:
  const goroutine_history& goroutine(int number) const {
    return told_.goroutines[place_of(number)];
  }

  static std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& n : names) text += (text.empty() ? "" : ", ") + n;
    return text;
  }

  static bool is_lock(const happening& row) {
    return row.kind == "lock" || row.kind == "lock_shared" || row.kind == "await readers";
  }

  void explain_object(involved_goroutine& i, int number, const std::string& object,
                      const happening& row) const {
    const object_history* const on = told_.find_object(object);
    if (on == nullptr) return;
    if (is_lock(row)) return explain_lock(i, number, *on, row);
    for (const object_history::use& u : on->uses) {
      if (u.goroutine == number || !could_end(row.kind, u.kind)) continue;
      const std::string how = (u.took_effect ? "" : "would ") + u.kind;
      i.could_wake.push_back(awaited(u.goroutine, object, how, u.step, u.at));
    }
    if (row.kind == "wait" && on->to_go > 0) i.why = to_go(*on);
  }

  void explain_lock(involved_goroutine& i, int number, const object_history& on,
                    const happening& row) const {
    const std::vector<int> holders = told_.holders_of(row);
    for (const int holder : holders) {
      for (const held_lock& l : goroutine(holder).holds) {
        if (l.object != on.name || l.is_shared != (row.kind == "await readers")) continue;
        const char* const how = l.is_shared ? "reads" : "holds";
        i.held_by.push_back(awaited(holder, on.name, how, l.step, l.at));
      }
      if (holder == number) i.why = "it holds that itself";
    }
    const object_history::announced_writer& w = on.writer;
    if (w.goroutine < 0 || w.goroutine == number) return;
    i.behind.push_back(awaited(w.goroutine, on.name, "will write", w.step, w.at));
  }

  // Whether such a use by others can be what a wait of this kind is for.
  static bool could_end(const std::string& wait, const std::string& use) {
    if (wait == "send") return use == "recv" || use == "close";
    if (wait == "recv") return use == "send" || use == "close";
    if (wait == "wait") return use == "done" || use == "notify";
    if (wait == "await") return use == "store";
    return wait == "select" && use != "add";
  }

  awaited_goroutine awaited(int number, const std::string& object, std::string how,
                            std::uint32_t step, const std::string& at) const {
    const goroutine_history& g = goroutine(number);
    return {.name = g.name,
            .label = g.label,
            .object = object,
            .how = std::move(how),
            .step = step,
            .at = at,
            .state = state_of(g)};
  }

  std::string state_of(const goroutine_history& g) const {
    if (g.finished) return "finished at step " + std::to_string(g.finished_step);
    if (g.waiting_row >= 0) {
      const happening& row = told_.rows[place_of(g.waiting_row)];
      return (g.loop.empty() ? "waits in " : "loops at ") + row.text;
    }
    if (g.last_row >= 0 && told_.rows[place_of(g.last_row)].kind == "end") {
      return "returned at step " + std::to_string(told_.rows[place_of(g.last_row)].step);
    }
    return "goes on";
  }

  // `2 to go: g1, g2`: who they are is known if exactly so many were created since the group was
  // made, and have neither said done nor wait for it themselves.
  std::string to_go(const object_history& group) const {
    const std::string text = std::to_string(group.to_go) + " to go";
    std::vector<std::string> left;
    for (std::size_t n = place_of(group.made_after); n < told_.goroutines.size(); ++n) {
      const goroutine_history& g = told_.goroutines[n];
      const bool waits_too =
          g.waiting_row >= 0 && told_.rows[place_of(g.waiting_row)].object == group.name;
      const bool is_done = std::any_of(group.uses.begin(), group.uses.end(), [&](const auto& u) {
        return u.goroutine == static_cast<int>(n) && u.kind == "done";
      });
      if (waits_too || is_done) continue;
      left.push_back(called(g.name, g.label) + (g.finished ? ", which " + state_of(g) : ""));
    }
    if (static_cast<std::int64_t>(left.size()) != group.to_go) return text;
    return text + ": " + joined(left);
  }

  std::string why_nobody_wakes(const involved_goroutine& i, const happening& row) const {
    if (!i.held_by.empty()) return why_held(i);
    if (!i.behind.empty()) {
      return "behind " + called(i.behind[0]) + ", which waits to write" + at_place(i.behind[0].at);
    }
    if (i.waits_for == "nil chan") return "a nil channel is never ready";
    if (i.waits_for == "nothing") return "a select without cases waits for ever";
    if (i.waits_for == "time" || row.kind == "settle") return "";
    if (!i.could_wake.empty()) return last_user(i);
    return i.waits_for.empty() ? "" : what_nobody_did(row.kind);
  }

  static std::string what_nobody_did(const std::string& wait) {
    if (wait == "send") return "nobody else has received from it";
    if (wait == "recv") return "nobody else has sent to it or closed it";
    if (wait == "await") return "nobody else has set it";
    return "nobody else has used it";
  }

  // Who is not among those that wait, or may be overlooked there, is named.
  std::string why_held(const involved_goroutine& i) const {
    std::string text;
    for (const awaited_goroutine& h : i.held_by) {
      text += text.empty() ? "" : "; ";
      if (h.state.starts_with("finished")) {
        text += "still held by " + called(h) + ", which " + h.state + ", locked at " +
                (h.at.empty() ? "step " + std::to_string(h.step) : h.at);
      } else {
        text += (h.how == "reads" ? "read by " : "held by ") + called(h) + " since step " +
                std::to_string(h.step) + at_place(h.at);
      }
    }
    if (!i.behind.empty()) text += "; " + called(i.behind[0]) + " waits to write";
    return text;
  }

  // `received from`, `would have received from`.
  static std::string in_past(const std::string& how) {
    constexpr std::string_view would = "would ";
    if (how.starts_with(would)) return "would have " + in_past(how.substr(would.size()));
    if (how == "send") return "sent to";
    if (how == "recv") return "received from";
    if (how == "close") return "closed";
    if (how == "notify") return "notified";
    if (how == "store") return "set";
    return "counted down";
  }

  std::string last_user(const involved_goroutine& i) const {
    const auto last = std::max_element(
        i.could_wake.begin(), i.could_wake.end(),
        [](const awaited_goroutine& a, const awaited_goroutine& b) { return a.step < b.step; });
    return called(*last) + " " + in_past(last->how) + " " + last->object + " at step " +
           std::to_string(last->step) + at_place(last->at) + ", and " + last->state;
  }

  const history& told_;
};

// Marks the goroutines of a cycle of locks.
class cycle_finder {
 public:
  explicit cycle_finder(const std::vector<involved_goroutine>& waiting) : waiting_(waiting) {}

  // Places in `waiting`, in the order of the cycle.
  std::vector<std::size_t> find() {
    for (std::size_t start = 0; start < waiting_.size(); ++start) {
      path_.clear();
      visited_.assign(waiting_.size(), false);
      if (comes_back(start, start)) return path_;
    }
    return {};
  }

  std::vector<const awaited_goroutine*> awaited_by(std::size_t g) const {
    std::vector<const awaited_goroutine*> all;
    for (const awaited_goroutine& h : waiting_[g].held_by) all.push_back(&h);
    for (const awaited_goroutine& h : waiting_[g].behind) all.push_back(&h);
    return all;
  }

 private:
  bool comes_back(std::size_t from, std::size_t start) {
    visited_[from] = true;
    path_.push_back(from);
    for (const awaited_goroutine* const next : awaited_by(from)) {
      const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                      [&](const auto& g) { return g.name == next->name; });
      if (found == waiting_.end()) continue;
      const auto place = static_cast<std::size_t>(found - waiting_.begin());
      if (place == start || (!visited_[place] && comes_back(place, start))) return true;
    }
    path_.pop_back();
    return false;
  }

  const std::vector<involved_goroutine>& waiting_;
  std::vector<std::size_t> path_;
  std::vector<bool> visited_;
};

}  // namespace

std::string called(const std::string& name, const std::string& label) {
  return label.empty() ? name : name + " " + label;
}

involved_goroutine explain_goroutine(const history& told, int number) {
  return wait_explainer(told).explain(number);
}

std::vector<involved_goroutine> explain_waits(const history& told, verdict what) {
  const wait_explainer explainer(told);
  std::vector<involved_goroutine> waiting;
  for (std::size_t n = 0; n < told.goroutines.size(); ++n) {
    const goroutine_history& g = told.goroutines[n];
    if (g.finished || g.waiting_row < 0) continue;
    const bool is_meant = g.is_stuck && g.is_deadlocked == (what == verdict::deadlock);
    if (told.is_cut && !is_meant) continue;
    waiting.push_back(explainer.explain(static_cast<int>(n)));
  }
  for (const std::size_t g : cycle_finder(waiting).find()) waiting[g].in_cycle = true;
  return waiting;
}

std::vector<std::string> cycle_of(const std::vector<involved_goroutine>& waiting) {
  std::vector<std::string> cycle;
  for (const std::size_t g : cycle_finder(waiting).find()) {
    cycle.push_back(waiting[g].name);
    cycle.push_back(waiting[g].waits_for);
  }
  return cycle;
}

}  // namespace braid
