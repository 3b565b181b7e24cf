// The table of outcomes, and the summary below it.
//
//        runs    share   outcome                  replay
//   ✓       2   66.7 %   "foo\n"                  0~m3xx
//   ✗       1   33.3 %   "timeout\n", leak g1     5t~k4xx
//
//   complete  2 outcomes   3 runs   0.3 ms
#pragma once

#include <braid/explore.hpp>
#include <string>

#include "report/page.hpp"

namespace braid {

struct table_options {
  bool show_all = false;  // else about twenty outcomes
  bool with_tokens = true;
};

// Whether an outcome is good, bad, or was not seen to its end.
void put_mark(page& to, const reported_outcome& o);
void write_table(page& to, const report& r, const table_options& options = {});
// `note` follows the figures.
void write_summary(page& to, const report& r, const std::string& note = {});

}  // namespace braid
