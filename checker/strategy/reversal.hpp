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

#include "strategy/wakeup.hpp"
#include "trace/happens_before.hpp"

namespace braid {

class reversal {
 public:
  // Both must outlive the questions. `later` may be one of the operations that never happened.
  void prepare(const trace_log& log, const happens_before& order, std::uint32_t earlier,
               std::uint32_t later);
  // True if some execution that is equivalent to one that begins with this sequence begins with the
  // event given: it is a weak initial.
  bool can_begin_with(process_id process, std::span<const access> accesses,
                      std::span<const trace_choice> choices) const;
  wakeup_sequence sequence() const;

 private:
  // What was done to an object before some place in the sequence.
  struct counts {
    std::int32_t holders = 0;  // or the counter of a wait group
    std::int32_t sends = 0;
    std::int32_t recvs = 0;
    bool is_closed = false;
  };

  bool is_kept(std::uint32_t event) const {
    return event > earlier_ && event != later_ && !order_->before(earlier_, event);
  }
  counts counts_before(std::uint64_t object, std::uint32_t event) const;
  access in_new_place(const access& was) const;
  bool conflicts(std::uint32_t event, std::span<const access> does,
                 std::span<const access> accesses) const;
  const traced_event& later_event() const;

  const trace_log* log_ = nullptr;
  const happens_before* order_ = nullptr;
  std::uint32_t earlier_ = 0;
  std::uint32_t later_ = 0;
  std::vector<std::uint32_t> kept_;
  std::vector<access> later_accesses_;  // in its new place
};

}  // namespace braid
