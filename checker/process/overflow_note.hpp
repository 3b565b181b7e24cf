// Tells a goroutine's stack overflow from other crashes.
//
// It faults on the guard page below its stack (goroutine::is_overflow_at), where there is no room
// for a signal handler: that has a stack of its own. Builds with a sanitizer keep the sanitizer's
// handler, which tells of it.
#pragma once

#include "trace/execution.hpp"

namespace braid {

// While it lives, an overflow is noted in the record; the process dies of it as before. One at a
// time, in a process that does nothing else.
class overflow_note {
 public:
  explicit overflow_note(execution& record);
  overflow_note(const overflow_note&) = delete;
  overflow_note& operator=(const overflow_note&) = delete;
  ~overflow_note();
};

}  // namespace braid
