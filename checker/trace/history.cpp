// The history of one execution, read from the notes of a chronicle; see history.hpp.
#include <braid/history.hpp>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <utility>

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
    if (what == "created") return created(n);  // a race may tell of one that begins too late
    if (is_cut_off_) return;
    if (what == "finished") built_.goroutines.at(n.at(1)).finished = true;
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

  static std::string name_of(std::uint32_t goroutine) {
    return goroutine == 0 ? "main" : "g" + std::to_string(goroutine);
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
        made.all.push_back({text_of(d), name_of(number), text, at});
      }
    }
    choice_ = std::move(made);
  }

  void chosen_within(const nlohmann::json& n) {
    const deviation first{n.at(1), static_cast<decision_kind>(n.at(4).get<int>()), 0};
    const std::string name = name_of(n.at(2));
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
    built_.goroutines.push_back({.name = name_of(static_cast<std::uint32_t>(number)),
                                 .created_at = n.at(2),
                                 .label = n.at(3)});
    row_of_.push_back(-1);
    if (number == 0 || built_.rows.empty() || is_cut_off_) return;
    built_.rows.back().creates = number;
    causes_.created(number);
  }

  void add_row(happening row) {
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
             .object = n.at(4)});
    row_of_.at(static_cast<std::size_t>(number)) = static_cast<int>(built_.rows.size()) - 1;
  }

  void does(const nlohmann::json& n) {
    add_operation(n.at(1), n);
    built_.goroutines.at(n.at(2)).waiting_row = -1;
    built_.goroutines.at(n.at(2)).loop.clear();
    // Only after main's return does it matter, for leaks, what others would still do.
    is_cut_off_ = !has_ended_ && n.at(3) == "end" && n.at(5) != "return";
    has_ended_ = has_ended_ || n.at(3) == "end";
  }

  // A wait on a guard has a row of its own, without a number; a parked operation has its row.
  void waits(const nlohmann::json& n) {
    const bool is_guarded = n.at(1);
    const std::string pending = std::exchange(deviation_, "");  // belongs to the step that follows
    if (is_guarded) add_operation(0, n);
    deviation_ = pending;
    const auto number = n.at(2).get<std::size_t>();
    const int row = row_of_.at(number);
    built_.rows.at(static_cast<std::size_t>(row)).waits = true;
    built_.rows.at(static_cast<std::size_t>(row)).reason = n.at(7);
    built_.goroutines.at(number).waiting_row = row;
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
    causes_.done(row_of_.at(number), {.kind = static_cast<op_kind>(n.at(3).get<int>()),
                                      .object = n.at(4),
                                      .argument = n.at(5),
                                      .result = n.at(6),
                                      .more = n.at(7)});
    if (!deviation_.empty()) {  // an arm or a value, chosen within the event
      row.is_deviation = true;
      row.deviation += (row.deviation.empty() ? "" : ".") + std::exchange(deviation_, "");
    }
    if (row.kind == "lock" || (row.kind == "try_lock" && row.value == "true")) {
      g.holds.push_back(row.object);
      g.held_since.push_back(row.step);
    }
    if (row.kind == "unlock") release(row.object);
  }

  void release(const std::string& object) {
    for (goroutine_history& g : built_.goroutines) {
      const auto held = std::find(g.holds.begin(), g.holds.end(), object);
      if (held == g.holds.end()) continue;
      g.held_since.erase(g.held_since.begin() + (held - g.holds.begin()));
      g.holds.erase(held);
      return;
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

  history built_;
  causes causes_{built_.rows};
  std::vector<int> row_of_;       // of each goroutine's latest operation; -1: none
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

int history::holder_of(const std::string& object) const {
  for (std::size_t g = 0; g < goroutines.size(); ++g) {
    const std::vector<std::string>& holds = goroutines[g].holds;
    if (std::find(holds.begin(), holds.end(), object) != holds.end()) return static_cast<int>(g);
  }
  return -1;
}

history chronicle::read() const {
  const std::span<const char> text = lines_.all();
  return reader().read({text.data(), text.size()});
}

}  // namespace braid
