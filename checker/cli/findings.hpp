// What is wrong, as a list of kinds; and the exit code of several reports.
#pragma once

#include <braid/explore.hpp>
#include <vector>

#include "report/page.hpp"

namespace braid::cli {

// By exit code.
void put_worst_first(std::vector<finding>& findings);

// What is wrong in several outcomes alike is told once. `told`: of the first finding, or null.
void write_findings(page& p, const report& r, bool show_all, const history* told);

// Of two exit codes that of the lowest finding; an interrupt wins, an incomplete search comes last.
int lower_finding(int a, int b);

}  // namespace braid::cli
