// Child processes of the search.
#pragma once

#include <sys/types.h>
#include <functional>
#include <nlohmann/json_fwd.hpp>

namespace braid {

// How a child process ended.
struct child_end {
  int exit_code = 0;
  int signal = 0;  // that killed it; 0: none
};

// Forks a child that runs `body` and exits with 0, without the parent's exit handlers and with
// stdout closed to it: only what goes through braid::print is output of a program. The child
// ignores SIGINT and dies with its parent. Throws std::system_error if there can be no more
// processes.
pid_t fork_child(const std::function<void()>& body);

// Waits for a child. Ends this process with 134 if the child found a bug in braid.
child_end wait_for(pid_t child);

// A one-way pipe for messages.
class message_pipe {
 public:
  message_pipe();
  message_pipe(const message_pipe&) = delete;
  message_pipe& operator=(const message_pipe&) = delete;
  ~message_pipe();

  void close_reader();
  void close_writer();
  void write(const nlohmann::json& message) const;

  enum class arrival : unsigned char { message, timeout, closed };
  // Waits for one message, `timeout_ms` at most.
  arrival read(nlohmann::json& message, int timeout_ms);

 private:
  bool read_exactly(void* to, std::size_t bytes) const;

  int reader_ = -1;
  int writer_ = -1;
};

}  // namespace braid
