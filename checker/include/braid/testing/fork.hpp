// What parallel_check() found, drawn as a fork: the commands that came first on top, the branches
// side by side.
//
//   push 1
//   +-- g1 ----------+-- g2 ----------
//   |  pop -> 1  1-3 |  pop -> 1  2-4
#pragma once

#include <braid/explore.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace braid::detail {

// A command as it is drawn: with its result, and where it began and ended among all events.
struct forked_command {
  std::string text = {};
  std::size_t began = 0;  // from 1; 0: it did not
  std::size_t ended = 0;  // 0: it did not
};

struct forked_branch {
  std::uint32_t goroutine = 0;  // its number, as in other reports
  std::vector<forked_command> commands = {};
};

// What failed, as a fork: the prefix on top, the branches side by side.
std::string draw_fork(const std::vector<std::string>& prefix,
                      const std::vector<forked_branch>& branches);
// `not-linearizable, with 1 preemption`: the first line of the description.
std::string headline_of(const finding& found);
std::string describe_parallel_failure(const finding& found, const std::string& fork);

}  // namespace braid::detail
