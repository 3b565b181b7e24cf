// Child processes of the search.
#pragma once

#include <sys/types.h>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <vector>

namespace braid {

// How a child process ended.
struct child_end {
  int exit_code = 0;
  int signal = 0;  // that killed it; 0: none
};

// How many worker processes are meant by `asked`: so many, or by 0 as many as there are processors
// for this process.
unsigned worker_count(unsigned asked);

// Forks a child that runs `body` and exits with 0, without the parent's exit handlers and with
// stdout closed to it: only what goes through braid::print is output of a program. The child
// ignores SIGINT and SIGTERM, and dies with its parent. Throws std::system_error if there can be no
// more processes.
pid_t fork_child(const std::function<void()>& body);

// While one lives nothing that is written to stderr is seen: what an execution prints that was seen
// to crash before, such as a failed assert.
class muted_stderr {
 public:
  muted_stderr();
  muted_stderr(const muted_stderr&) = delete;
  muted_stderr& operator=(const muted_stderr&) = delete;
  ~muted_stderr();

 private:
  int before_;
};

// Waits for the end of a child, but `timeout_ms` at most. True: it has ended.
bool has_ended(pid_t child, int timeout_ms);

// Waits for a child. Ends this process with 134 if the child found a bug in braid.
child_end wait_for(pid_t child);

// Carries messages between two processes, both ways. After a fork each closes the end of the other.
class message_line {
 public:
  message_line();
  message_line(const message_line&) = delete;
  message_line& operator=(const message_line&) = delete;
  ~message_line();

  void close_parent();
  void close_child();
  // What is written at one end arrives at the other. False: nobody listens there any more.
  bool to_child(const nlohmann::json& message) const { return write(parent_, message); }
  bool to_parent(const nlohmann::json& message) const { return write(child_, message); }
  // Waits for one message. False: the other end is closed, or no message came.
  bool from_child(nlohmann::json& message) const { return read(parent_, message); }
  bool from_parent(nlohmann::json& message) const { return read(child_, message); }

  // Waits until something has come from the child of a line, or it has closed its end, but
  // `timeout_ms` at most. Null lines are passed over; the flags say of which lines that is so.
  static constexpr int poll_ms = 50;  // a timeout for who also looks whether to stop
  static std::vector<bool> wait_for_any(std::span<message_line* const> lines, int timeout_ms);

 private:
  static bool write(int end, const nlohmann::json& message);
  static bool read(int end, nlohmann::json& message);

  int parent_ = -1;
  int child_ = -1;
};

}  // namespace braid
