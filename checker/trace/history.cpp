// The history of one execution, read from the notes of a chronicle; see history.hpp.
#include <braid/history.hpp>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <tuple>
#include <utility>

#include "names.hpp"
#include "trace/causes.hpp"
#include "trace/chronicle.hpp"
#include "trace/schedule.hpp"

namespace braid {
namespace {

// Builds the rows from the notes, one after another.
class reader {
 public:
  history read(std::string_view lines) {
    std::istringstream in{std::string(lines)};
    for (std::string line; std::getline(in, line);) take(nlohmann::json::parse(line));
    return std::move(built_);
  }

 private:
  void take(const nlohmann::json& n) {
    const std::string what = n.at(0);
    if (what == "raced") return raced(n);
    if (what == "foreign") return unlocked_by_other(n);
    if (what == "file") return file(n);
    if (what == "refuted") {
      built_.refutation = n.at(1);
      return;
    }
    if (what == "stuck") return stuck(n);
    if (what == "created") return created(n);  // a race may tell of one that begins too late
    if (is_cut_off_) return;
    if (what == "finished") finished(n);
    if (what == "refused") refused(n);
    if (what == "made") made(n);
    if (what == "named") named(n);
    if (what == "decided") deviation_ = n.at(1);
    if (what == "next") next_[n.at(1)] = {n.at(2), n.at(3)};
    if (what == "choice") chosen(n);
    if (what == "within") chosen_within(n);
    if (what == "does") does(n);
    if (what == "done") done(n);
    if (what == "waits") waits(n);
    if (what == "loops") loops(n);
    if (what == "woken") woken(n.at(1));
    if (what == "armed") causes_.armed(n.at(1));
    if (what == "channel") causes_.made_channel(n.at(1), n.at(2));
    if (what == "fires") {
      add_row({.step = n.at(1),
               .goroutine = happening::timers,
               .kind = "fire",
               .text = n.at(2),
               .at = n.at(3)});
      causes_.fired(n.at(4), n.at(5));
    }
  }

  void woken(int goroutine) {
    if (built_.rows.empty()) return;
    built_.rows.back().wakes.push_back(goroutine);
    causes_.woken(goroutine);
  }

  void file(const nlohmann::json& n) {
    const auto path = n.at(2).get<std::string>();
    const auto [known, is_new] = built_.files.emplace(n.at(1).get<std::string>(), path);
    if (!is_new && known->second != path) known->second.clear();
  }

  // Belongs to the step that follows.
  void chosen(const nlohmann::json& n) {
    const std::uint32_t step = n.at(1);
    choice made{.all = {}, .taken = n.at(2)};
    for (const nlohmann::json& a : n.at(3)) {
      if (a.is_array()) {
        const deviation d{step, decision_kind::timer, a.at(0)};
        made.all.push_back({text_of(d), "timers", a.at(1), a.at(2)});
      } else {
        const std::uint32_t number = a;
        const auto& [text, at] = next_[number];
        const deviation d{step, decision_kind::goroutine, number};
        made.all.push_back({text_of(d), name_of_goroutine(number), text, at});
      }
    }
    choice_ = std::move(made);
  }

  void chosen_within(const nlohmann::json& n) {
    const deviation first{n.at(1), static_cast<decision_kind>(n.at(4).get<int>()), 0};
    const std::string name = name_of_goroutine(n.at(2).get<int>());
    choice made{.all = {}, .taken = n.at(3)};
    for (const nlohmann::json& text : n.at(5)) {
      const deviation d{first.step, first.kind, static_cast<std::uint32_t>(made.all.size())};
      made.all.push_back({text_of(d), name, text, n.at(6)});
    }
    const auto row = std::find_if(built_.rows.rbegin(), built_.rows.rend(),
                                  [&](const happening& h) { return h.step == first.step; });
    if (row != built_.rows.rend()) row->choices.push_back(std::move(made));
  }

  void created(const nlohmann::json& n) {
    const int number = n.at(1);
    built_.goroutines.push_back({.name = name_of_goroutine(number),
                                 .created_at = n.at(2),
                                 .label = n.at(3),
                                 .created_by = n.at(4).get<int>() - 1});
    row_of_.push_back(-1);
    doing_.push_back({});
    if (number == 0 || built_.rows.empty() || is_cut_off_) return;
    built_.rows.back().creates = number;
    causes_.created(number);
  }

