// What is wrong, as a list of kinds; warnings; and the exit code of several reports.
#pragma once

#include <braid/explore.hpp>
#include <vector>

#include "report/page.hpp"

namespace braid::cli {

// The execution that is told in full below, and the commands for others.
struct shown_story {
  std::string token = {};  // empty: none is
  std::string replay_command = {};
  std::string check_command = {};  // of a program that is not deterministic
};

// One after another, with the command that looks into it: that replays those of another execution.
void write_findings(page& p, const report& r, bool show_all, const shown_story& shown);

// How one execution ended, and what is wrong with it.
void write_verdict(page& p, const report& r);

// A line for each, or a few.
void write_warnings(page& p, const report& r, bool show_all);

// The summary, which also names the kinds of findings: nothing else does. `is_one_of_many`: and the
// program.
void write_quiet_summary(page& p, const report& r, bool is_one_of_many);

// Of two exit codes that of the lowest finding; an interrupt wins, an incomplete search comes last.
int lower_finding(int a, int b);

}  // namespace braid::cli
