// Who loops for ever, and the loop.
#pragma once

#include <braid/history.hpp>

#include "report/page.hpp"

namespace braid {

// For each goroutine that loops at the end: an iteration with the values that it reads, and where.
// Then who waits beside them.
void write_loops(page& to, const history& told, bool show_all);

}  // namespace braid
