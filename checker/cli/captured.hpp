// A child process whose stdout and stderr are read to the end.
#pragma once

#include <functional>
#include <string>

namespace braid::cli {

struct captured_run {
  std::string output;
  std::string errors;
  bool is_cut = false;       // it wrote more than there is room for
  bool was_stopped = false;  // killed, because `stop` said so
  int exit_code = 0;
  int signal = 0;  // that ended it; 0: none
};

// Forks a child that ends with the code that `body` returns, and waits for it, asking `stop`
// several times a second. The child reads nothing, ignores SIGINT and dies with its parent. Throws
// std::system_error if there can be no process or pipe.
captured_run run_captured(const std::function<int()>& body, const std::function<bool()>& stop);

}  // namespace braid::cli
