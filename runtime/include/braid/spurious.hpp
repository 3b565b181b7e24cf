// What Go's rules allow and Go never does: a scheduler that explores may let it happen.
#pragma once

namespace braid {

struct spurious_behaviour {
  bool try_locks = false;  // a try_lock of a free lock may fail (rule M5)
  bool wake_ups = false;   // a cond may wake a goroutine that nobody notified, as std's may (W12)
};

namespace detail {

// Of the running program. Changed only while none runs.
extern spurious_behaviour spurious;

// Whether something that is allowed or not does happen: never in production.
bool happens_if(bool allowed);

}  // namespace detail
}  // namespace braid
