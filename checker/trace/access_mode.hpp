// The ways in which an event can touch an object.
#pragma once

#include <cstdint>

namespace braid {

// Those of channels, from send to control, lie together.
enum class access_mode : std::uint8_t {
  watch,          // goes on after a loop, because something that it read there has changed
  read,           // of an atomic or var, or of the clock
  write,          // of the same: anything that is not known to be a read
  tick,           // a timer fires, and the clock moves to its deadline if it was not there
  lock,           // of a mutex
  taken_lock,     // a try_lock that succeeds: not guarded, so it races with an unlock before it
  unlock,         //
  failed_lock,    // a try_lock that fails
  failed_unlock,  // an unlock of what nobody has locked, which is fatal
  look,           // a read lock: whether a writer has, or waits for, a shared mutex
  plus,           // a wait group's add of a positive number; a reader of a shared mutex comes
  kept_out,       // a reader that has to wait, or fails to come: it is not counted
  minus,          // done, or an add of a negative one; a reader leaves
  failed_minus,   // the same, that panics because the counter would go below zero
  await,          // waits until a guard holds: wait_group::wait, a writer until readers have left
  send,           // arrival of a send
  closed_send,    // on a closed channel: it panics
  recv,           // arrival of a receive
  drained_recv,   // from a closed and drained channel
  close,          //
  length,         // len(c)
  select,         // a select that has this channel among its cases, or that is completed on another
  attempt,        // a try operation or a select with default, that took a case
  failed_attempt,  // the same, that took the default
  control,         // of a timer: it is stopped or reset, or its fire starts a goroutine
  print,           // to a stream
  unseen_print,    // to a stream, after the program's end
  end,             // of the program: cuts off what others print
};

}  // namespace braid
