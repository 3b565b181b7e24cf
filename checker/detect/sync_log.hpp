// What an execution did that may order two accesses, or be one: written down as it happens, and
// judged when it is over (races.hpp).
//
// Why not at once: a search that repeats the beginning of the last execution is told nothing of it
// (lockstep/repeat.cpp). A list can be cut back to where the executions part; clocks could not
// without a copy for each event.
//
// Invariant: entries name objects by their ids and goroutines by their numbers, which are the same
// in an execution with the same beginning; addresses are not.
#pragma once

#include <braid/scheduler.hpp>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lockstep/objects.hpp"
#include "lockstep/observer.hpp"

namespace braid {

enum class sync_entry_kind : std::uint8_t {
  born,       // a goroutine; by whoever acts, or by the timer that fires
  made,       // an object; `argument`: a channel's capacity
  arrives,    // a goroutine does its operation, or begins to wait in it
  offers,     // an arm of the select that arrives, which would send
  expects,    // the same, which would receive
  completes,  // the operation took effect; of a select: the arm that was chosen
  woken,      // by the operation of the moment, or by a timer
  armed,      // a timer; `object` tells it from others; 0: a sleeper's, which orders nothing
  fires,      // the same
};

struct sync_entry {
  sync_entry_kind kind{};
  op_kind op{};
  bool more = true;  // completes: see event
  std::uint32_t goroutine = 0;
  std::uint32_t step = 0;
  std::uint64_t object = 0;
  std::string_view text = {};  // made: the object's kind
  std::int64_t argument = 0;   // see op
  std::int64_t result = 0;     // completes: see event
  where at = where::unknown();
};

class sync_log final : public observer {
 public:
  // Of the lockstep that is observed.
  explicit sync_log(const object_table& objects) : objects_(objects) {}

  void clear() { cut(0); }
  std::size_t size() const { return entries_.size(); }
  // Forgets all but the first `size` entries.
  void cut(std::size_t size) {
    entries_.resize(size);
    step_ = size == 0 ? 0 : entries_.back().step;
  }
  std::span<const sync_entry> all() const { return entries_; }

  // From observer:
  void created(const goroutine& g) override;
  void finished(const goroutine&) override {}
  void made(const op& made) override;
  void destroyed(const object&) override {}
  void decided(const decision&, const situation*) override {}
  void does(std::uint32_t step, const goroutine& g, const op& what) override;
  void done(const goroutine& g, const event& what) override;
  void refused(const goroutine&, std::string_view) override {}
  void waits(const goroutine&, const op&) override {}
  void set_aside(const goroutine&, const op&, std::span<const observation>) override {}
  void released(const goroutine&) override {}
  void fires(std::uint32_t step, const alarm& which, bool moves_clock) override;
  void armed(const alarm& which) override;
  void disarmed(const alarm&, bool) override {}
  void over() override {}
  void woken(const goroutine& g, const op& waited) override;
  void left(const goroutine&, const op&) override {}

 private:
  std::uint64_t id_of(const void* address) const { return objects_.id_of(address); }
  void note(const sync_entry& entry) { entries_.push_back(entry); }

  const object_table& objects_;
  std::vector<sync_entry> entries_;
  std::uint32_t step_ = 0;
};

}  // namespace braid