  void finished(const nlohmann::json& n) {
    goroutine_history& g = built_.goroutines.at(n.at(1));
    g.finished = true;
    g.finished_step = step_;
  }

  // What it was about to do is not done.
  void refused(const nlohmann::json& n) {
    built_.refused = n.at(1);
    add_row({.goroutine = n.at(1),
             .kind = "end",
             .text = "fatal error: " + n.at(2).get<std::string>(),
             .at = {}});
    is_cut_off_ = true;
  }

  void stuck(const nlohmann::json& n) {
    built_.goroutines.at(n.at(1)).is_stuck = true;
    built_.goroutines.at(n.at(1)).is_deadlocked = n.at(2);
    built_.is_cut = true;
  }

  void made(const nlohmann::json& n) {
    built_.objects.push_back({.name = n.at(2),
                              .short_name = n.at(3),
                              .made_at = n.at(4),
                              .made_after = static_cast<int>(built_.goroutines.size()),
                              .made_as = n.at(5)});
  }

  // What was told of it before keeps the old name, but for locks, which are matched by name.
  void named(const nlohmann::json& n) {
    object_history& o = built_.objects.at(n.at(1));
    for (goroutine_history& g : built_.goroutines) {
      for (held_lock& held : g.holds) {
        if (held.object == o.name) held.object = n.at(2);
      }
    }
    o.name = n.at(2);
    o.short_name = n.at(3);
  }

  // Null if it is none that is known.
  object_history* object_at(int number) {
    return number < 0 ? nullptr : &built_.objects.at(static_cast<std::size_t>(number));
  }
  std::string name_at(int number) {
    const object_history* const o = object_at(number);
    return o == nullptr ? "" : o->name;
  }

  void add_row(happening row) {
    if (row.step != 0) step_ = row.step;
    row.is_deviation = !deviation_.empty();
    row.deviation = std::exchange(deviation_, "");
    if (row.step != 0 && choice_) row.choices.push_back(*std::exchange(choice_, std::nullopt));
    built_.rows.push_back(std::move(row));
    causes_.added();
  }

  void add_operation(std::uint32_t step, const nlohmann::json& n) {
    const int number = n.at(2);
    add_row({.step = step,
             .goroutine = number,
             .kind = n.at(3),
             .text = n.at(5),
             .at = n.at(6),
             .object = name_at(n.at(4))});
    const int row = static_cast<int>(built_.rows.size()) - 1;
    row_of_.at(static_cast<std::size_t>(number)) = row;
    built_.goroutines.at(n.at(2)).last_row = row;
  }

  void does(const nlohmann::json& n) {
    add_operation(n.at(1), n);
    built_.goroutines.at(n.at(2)).waiting_row = -1;
    built_.goroutines.at(n.at(2)).loop.clear();
    operation& now = doing_.at(n.at(2));
    now = {
        .kind = static_cast<op_kind>(n.at(7)), .object = n.at(4), .argument = n.at(8), .arms = {}};
    note_use(n.at(2), now.kind, now.object, now.argument);
    for (const nlohmann::json& arm : n.at(9)) {
      now.arms.emplace_back(static_cast<op_kind>(arm.at(0)), arm.at(1));
      note_use(n.at(2), now.arms.back().first, now.arms.back().second, 0);
    }
    // Only after main's return does it matter, for leaks, what others would still do.
    is_cut_off_ = !has_ended_ && n.at(3) == "end" && n.at(5) != "return";
    has_ended_ = has_ended_ || n.at(3) == "end";
  }

  // Of what can end somebody's wait.
  static std::string_view use_of(op_kind kind, std::int64_t argument) {
    switch (kind) {
      case op_kind::add:
        return argument < 0 ? "done" : "add";
      case op_kind::send:
        return "send";
      case op_kind::recv:
        return "recv";
      case op_kind::close:
        return "close";
      case op_kind::notify:
        return "notify";
      case op_kind::store:
      case op_kind::update:
        return "store";
      default:
        return "";
    }
  }

