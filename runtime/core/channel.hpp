// What the rest of the runtime needs of channels beyond <braid/chan.hpp>.
#pragma once

#include <braid/chan.hpp>

namespace braid::detail {

// Sends *value without announcing or parking, as a timer does; dropped if there is no room.
void deliver(channel* c, void* value);

}  // namespace braid::detail
