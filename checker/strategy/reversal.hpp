// The sequence that reverses a race: what follows the earlier event without depending on it, then
// the later one (Abdulla et al., JACM'17, section 5: notdep(e, E).e').
//
// What the later event does in its new place is not always what it did: a try_lock may succeed
// there, a compare_exchange may fail. It is worked out from the log, so that it is compared with
// others by what it will be; where it cannot be (a try operation on a channel), by what it is at
// most.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "strategy/sleep_stack.hpp"
#include "strategy/wakeup_sequence.hpp"
#include "trace/happens_before.hpp"

namespace braid {

class reversal {
 public:
  // Both must outlive the questions. `later` may be one of the operations that never happened.
  void prepare(const trace_log& log, const happens_before& order, std::uint32_t earlier,
               std::uint32_t later);
  // The same for an event that is to make other choices, as if that were a race with itself.
  void prepare_choices(const trace_log& log, const happens_before& order, std::uint32_t event,
                       std::span<const trace_choice> choices);
  // True if some execution that is equivalent to one that begins with this sequence begins with the
  // event given: it is a weak initial.
  bool can_begin_with(process_id process, std::span<const access> accesses,
                      std::span<const trace_choice> choices) const;
  // Takes out the first event of a process; does nothing if there is none.
  void remove(process_id process);
  bool is_empty() const;
  // Calls f(process, accesses, choices) for each event, in order.
  template <class F>
  void for_each(F&& f);
  // REQUIRES: remove() was not called since prepare().
  wakeup_sequence as_value();

 private:
  happens_before::counts counts_before(std::uint64_t object, std::uint32_t event) const;
  bool fails_there() const;
  void meet_selects();
  void complete(std::uint32_t parked_select, const access& by);
  void end_output();
  // True if the event is one of the sequence before the later one, or was until it was taken out.
  bool is_kept(std::uint32_t event) const {
    return event > earlier_ && event != later_ && !order_->before(earlier_, event);
  }
  // REQUIRES: is_kept(event).
  bool is_removed(std::uint32_t event) const {
    return order_->ordinal(event) <= passed_[order_->process_of(event)];
  }
  // True if it comes before the later one in its new place.
  bool is_there(std::uint32_t event) const { return event < earlier_ || is_kept(event); }
  bool may_feed(std::uint64_t channel) const;
  access in_new_place(const access& was) const;
  access lock_in_new_place(access a) const;
  access count_in_new_place(access a) const;
  bool touches(std::uint64_t object, access_mode mode) const;
  std::uint32_t first_of(process_index process) const;
  std::uint32_t end_of_kept() const;
  bool is_initial(std::uint32_t kept) const;
  process_index index_of(process_id process) const;
  access of_kept(std::uint32_t event, const access& was) const;
  access of_next(std::uint32_t event, const access& was);
  event_label label_of_kept(std::uint32_t event) const;
  bool must_precede(std::uint32_t kept) const;
  void set(const trace_log& log, const happens_before& order, std::uint32_t earlier,
           std::uint32_t later);
  bool is_later_first() const;
  template <class F>
  bool any_access_of_kept(std::uint64_t object, F&& f) const;
  template <class F>
  bool any_access_of_left(std::uint64_t object, F&& f) const;
  bool conflicts(std::uint32_t event, const access& does, const access& other) const;
  const traced_event& later_event() const;

  const trace_log* log_ = nullptr;
  std::uint32_t events_ = 0;     // of the log
  process_index processes_ = 0;  // the same
  const happens_before* order_ = nullptr;
  std::uint32_t earlier_ = 0;
  std::uint32_t later_ = 0;
  // How many events of each process are passed: those up to the earlier event, and those that were
  // taken out. Events of the sequence that are of one process follow each other there, and are
  // taken out in their order.
  std::vector<std::int32_t> passed_;
  mutable std::vector<process_index> guesses_;  // by the process: see index_of()
  bool has_later_ = false;
  // An event that the later one could not precede, when that was asked last, or none. Until it is
  // taken out the answer is the same. (It need not be one that depends on a counter.)
  mutable std::uint32_t precedes_later_ = happens_before::none;
  process_id later_process_ = 0;
  std::vector<access> later_accesses_;       // in its new place
  std::vector<trace_choice> later_choices_;  // that it must make there
  struct counter {
    std::uint64_t object;
    std::int32_t count;
  };
  // While for_each() goes on:
  std::vector<counter> counters_;
  std::vector<access> does_;
};

template <class F>
void reversal::for_each(F&& f) {
  const auto events = log_->events.all();
  counters_.clear();
  const std::uint32_t end = end_of_kept();
  for (std::uint32_t e = earlier_ + 1; e < end; ++e) {
    if (!is_kept(e) || is_removed(e)) continue;
    does_.clear();
    for (const access& a : log_->accesses_of(events[e])) does_.push_back(of_next(e, a));
    f(log_->process_of(events[e]), std::span<const access>(does_), log_->choices_of(events[e]));
  }
  if (has_later_) {
    f(log_->process_of(later_event()), std::span<const access>(later_accesses_),
      std::span<const trace_choice>(later_choices_));
  }
}

}  // namespace braid
