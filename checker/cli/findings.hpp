// What is wrong, as a list of kinds; warnings; and the exit code of several reports.
#pragma once

#include <braid/explore.hpp>
#include <vector>

#include "report/page.hpp"

namespace braid::cli {

// By exit code.
void put_worst_first(std::vector<finding>& findings);

// What is wrong in several outcomes alike is told once. `told`: of the first finding, or null.
void write_findings(page& p, const report& r, bool show_all, const history* told);

// How one execution ended, and what is wrong with it. `told`: its history, or null.
void write_verdict(page& p, const report& r, const history* told);

// A line for each, or a few.
void write_warnings(page& p, const report& r, bool show_all);

// The summary, which also names the kinds of findings: nothing else does. `is_one_of_many`: and the
// program.
void write_quiet_summary(page& p, const report& r, bool is_one_of_many);

// Of two exit codes that of the lowest finding; an interrupt wins, an incomplete search comes last.
int lower_finding(int a, int b);

}  // namespace braid::cli
