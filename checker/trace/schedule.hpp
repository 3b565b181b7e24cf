// A schedule: the deviations from the default schedule that make one execution, and its token.
//
// Token: deviations in the order of their steps, joined by dots, or 0 for none; then ~ and a check.
//   5g2  at step 5 goroutine 2 runs      5t   at step 5 time passes: the first timer due fires
//   5t2  ... the second due together     7c1  step 7 takes the ready case 1 (from 0)
//   9v3  choose() in step 9 gives 3      s77  random() is seeded by 77 (0 unless it is said)
// The check is one character for the program and three for the trace; it may be left out.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trace/execution.hpp"

namespace braid {

struct deviation {
  std::uint32_t step;
  decision_kind kind;
  std::uint32_t taken;  // as in `decision`
  friend bool operator==(const deviation&, const deviation&) = default;
};

struct schedule {
  std::vector<deviation> deviations;
  std::uint64_t data_seed = 0;
  friend bool operator==(const schedule&, const schedule&) = default;
};

// What an execution deviated in. Its data seed counts only if it drew from random().
schedule schedule_of(const execution& done);
// The same, into one whose memory is used again.
void set_schedule(schedule& s, const execution& done);

// The part of a token before the check.
std::string text_of(const schedule& s);
std::string text_of(const deviation& d);

// The check: of the program's full name, and of the trace.
std::string check_of(std::string_view program, std::uint64_t trace_hash);

// A token that was read.
struct token {
  schedule follow;
  std::string check;  // empty if it was left out
  bool names(std::string_view program) const {
    return check.empty() || check[0] == check_of(program, 0)[0];
  }
  bool fits(std::string_view program, std::uint64_t trace_hash) const {
    return check.empty() || check == check_of(program, trace_hash);
  }
};

// Nothing if `text` is no such token.
std::optional<token> parse_token(std::string_view text);

}  // namespace braid
