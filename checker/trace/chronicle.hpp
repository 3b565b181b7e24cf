// Writes down what lockstep does, and reads it back as a history.
//
// The notes lie in shared memory, one JSON array a line, so that an execution that crashes leaves
// its history behind. Values are turned into text at once, while they live.
//
//   ["created", goroutine, place]   ["finished", goroutine]   ["decided", deviation or ""]
//   ["does", step, goroutine, kind, object, text, place]      ["done", goroutine, value]
//   ["waits", own row, goroutine, kind, object, text, place]  ["woken", goroutine]
//   ["loops", goroutine, operations]                          ["fires", step, text, place]
//   ["raced", object, place, access, access], an access: [goroutine, step, kind, writes, place]
//   ["foreign", object, place, locker, place, unlocker, place]
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include <braid/history.hpp>
#include "detect/foreign_unlocks.hpp"
#include "detect/races.hpp"
#include "lockstep/observer.hpp"
#include "trace/shared_array.hpp"

namespace braid {

class chronicle final : public observer {
 public:
  chronicle();

  void clear();
  history read() const;
  // A data race of the execution, which is over.
  void raced(const race& found);
  // The same, of a foreign unlock.
  // The execution ended because of a history that is not linearizable.
  void refuted(const std::string& explanation);
  void unlocked_by_other(const foreign_unlocking& found);

  // From observer:
  void created(const goroutine& g) override;
  void finished(const goroutine& g) override;
  void made(const op& made) override;
  void decided(const decision& d) override;
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
  void armed(const alarm&) override {}
  void disarmed(const alarm&, bool) override {}
  void destroyed(const object&) override {}
  void refused(const goroutine&) override {}

 private:
  void note_wait(const goroutine& g, const op& what, bool has_own_row);
  void note(const nlohmann::json& line);
  std::string name_next(const std::string& kind);
  std::string name_of_object(const void* address) const;
  std::string describe_select(const op& what) const;
  std::string describe_op(const op& what) const;

  shared_array<char> lines_;
  // Anonymous objects are called by their kind and the order of their making: chan1, mutex2.
  std::map<const void*, std::string> names_;
  std::map<std::string, int, std::less<>> made_of_kind_;
};

}  // namespace braid
