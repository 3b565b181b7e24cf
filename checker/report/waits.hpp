// Who waits for whom at the end of an execution, and the cycle if there is one.
//
//   ✗ g1 ──▸ mutex2 ──▸ g2 ──▸ mutex1 ──▸ g1
//     g1   mutex2.lock   lock_order.cpp:15   holds mutex1 since step 3
//     g2   mutex1.lock   lock_order.cpp:20   holds mutex2 since step 4
#pragma once

#include <braid/history.hpp>
#include <vector>

#include "report/page.hpp"

namespace braid {

// Goroutines each of which waits for a lock that the next one holds, and the last for the first's;
// none if there is no such cycle.
std::vector<int> cycle_of_waits(const history& told);

void write_waits(page& to, const history& told, bool show_all);

}  // namespace braid
