// The history of one execution, read from the notes of a chronicle; see history.hpp.
#include <braid/history.hpp>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "trace/chronicle.hpp"

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
    if (what == "refuted") {
      built_.refutation = n.at(1);
      return;
    }
    if (what == "created") return created(n);  // a race may tell of one that begins too late
    if (is_cut_off_) return;
    if (what == "finished") built_.goroutines.at(n.at(1)).finished = true;
    if (what == "decided") deviation_ = n.at(1);
    if (what == "does") does(n);
    if (what == "done") done(n);
    if (what == "waits") waits(n);
    if (what == "loops") loops(n);
    if (what == "woken" && !built_.rows.empty()) built_.rows.back().wakes.push_back(n.at(1));
    if (what == "fires") {
      add_row({.step = n.at(1),
               .goroutine = happening::timers,
               .kind = "fire",
               .text = n.at(2),
               .at = n.at(3)});
    }
  }

  void created(const nlohmann::json& n) {
    const int number = n.at(1);
    built_.goroutines.push_back({.name = number == 0 ? "main" : "g" + std::to_string(number),
                                 .created_at = n.at(2),
                                 .label = n.at(3)});
    row_of_.push_back(-1);
    if (number > 0 && !built_.rows.empty() && !is_cut_off_) built_.rows.back().creates = number;
  }

  void add_row(happening row) {
    row.is_deviation = !deviation_.empty();
    row.deviation = std::exchange(deviation_, "");
    built_.rows.push_back(std::move(row));
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
  std::vector<int> row_of_;  // of each goroutine's latest operation; -1: none
  bool has_ended_ = false;   // the program
  bool is_cut_off_ = false;  // by an exit, a panic or a fatal error
  std::string deviation_;    // of the decision whose event is yet to come
};

}  // namespace

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
