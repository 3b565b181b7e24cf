// Which goroutines repeat themselves: spin loops, recognised without annotation.
//
// A goroutine observes while its operations change nothing: loads, yields, attempts that fail. It
// has repeated an iteration when it comes to an operation again and
//  * between the two visits before this one, and again between the last of them and this one, it
//    did the same operations, all of which only observed;
//  * nothing that it read in these two iterations has been changed from the first on;
//  * its live stack and its registers are those of the visit before.
// As nothing else is its own, it would go on so for ever: it is set aside until something that it
// read is changed.
//
// One iteration would prove as much. The second makes the moment the same in every build: after the
// first, the variables that the loop assigns have the values that the loop gives them, whether the
// compiler keeps dead ones or not.
//
// All this is a function of the goroutine's own history, of which operations on an object the order
// counts only if they conflict: equivalent executions agree. That no operation conflicts with its
// length is why len(c) is no observation: a close, with which it commutes, may change the channel.
#pragma once

#include <braid/scheduler.hpp>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "lockstep/objects.hpp"

namespace braid {

// An operation that changed nothing, or a further channel of a select that took its default.
struct observation {
  op_kind kind{};
  bool is_continued = false;  // by a further channel
  const char* file = nullptr;
  unsigned line = 0;
  const void* address = nullptr;  // of the object; null: it is on none
  std::uint64_t object = 0;       // its id
  std::uint32_t version = 0;      // of the object, or of the clock, that it read
  std::uint32_t step = 0;
  std::uint32_t ended_at = 0;  // the step in which something else followed; 0: not yet
  std::uint64_t state = 0;     // of its goroutine when it came to it; 0: not known
};

// A set of kinds of operations, in one word.
class kind_set {
  static_assert(op_kind_count <= 64);

 public:
  constexpr kind_set(std::initializer_list<op_kind> kinds) {
    for (const op_kind k : kinds) bits_ |= std::uint64_t{1} << static_cast<unsigned>(k);
  }
  constexpr bool has(op_kind k) const { return (bits_ >> static_cast<unsigned>(k) & 1) != 0; }

 private:
  std::uint64_t bits_ = 0;
};

namespace detail {

inline constexpr kind_set observing_kinds = {
    op_kind::load,   op_kind::read,          op_kind::yield,
    op_kind::now,    op_kind::update,        op_kind::try_lock,
    op_kind::select, op_kind::try_read_lock, op_kind::try_write_lock};
// Of these, those that do so only if they fail.
inline constexpr kind_set attempting_kinds = {op_kind::update, op_kind::try_lock, op_kind::select,
                                              op_kind::try_read_lock, op_kind::try_write_lock};
inline constexpr kind_set changing_kinds = {
    op_kind::send,           op_kind::recv,           op_kind::close,         op_kind::lock,
    op_kind::try_lock,       op_kind::unlock,         op_kind::store,         op_kind::update,
    op_kind::write,          op_kind::read_lock,      op_kind::try_read_lock, op_kind::read_unlock,
    op_kind::announce_write, op_kind::try_write_lock, op_kind::write_unlock};

}  // namespace detail

class repetitions {
 public:
  // So many observations in sequence are nothing special: they are not recorded. Else each load of
  // an ordinary program would pay for loops that it does not have.
  static constexpr std::uint32_t idle_min = 2;

  explicit repetitions(const object_table& objects) : objects_(objects) {}

  // Begins an execution. `keeps_past`: what was observed is kept, for keep().
  void begin(bool keeps_past);
  // The execution has the first `steps` steps of the last one.
  void keep(std::uint32_t steps);
  bool is_open(std::uint32_t goroutine) const;

  // True if it changed nothing.
  static bool observes(const event& done) {
    return detail::observing_kinds.has(done.done.kind) &&
           (!detail::attempting_kinds.has(done.done.kind) || has_failed(done));
  }
  // True if it changes its object, though the value may be the same.
  static bool changes(op_kind kind) { return detail::changing_kinds.has(kind); }
  // Operations on which a goroutine's filter (goroutine::recent) agrees may be the same.
  static std::uint64_t filter_of(const op& what) {
    const auto place = reinterpret_cast<std::uintptr_t>(what.object) / 8 + what.at.line();
    return std::uint64_t{1} << (place + static_cast<std::uint64_t>(what.kind)) % 64;
  }

  // In step `step` goroutine `g` has observed, or has done something else.
  // `on`: the object, unless it is a select.
  void observed(goroutine& g, const op& done, const object* on, std::uint32_t step);
  void acted(goroutine& g, std::uint32_t step);
  void clock_moved() { ++clock_moves_; }

  // True if `g` has done `next` before, and has only observed since.
  bool is_back(const goroutine& g, const op& next) const;
  // It comes to `next` with this hash of its state. True if it has repeated an iteration, which is
  // remembered until it observes or acts.
  bool comes_back(const goroutine& g, const op& next, std::uint64_t state);
  // The last iteration of a goroutine that has repeated one.
  std::span<const observation> iteration_of(const goroutine& g) const {
    if (g.number >= runs_.size()) return {};
    return std::span(runs_[g.number].seen).last(runs_[g.number].repeated);
  }
  // True if something that it read in that iteration has changed since.
  bool has_changed(const goroutine& g) const;
  bool has_changed(const observation& o) const {
    return version_of(o.kind, find(o.address)) != o.version;
  }
  // True if the operation is the one observed.
  bool is_same(const observation& o, const op& what) const;

 private:
  // What a goroutine observed; from `open` on, all that it did.
  struct run {
    std::vector<observation> seen;
    std::size_t open = 0;
    std::uint64_t state = 0;   // with which it came to its pending operation; 0: not known
    std::size_t repeated = 0;  // the length of the iteration that it has repeated; 0: none
  };

  static bool has_failed(const event& attempt);
  void add(run& r, const op& what, const object* on, std::uint32_t step);
  const object* find(const void* address) const;
  std::uint32_t version_of(op_kind kind, const object* on) const;

  const object_table& objects_;
  bool keeps_past_ = false;
  std::uint32_t clock_moves_ = 0;
  std::vector<run> runs_;  // by goroutine
};

}  // namespace braid
