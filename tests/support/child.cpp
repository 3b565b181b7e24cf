// Runs code in a forked child; see child.hpp.
#include "support/child.hpp"

#include <malloc.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace braid::testing {
namespace {

struct pipe_ends {
  int read = -1;
  int write = -1;
};

pipe_ends make_pipe() {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) std::abort();
  return {ends[0], ends[1]};
}

[[noreturn]] void be_child(const std::function<void()>& body, pipe_ends out, pipe_ends err) {
  dup2(out.write, STDOUT_FILENO);
  dup2(err.write, STDERR_FILENO);
  for (const int fd : {out.read, out.write, err.read, err.write}) close(fd);
  // The death itself is what a test looks at, not what a sanitizer or Catch makes of it.
  for (const int number : {SIGSEGV, SIGBUS, SIGABRT, SIGALRM, SIGTERM}) {
    std::signal(number, SIG_DFL);
  }
  ::alarm(60);
  body();
  std::fflush(stdout);
  _exit(0);
}

// Reads both until both have ended.
void drain(int out, std::string& out_text, int err, std::string& err_text) {
  std::array<pollfd, 2> ends{{{out, POLLIN, 0}, {err, POLLIN, 0}}};
  std::array<std::string*, 2> texts{&out_text, &err_text};
  for (int open = 2; open > 0;) {
    if (poll(ends.data(), ends.size(), -1) < 0) continue;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (ends[i].fd < 0 || ends[i].revents == 0) continue;
      std::array<char, 4096> buffer;
      const ssize_t count = read(ends[i].fd, buffer.data(), buffer.size());
      if (count > 0) {
        texts[i]->append(buffer.data(), static_cast<std::size_t>(count));
      } else {
        close(ends[i].fd);
        ends[i].fd = -1;
        --open;
      }
    }
  }
}

}  // namespace

child_result run_in_child(const std::function<void()>& body) {
  const pipe_ends out = make_pipe();
  const pipe_ends err = make_pipe();
  std::fflush(stdout);  // or the child would write it once more
  malloc_trim(0);       // or fork would copy it
  const pid_t child = fork();
  if (child < 0) std::abort();
  if (child == 0) be_child(body, out, err);
  close(out.write);
  close(err.write);
  child_result result;
  drain(out.read, result.out, err.read, result.err);
  int status = 0;
  while (waitpid(child, &status, 0) < 0) continue;
  if (WIFEXITED(status)) result.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  return result;
}

}  // namespace braid::testing
