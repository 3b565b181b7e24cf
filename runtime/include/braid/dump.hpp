// What all goroutines do at the moment: their number, and a dump in Go's form (rules R1, R4).
//
// Neither is an event. Under the checker a program that prints them shows what was so in this
// schedule; a search that leaves out equivalent schedules (dpor) may miss others.
#pragma once

#include <braid/wait_reason.hpp>
#include <braid/where.hpp>
#include <iosfwd>
#include <string>
#include <vector>

namespace braid {

// How many goroutines have not finished, main included.
int num_goroutines();

// Writes a block for each goroutine, the calling one first, the others in the order of their
// making:
//
//   goroutine 7 [chan receive, locked to thread, "a name"]:
//   function(...)
//           file.cpp:12
//   created by main in goroutine 1
//           file.cpp:10
void dump(std::ostream& to, where at = {});

namespace detail {

std::string text_of(const goroutine_state& one);
// Blocks with an empty line between two, at most 100.
std::string text_of_all(const std::vector<goroutine_state>& all);
// The calling goroutine's block, as Go prints it below a panic.
goroutine_state state_of_caller(where at);

}  // namespace detail
}  // namespace braid
