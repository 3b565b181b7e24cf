// The exit codes of the command line beside those of verdicts, which are in <braid/verdict.hpp>.
#pragma once

namespace braid::exit_code {

inline constexpr int incomplete = 3;  // and --require-complete
inline constexpr int unfit = 125;     // this schedule cannot be followed, or no such program
inline constexpr int bad_file = 128;  // cannot be read, written or used
inline constexpr int usage = 129;
inline constexpr int interrupted = 130;
inline constexpr int bug_in_braid = 134;
inline constexpr int pipe_closed = 141;  // as of a process that SIGPIPE ends

}  // namespace braid::exit_code