  void note_use(int goroutine, op_kind kind, int number, std::int64_t argument) {
    const std::string_view what = use_of(kind, argument);
    object_history* const on = object_at(number);
    if (what.empty() || on == nullptr) return;
    const std::string& at = built_.rows.back().at;
    for (object_history::use& u : on->uses) {
      if (u.goroutine != goroutine || u.kind != what) continue;
      u = {.goroutine = goroutine, .kind = u.kind, .step = step_, .at = at};
      return;
    }
    on->uses.push_back(
        {.goroutine = goroutine, .kind = std::string(what), .step = step_, .at = at});
  }

  // A wait on a guard has a row of its own, without a number; a parked operation has its row.
  void waits(const nlohmann::json& n) {
    const bool is_guarded = n.at(1);
    const std::string pending = std::exchange(deviation_, "");  // belongs to the step that follows
    if (is_guarded) add_operation(0, n);
    deviation_ = pending;
    const auto number = n.at(2).get<std::size_t>();
    happening& row = built_.rows.at(static_cast<std::size_t>(row_of_.at(number)));
    row.waits = true;
    row.reason = n.at(7);
    row.waits_for = waits_for(n);
    built_.goroutines.at(number).waiting_row = row_of_.at(number);
  }

  std::vector<std::string> waits_for(const nlohmann::json& n) {
    const auto called = [&](op_kind kind, int number) -> std::string {
      if (number >= 0) return name_at(number);
      return kind == op_kind::send || kind == op_kind::recv ? "nil chan" : "";
    };
    const auto kind = static_cast<op_kind>(n.at(8));
    std::vector<std::string> all;
    for (const nlohmann::json& arm : n.at(9)) {
      std::string one = called(static_cast<op_kind>(arm.at(0)), arm.at(1));
      if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(std::move(one));
    }
    if (std::string one = called(kind, n.at(4)); !one.empty()) all.push_back(std::move(one));
    if (kind == op_kind::sleep) all.push_back("time");
    if (kind == op_kind::settle) all.push_back("all others");
    if (kind == op_kind::select && all.empty()) all.push_back("nothing");  // it has no cases
    return all;
  }

  // The iteration is what it did last.
  void loops(const nlohmann::json& n) {
    const int number = n.at(1);
    std::size_t left = n.at(2);
    std::vector<int>& loop = built_.goroutines.at(n.at(1)).loop;
    for (std::size_t row = built_.rows.size(); row-- > 0 && left > 0;) {
      if (built_.rows[row].goroutine != number || built_.rows[row].step == 0) continue;
      loop.insert(loop.begin(), static_cast<int>(row));
      --left;
    }
  }

  void done(const nlohmann::json& n) {
    const auto number = n.at(1).get<std::size_t>();
    goroutine_history& g = built_.goroutines.at(number);
    g.waiting_row = -1;
    if (row_of_.at(number) < 0) return;
    happening& row = built_.rows.at(static_cast<std::size_t>(row_of_.at(number)));
    row.value = n.at(2);
    causes_.done(row_of_.at(number), {.kind = static_cast<op_kind>(n.at(4).get<int>()),
                                      .object = n.at(5),
                                      .argument = n.at(6),
                                      .result = n.at(3),
                                      .more = n.at(7)});
    if (!deviation_.empty()) {  // an arm or a value, chosen within the event
      row.is_deviation = true;
      row.deviation += (row.deviation.empty() ? "" : ".") + std::exchange(deviation_, "");
    }
    note_lock(static_cast<int>(number), row, n.at(3));
    note_effect(static_cast<int>(number), n.at(3));
  }

  // The latest use by `number` took effect; of a select that of the case that was chosen.
  void note_effect(int number, std::int64_t result) {
    const operation& done = doing_.at(static_cast<std::size_t>(number));
    op_kind kind = done.kind;
    int object = done.object;
    if (kind == op_kind::select) {
      if (result < 0) return;
      std::tie(kind, object) = done.arms.at(static_cast<std::size_t>(result));
    }
    object_history* const on = object_at(object);
    if (on == nullptr) return;
    for (object_history::use& u : on->uses) {
      if (u.goroutine == number && u.kind == use_of(kind, done.argument)) u.took_effect = true;
    }
  }

