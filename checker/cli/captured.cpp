// A child process whose output is captured; see captured.hpp.
#include "cli/captured.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace braid::cli {
namespace {

constexpr std::size_t bytes_max = std::size_t{1} << 20;  // of each stream
constexpr int poll_ms = 50;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class pipe_ends {
 public:
  pipe_ends() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) fail("pipe");
  }
  pipe_ends(const pipe_ends&) = delete;
  pipe_ends& operator=(const pipe_ends&) = delete;
  ~pipe_ends() {
    close_reader();
    close_writer();
  }

  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void close_reader() { close_end(0); }
  void close_writer() { close_end(1); }

 private:
  void close_end(std::size_t which) {
    if (ends_[which] >= 0) close(std::exchange(ends_[which], -1));
  }
  std::array<int, 2> ends_{-1, -1};
};

[[noreturn]] void be_child(pid_t parent, const pipe_ends& output, const pipe_ends& errors,
                           const std::function<int()>& body) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) std::_Exit(1);  // it died before the line above
  std::signal(SIGINT, SIG_IGN);
  const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null >= 0) dup2(null, STDIN_FILENO);
  dup2(output.writer(), STDOUT_FILENO);
  dup2(errors.writer(), STDERR_FILENO);
  const int code = body();
  std::fflush(nullptr);
  std::_Exit(code);
}

// Takes what has arrived; false at the end of the stream.
bool take(int from, std::string& to, bool& is_cut) {
  std::array<char, 65536> buffer;
  const ssize_t n = read(from, buffer.data(), buffer.size());
  if (n < 0) return errno == EINTR || errno == EAGAIN;
  const std::size_t room = bytes_max - to.size();
  to.append(buffer.data(), std::min(room, static_cast<std::size_t>(n)));
  is_cut = is_cut || static_cast<std::size_t>(n) > room;
  return n > 0;
}

// Until both streams have ended, or `stop` said so.
void listen(captured_run& run, pid_t child, pipe_ends& output, pipe_ends& errors,
            const std::function<bool()>& stop) {
  std::array<pollfd, 2> sources = {pollfd{output.reader(), POLLIN, 0},
                                   pollfd{errors.reader(), POLLIN, 0}};
  while (sources[0].fd >= 0 || sources[1].fd >= 0) {
    if (stop()) {
      kill(child, SIGKILL);
      run.was_stopped = true;
      return;
    }
    if (poll(sources.data(), sources.size(), poll_ms) <= 0) continue;
    if (sources[0].revents != 0 && !take(sources[0].fd, run.output, run.is_cut)) sources[0].fd = -1;
    if (sources[1].revents != 0 && !take(sources[1].fd, run.errors, run.is_cut)) sources[1].fd = -1;
  }
}

}  // namespace

captured_run run_captured(const std::function<int()>& body, const std::function<bool()>& stop) {
  pipe_ends output;
  pipe_ends errors;
  std::fflush(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) be_child(parent, output, errors, body);
  output.close_writer();
  errors.close_writer();
  captured_run run;
  listen(run, child, output, errors, stop);
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) fail("waitpid");
  }
  if (WIFSIGNALED(status)) run.signal = WTERMSIG(status);
  if (WIFEXITED(status)) run.exit_code = WEXITSTATUS(status);
  return run;
}

}  // namespace braid::cli
