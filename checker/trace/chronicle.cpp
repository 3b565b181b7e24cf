// Writes down what lockstep does; see chronicle.hpp. history.cpp reads it back.
#include "trace/chronicle.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lockstep/timers.hpp"
#include "names.hpp"
#include "trace/describe.hpp"
#include "trace/schedule.hpp"

namespace braid {
namespace {

constexpr std::size_t bytes_max = std::size_t{256} << 20;  // of address space
constexpr std::size_t possibilities_max = 200'000;         // what comes later is not told

std::string value_of(const event& what) {
  std::string value;
  if (what.value.print != nullptr) what.value.print(what.value.value, value);
  switch (what.done.kind) {
    case op_kind::recv:
      return what.more ? value : "closed";
    case op_kind::select:
      if (what.result < 0) return "default";
      if (!what.more) value = "closed";
      return "case " + std::to_string(what.result) + (value.empty() ? "" : ": " + value);
    case op_kind::try_lock:
    case op_kind::try_read_lock:
    case op_kind::try_write_lock:
    case op_kind::stop:
    case op_kind::reset:
      return what.result != 0 ? "true" : "false";
    case op_kind::length:
    case op_kind::choose:
      return std::to_string(what.result);
    default:
      return value;
  }
}

}  // namespace

chronicle::chronicle() : lines_(bytes_max) {}

void chronicle::clear() {
  lines_.clear();
  names_.clear();
  made_of_kind_.clear();
  given_.clear();
  names_by_number_.clear();
  stable_ = {};
  objects_ = 0;
  files_.clear();
  possibilities_ = 0;
  has_told_next_.clear();
  alarms_.clear();
  armed_so_far_ = 0;
}

void chronicle::created(const goroutine& g) {
  stable_.created(g);
  note({"created", g.number, place_of(g.created_at()), g.name(), g.created_by()});
}

void chronicle::finished(const goroutine& g) { note({"finished", g.number}); }

// What stands behind a func_timer has a name from when it is started.
void chronicle::made(const op& made) {
  stable_.made(made);
  if (made.text == "timer") return;
  make(made.object, std::string(made.text), made.at);
  if (made.text == "chan") note({"channel", object_at(made.object).number, made.argument});
}

void chronicle::make(const void* address, const std::string& kind, where at) {
  const std::string name = name_next(kind);
  names_[address] = {objects_, kind, name, name};
  const std::string place = place_of_object(at);
  const std::string made_as = place.empty() ? stable_.name_of_object(address) : "";
  note({"made", objects_++, name, name, place, made_as});
}

std::string chronicle::name_next(const std::string& kind) {
  return kind + std::to_string(++made_of_kind_[kind]);
}

void chronicle::named(const void* object, std::string_view name) {
  const auto known = names_.find(object);
  if (known == names_.end()) return;
  object_name& o = known->second;
  const std::string before = o.full;
  o.brief = name;
  const int given = ++given_[o.kind + " " + o.brief];
  if (given > 1) o.brief += "#" + std::to_string(given);
  o.full = o.brief.starts_with(o.kind) ? o.brief : o.kind + " " + o.brief;  // not `wg wg`
  names_by_number_[before] = o.full;
  note({"named", o.number, o.full, o.brief});
}

void chronicle::decided(const decision& d, const situation* among) {
  note({"decided", d.is_deviation() ? text_of(deviation{d.step, d.kind, d.taken}) : ""});
  if (!timers_ || possibilities_ >= possibilities_max) return;
  possibilities_ += d.of;
  among != nullptr ? note_choice(d, *among) : note_choice_within(d);
}

void chronicle::note_choice(const decision& d, const situation& among) {
  const bool clock_stands = *timers_ == timer_mode::ordered && among.enabled().size() > 0;
  nlohmann::json all = nlohmann::json::array();
  std::size_t taken = 0;
  for (std::uint32_t rank = 0; rank < among.size(); ++rank) {
    const alternative a = among.at(rank);
    const bool is_timer = a.kind == decision_kind::timer;
    if (rank == d.rank) {
      taken = all.size();
    } else if (is_timer && clock_stands && among.moves_clock(a)) {
      continue;
    }
    if (is_timer) {
      const alarm& which = among.timer_of(a);
      all.push_back({a.index, describe_timer(which), describe_place(which.at)});
    } else {
      tell_next(a.index, *among.pending_at(rank));
      all.push_back(a.index);
    }
  }
  if (all.size() > 1) note({"choice", d.step, taken, all});
}

void chronicle::tell_next(std::uint32_t goroutine, const op& next) {
  if (goroutine >= has_told_next_.size()) has_told_next_.resize(goroutine + 1);
  if (has_told_next_[goroutine]) return;
  has_told_next_[goroutine] = true;
  note({"next", goroutine, describe_next(next), describe_place(next.at)});
}

// Which cases of a select are ready is known only if all are.
void chronicle::note_choice_within(const decision& d) {
  const goroutine& chooser = goroutine::current();
  const op& what = *chooser.pending;
  nlohmann::json texts = nlohmann::json::array();
  for (std::uint32_t k = 0; k < d.of; ++k) {
    std::string text = describe_op(what);
    if (what.kind == op_kind::choose) {
      text = "choose gives " + std::to_string(k);
    } else if (what.arms.size() == d.of) {
      const op& arm = what.arms[k];
      text = "case " + std::to_string(k) + ": " + describe(arm, object_at(arm.object).brief);
    } else if (what.kind == op_kind::select) {
      text = "ready case " + std::to_string(k) + " of " + std::to_string(d.of) + ", from 0";
    } else if (k > 0) {
      text += ", spuriously";
    }
    texts.push_back(text);
  }
  note({"within", d.step, chooser.number, d.rank, static_cast<int>(d.kind), texts,
        describe_place(what.at)});
}

void chronicle::does(std::uint32_t step, const goroutine& g, const op& what) {
  stable_.does(step, g, what);
  if ((what.kind == op_kind::after || what.kind == op_kind::start) && !what.text.empty()) {
    make(what.object, std::string(what.text), what.at);
  }
  if (g.number < has_told_next_.size()) has_told_next_[g.number] = false;
  note({"does", step, g.number, name_of(what.kind), number_of(what), describe_op(what),
        place_of(what.at), static_cast<int>(what.kind), what.argument, arms_of(what)});
}

void chronicle::done(const goroutine& g, const event& what) {
  const bool is_arm = what.done.kind == op_kind::select && what.result >= 0;
  const op& done = is_arm ? what.done.arms[static_cast<std::size_t>(what.result)] : what.done;
  note({"done", g.number, value_of(what), what.result, static_cast<int>(done.kind), number_of(done),
        done.argument, what.more});
}

void chronicle::waits(const goroutine& g, const op& what) {
  note_wait(g, what, what.guard != nullptr);
}

// A parked operation has the row in which it arrived.
void chronicle::note_wait(const goroutine& g, const op& what, bool has_own_row) {
  note({"waits", has_own_row, g.number, name_of(what.kind), number_of(what), describe_op(what),
        place_of(what.at), text_of(reason_of(what)), static_cast<int>(what.kind), arms_of(what)});
}

void chronicle::set_aside(const goroutine& g, const op& next,
                          std::span<const observation> iteration) {
  note({"loops", g.number,
        std::count_if(iteration.begin(), iteration.end(),
                      [](const observation& o) { return !o.is_continued; })});
  note_wait(g, next, true);
}

void chronicle::refused(const goroutine& g, std::string_view why) {
  note({"refused", g.number, why});
}

void chronicle::released(const goroutine& g) { note({"woken", g.number}); }

void chronicle::fires(std::uint32_t step, const alarm& which, bool) {
  note({"fires", step, describe_timer(which), place_of(which.at), alarms_[&which],
        object_at(which.object).number});
}

std::string chronicle::describe_timer(const alarm& which) const {
  std::string whom = "wakes a sleeper";
  if (which.sleeper != nullptr) {
    whom = "wakes " + name_of_goroutine(which.sleeper->number);
  }
  const std::string& name = object_at(which.object).brief;
  if (which.object != nullptr) whom = "sends to " + name;
  if (which.starts != nullptr) whom = name + " starts a goroutine";
  return describe_time((which.when - start_of_time).count()) + "  " + whom;
}

void chronicle::armed(const alarm& which) {
  alarms_[&which] = ++armed_so_far_;
  note({"armed", armed_so_far_});
}

void chronicle::raced(const race& found) {
  const auto access = [this](const race_access& a) {
    const bool is_making = a.kind == op_kind::made;
    return nlohmann::json{a.goroutine, is_making ? 0 : a.step, name_of(a.kind), writes(a.kind),
                          is_making ? place_of_object(a.at) : place_of(a.at)};
  };
  note({"raced", called(found.object), place_of_object(found.made_at), access(found.earlier),
        access(found.later)});
}

void chronicle::unlocked_by_other(const foreign_unlocking& found) {
  note({"foreign", called(found.object), place_of_object(found.made_at), found.lock.goroutine,
        place_of(found.lock.at), found.unlock.goroutine, place_of(found.unlock.at)});
}

void chronicle::refuted(const std::string& explanation) { note({"refuted", explanation}); }

void chronicle::stuck(std::span<const stuck_goroutine> goroutines) {
  for (const stuck_goroutine& g : goroutines) note({"stuck", g.number, g.is_deadlocked});
}

void chronicle::woken(const goroutine& g, const op&) {
  if (g.number < has_told_next_.size()) has_told_next_[g.number] = false;
  note({"woken", g.number});
}

const chronicle::object_name& chronicle::object_at(const void* address) const {
  static const object_name unknown;
  const auto known = names_.find(address);
  return known == names_.end() ? unknown : known->second;
}

int chronicle::number_of(const op& what) const {
  return what.kind == op_kind::go ? -1 : object_at(what.object).number;
}

std::string chronicle::called(const std::string& by_number) const {
  const auto named = names_by_number_.find(by_number);
  return named == names_by_number_.end() ? by_number : named->second;
}

nlohmann::json chronicle::arms_of(const op& what) const {
  nlohmann::json arms = nlohmann::json::array();
  for (const op& arm : what.arms) {
    arms.push_back({static_cast<int>(arm.kind), number_of(arm)});
  }
  return arms;
}

std::string chronicle::describe_select(const op& what) const {
  std::string text = "select {";
  for (const op& arm : what.arms) text += describe(arm, object_at(arm.object).brief) + ", ";
  if (what.argument != 0) text += "default, ";
  if (text.ends_with(", ")) text.resize(text.size() - 2);
  return text + "}";
}

std::string chronicle::describe_op(const op& what) const {
  return what.kind == op_kind::select ? describe_select(what)
                                      : describe(what, object_at(what.object).brief);
}

std::string chronicle::place_of(where at) {
  std::string place = describe_place(at);
  if (at && files_.find(std::string_view(at.file())) == files_.end()) {
    files_.insert(at.file());
    note({"file", place.substr(0, place.rfind(':')), at.file()});
  }
  return place;
}

std::string chronicle::place_of_object(where made_at) {
  return is_within_library(made_at) ? "" : place_of(made_at);
}

// Of an operation that is to come: the timer that it makes has no name yet.
std::string chronicle::describe_next(const op& next) const {
  const bool makes = next.kind == op_kind::after || next.kind == op_kind::start;
  return makes ? describe(next, std::string(next.text)) : describe_op(next);
}

void chronicle::note(const nlohmann::json& line) {
  const std::string text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (lines_.append({text.data(), text.size()})) lines_.push('\n');
}

}  // namespace braid