  void note_lock(int number, const happening& row, std::int64_t result) {
    const operation& done = doing_.at(static_cast<std::size_t>(number));
    object_history* const on = object_at(done.object);
    if (on == nullptr) return;
    const auto take = [&](bool is_shared) {
      built_.goroutines.at(static_cast<std::size_t>(number))
          .holds.push_back({on->name, step_, row.at, is_shared});
    };
    switch (done.kind) {
      case op_kind::announce_write:
        on->writer = {number, step_, row.at};
        return;
      case op_kind::lock:
        return take(false);
      case op_kind::await_readers:
        on->writer = {};
        return take(false);
      case op_kind::try_lock:
      case op_kind::try_write_lock:
        return result != 0 ? take(false) : void();
      case op_kind::read_lock:
        return take(true);
      case op_kind::try_read_lock:
        return result != 0 ? take(true) : void();
      case op_kind::unlock:
      case op_kind::write_unlock:
      case op_kind::read_unlock:
        return result >= 0 ? release(on->name, number) : void();
      case op_kind::add:
        on->to_go += done.argument;
        return;
      default:
        return;
    }
  }

  // Anybody may unlock (rule M2): what is one's own is given back first.
  void release(const std::string& object, int by) {
    const auto gives_back = [&](goroutine_history& g) {
      const auto held = std::find_if(g.holds.begin(), g.holds.end(),
                                     [&](const held_lock& l) { return l.object == object; });
      if (held == g.holds.end()) return false;
      g.holds.erase(held);
      return true;
    };
    if (gives_back(built_.goroutines.at(static_cast<std::size_t>(by)))) return;
    for (goroutine_history& g : built_.goroutines) {
      if (gives_back(g)) return;
    }
  }

  void raced(const nlohmann::json& n) {
    const auto access = [](const nlohmann::json& a) {
      return race_history::access{
          .goroutine = a.at(0), .step = a.at(1), .kind = a.at(2), .writes = a.at(3), .at = a.at(4)};
    };
    built_.races.push_back({.object = n.at(1),
                            .made_at = n.at(2),
                            .earlier = access(n.at(3)),
                            .later = access(n.at(4))});
  }

  void unlocked_by_other(const nlohmann::json& n) {
    built_.foreign_unlocks.push_back({.object = n.at(1),
                                      .made_at = n.at(2),
                                      .lock = {.goroutine = n.at(3), .at = n.at(4)},
                                      .unlock = {.goroutine = n.at(5), .at = n.at(6)}});
  }

  struct operation {
    op_kind kind{};
    int object = -1;
    std::int64_t argument = 0;
    std::vector<std::pair<op_kind, int>> arms = {};
  };

  history built_;
  causes causes_{built_.rows};
  std::vector<int> row_of_;       // of each goroutine's latest operation; -1: none
  std::vector<operation> doing_;  // the latest that each of them did
  std::uint32_t step_ = 0;
  bool has_ended_ = false;        // the program
  bool is_cut_off_ = false;       // by an exit, a panic or a fatal error
  std::string deviation_;         // of the decision whose event is yet to come
  std::optional<choice> choice_;  // the same
  std::map<std::uint32_t, std::pair<std::string, std::string>> next_;  // of each: text and place
};

}  // namespace

std::vector<possibility> happening::could() const {
  std::vector<possibility> others;
  for (const choice& made : choices) {
    for (std::size_t i = 0; i < made.all.size(); ++i) {
      if (i != made.taken) others.push_back(made.all[i]);
    }
  }
  return others;
}

std::vector<int> history::holders_of(const happening& wait) const {
  const bool awaits_readers = wait.kind == "await readers";
  const auto keeps_waiting = [&](const held_lock& l) {
    return l.object == wait.object && l.is_shared == awaits_readers;
  };
  std::vector<int> holders;
  for (std::size_t g = 0; g < goroutines.size(); ++g) {
    const auto& holds = goroutines[g].holds;
    if (std::any_of(holds.begin(), holds.end(), keeps_waiting)) {
      holders.push_back(static_cast<int>(g));
    }
  }
  return holders;
}

std::uint32_t history::last_step() const {
  std::uint32_t last = 0;
  for (const happening& row : rows) last = std::max(last, row.step);
  return last;
}

const object_history* history::find_object(std::string_view name) const {
  const auto found = std::find_if(objects.begin(), objects.end(),
                                  [&](const object_history& o) { return o.name == name; });
  return found == objects.end() ? nullptr : &*found;
}

history chronicle::read() const {
  const std::span<const char> text = lines_.all();
  return reader().read({text.data(), text.size()});
}

}  // namespace braid
