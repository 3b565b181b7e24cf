// Goroutines that can never go on, of an execution that was cut while others still could.
//
// At quiescence it is plain: whoever waits then waits for ever. A program that goes on for ever has
// no such point. Of a set of goroutines that wait, each only for what members of the set could do,
// nobody will ever go on; the largest such set is looked for when an execution is cut. Who could do
// it:
//  * for a lock, those that hold it, or the writer that comes first. One that has finished will not
//    unlock it. This is exact but for an unlock by a goroutine that did not lock (rule M2);
//  * for anything else, those that may refer to the object. C++ does not tell, but a reference goes
//    from one goroutine to another only at birth, or by something that both use: a channel, a lock,
//    an atomic. So those are whoever used the object, the children that they had since, and whoever
//    used anything that one of them had used before. (Data that nothing orders could carry a
//    reference unseen: a data race.)
// Who waits for time, or for what a timer feeds, is not among them.
//
// Rejected: to take for granted that nobody refers to an object that was left alone for long. Who
// is at work for longer than an execution may last is no leak.
//
// Rejected: to judge a cycle of locks as soon as it closes. Whether main's return comes before or
// after is no difference between equivalent executions, and the verdict must be none.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "detect/sync_log.hpp"

namespace braid {

struct waiting_goroutine {
  std::uint32_t number = 0;
  op_kind in{};
  std::vector<std::uint64_t> objects;  // one, or those of a select; none is ready for ever
};

struct stuck_goroutine {
  std::uint32_t number = 0;
  bool is_deadlocked = false;  // it waits for a lock, or for one that does
};

// `is_left`: by number, who has not finished.
std::vector<stuck_goroutine> find_stuck(std::span<const sync_entry> log,
                                        std::span<const waiting_goroutine> waiting,
                                        const std::vector<bool>& is_left);

}  // namespace braid
