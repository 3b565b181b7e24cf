// What the rest of the runtime needs of channels beyond <braid/chan.hpp>.
#pragma once

#include <braid/chan.hpp>

namespace braid::detail {

// A timer that sends into a channel. The channel has room for one value, which nobody sees: its
// size and capacity are told as 0 (rule T2).
class feeder {
 public:
  // A receiver took the value out of the buffer. Called by the receiver, with no lock held.
  virtual void drained() = 0;
  // The last handle of the channel is gone, and so is the channel when this returns.
  virtual void orphaned() = 0;

 protected:
  ~feeder() = default;
};

// REQUIRES: nobody else knows the channel.
void set_feeder(channel* c, feeder& by);
feeder* feeder_of(const channel* c);

// Sends *value without announcing or parking, as a timer does; dropped if there is no room. Gives
// the receiver that waited for it, whom the caller has to make ready, or null.
[[nodiscard]] goroutine* deliver(channel* c, void* value);
// Takes out the value that nobody has received yet. False if there is none.
bool take_back(channel* c);

}  // namespace braid::detail
