// Runs code in a forked child, for programs that end their process.
#pragma once

#include <functional>
#include <string>

namespace braid::testing {

struct child_result {
  int code = -1;   // exit code, or -1
  int signal = 0;  // that killed it, or 0
  std::string out;
  std::string err;
};

// Runs `body` in a child that exits with 0 afterwards; it is killed after a minute.
child_result run_in_child(const std::function<void()>& body);

}  // namespace braid::testing
