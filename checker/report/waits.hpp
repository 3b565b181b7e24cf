// Who waits for whom at the end of an execution, and the cycle if there is one.
//
//   ✗ g1 ──▸ b ──▸ g2 ──▸ a ──▸ g1
//     main   wg1.wait   transfer.cpp:24   2 to go: g1, g2
//     g1     b.lock     transfer.cpp:15   holds a since step 3, transfer.cpp:14
//     g2     a.lock     transfer.cpp:15   holds b since step 4, transfer.cpp:14
#pragma once

#include <braid/explore.hpp>
#include <braid/history.hpp>
#include <vector>

#include "report/page.hpp"

namespace braid {

// Of a deadlock or a leak; of a livelock those who wait beside the goroutines that loop.
void write_waits(page& to, const history& told, verdict what, bool show_all);

}  // namespace braid
