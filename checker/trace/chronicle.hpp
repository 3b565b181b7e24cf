// Writes down what lockstep does, and reads it back as a history.
//
// The notes lie in shared memory, one JSON array a line, so that an execution that crashes leaves
// its history behind. Values are turned into text at once, while they live.
//
//   ["created", goroutine, place, label, id of its parent]
//   ["finished", goroutine]         ["decided", deviation or ""]
//   ["made", object, name, short name, place, stable name if it has no place]
//   ["named", object, name, short name]
//   ["does", step, goroutine, kind, object, text, place, operation, argument, arms]
//   ["done", goroutine, value, result, operation, object, argument, more]: of a select the last
//       four are those of the chosen arm
//   ["waits", own row, goroutine, kind, object, text, place, reason, operation, arms]
//   ["woken", goroutine]            ["refused", goroutine]
//   ["loops", goroutine, operations]                          ["armed", alarm]
//   ["fires", step, text, place, alarm, object]               ["channel", object, capacity]
//   ["next", goroutine, text, place]: what it does when it is chosen; told once, where it is first
//       an alternative, and holds until it acts
//   ["choice", step, place of what was taken, [alternatives]], each a goroutine, or a timer:
//       [index, text, place]
//   ["within", step, goroutine, place of what was taken, kind, [texts], place]
//   ["raced", object, place, access, access], an access: [goroutine, step, kind, writes, place]
//   ["foreign", object, place, locker, place, unlocker, place]
//   ["stuck", goroutine, because of a lock]                   ["refuted", lines]
//   ["file", name in places, path]
//
// An object is its number, or -1; an operation the number of its kind; of a select the arms are
// [operation, object].
#pragma once

#include <braid/explore.hpp>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <braid/history.hpp>
#include "detect/foreign_unlocks.hpp"
#include "detect/races.hpp"
#include "detect/stuck.hpp"
#include "lockstep/observer.hpp"
#include "trace/shared_array.hpp"
#include "trace/stable_names.hpp"

namespace braid {

class chronicle final : public observer {
 public:
  chronicle();

  void clear();
  history read() const;
  // From now on it also tells what else could have happened: with ordered timers, no timer that
  // would move the clock while somebody can act.
  void tell_choices(timer_mode timers) { timers_ = timers; }
  // A data race of the execution, which is over.
  void raced(const race& found);
  // The same, of a foreign unlock.
  // The execution ended because of a history that is not linearizable.
  void refuted(const std::string& explanation);
  void unlocked_by_other(const foreign_unlocking& found);
  // The execution was cut, and these can never go on.
  void stuck(std::span<const stuck_goroutine> goroutines);

  // From observer:
  void created(const goroutine& g) override;
  void finished(const goroutine& g) override;
  void made(const op& made) override;
  void named(const void* object, std::string_view name) override;
  void decided(const decision& d, const situation* among) override;
  void does(std::uint32_t step, const goroutine& g, const op& what) override;
  void done(const goroutine& g, const event& what) override;
  void waits(const goroutine& g, const op& what) override;
  void set_aside(const goroutine& g, const op& next,
                 std::span<const observation> iteration) override;
  void released(const goroutine& g) override;
  void fires(std::uint32_t step, const alarm& which, bool moves_clock) override;
  void woken(const goroutine& g, const op& waited) override;
  void left(const goroutine&, const op&) override {}
  void over() override {}
  void armed(const alarm& which) override;
  void disarmed(const alarm&, bool) override {}
  void destroyed(const object&) override {}
  void refused(const goroutine& g, std::string_view why) override;

 private:
  void note_choice(const decision& d, const situation& among);
  void note_choice_within(const decision& d);
  void tell_next(std::uint32_t goroutine, const op& next);
  void note_wait(const goroutine& g, const op& what, bool has_own_row);
  void note(const nlohmann::json& line);
  // What it is called: `mutex accounts` and `accounts`, or `mutex1` for both.
  struct object_name {
    int number = -1;
    std::string kind = {};
    std::string full = {};
    std::string brief = {};
  };

  void make(const void* address, const std::string& kind, where at);
  std::string name_next(const std::string& kind);
  const object_name& object_at(const void* address) const;
  int number_of(const op& what) const;
  nlohmann::json arms_of(const op& what) const;
  std::string called(const std::string& by_number) const;
  std::string describe_select(const op& what) const;
  std::string describe_op(const op& what) const;
  // `file:line`; the path of the file is noted the first time.
  std::string place_of(where at);
  // Empty where that says nothing: within std::make_shared, say.
  std::string place_of_object(where made_at);
  std::string describe_next(const op& next) const;
  std::string describe_timer(const alarm& which) const;

  shared_array<char> lines_;
  std::map<const alarm*, int> alarms_;  // the number of the latest arming of each
  int armed_so_far_ = 0;
  // Anonymous objects are called by their kind and the order of their making: chan1, mutex2.
  std::map<const void*, object_name> names_;
  std::map<std::string, int, std::less<>> made_of_kind_;
  std::set<std::string, std::less<>> files_;       // whose path was noted
  std::optional<timer_mode> timers_;               // of which choices are told, if they are
  std::size_t possibilities_ = 0;                  // told so far
  std::vector<bool> has_told_next_;                // by goroutine
  std::map<std::string, int, std::less<>> given_;  // how often each full name was
  // Detectors know objects by their kind and number only.
  std::map<std::string, std::string, std::less<>> names_by_number_;
  stable_names stable_;
  int objects_ = 0;
};

}  // namespace braid
