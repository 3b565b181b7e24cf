// Child processes of the search; see process.hpp.
#include "search/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <system_error>

namespace braid {
namespace {

constexpr int bug_in_braid = 134;

void silence_stdout() {
  const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (null >= 0) dup2(null, STDOUT_FILENO);
  if (null >= 0) close(null);
}

}  // namespace

pid_t fork_child(const std::function<void()>& body) {
  std::fflush(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child > 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) std::_Exit(1);  // it died before the line above
  std::signal(SIGINT, SIG_IGN);
  silence_stdout();
  try {
    body();
  } catch (const std::exception& e) {  // no memory, no more processes: nothing of the program's
    std::fprintf(stderr, "braid: a worker process failed: %s\n", e.what());
    std::_Exit(bug_in_braid);
  }
  std::fflush(stderr);
  std::_Exit(0);
}

child_end wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
  }
  if (WIFSIGNALED(status)) return {.signal = WTERMSIG(status)};
  if (WEXITSTATUS(status) == bug_in_braid) {
    std::fputs("braid: a worker process ended with 134: a bug in braid\n", stderr);
    std::exit(bug_in_braid);
  }
  return {.exit_code = WEXITSTATUS(status)};
}

message_pipe::message_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  reader_ = ends[0];
  writer_ = ends[1];
}

message_pipe::~message_pipe() {
  close_reader();
  close_writer();
}

void message_pipe::close_reader() {
  if (reader_ >= 0) close(std::exchange(reader_, -1));
}

void message_pipe::close_writer() {
  if (writer_ >= 0) close(std::exchange(writer_, -1));
}

void message_pipe::write(const nlohmann::json& message) const {
  const std::vector<std::uint8_t> body = nlohmann::json::to_cbor(message);
  std::vector<std::uint8_t> framed(sizeof(std::uint64_t));
  const std::uint64_t size = body.size();
  std::memcpy(framed.data(), &size, sizeof size);
  framed.insert(framed.end(), body.begin(), body.end());
  for (std::size_t sent = 0; sent < framed.size();) {
    const ssize_t n = ::write(writer_, framed.data() + sent, framed.size() - sent);
    if (n < 0 && errno != EINTR) std::_Exit(1);  // the reader is gone
    if (n > 0) sent += static_cast<std::size_t>(n);
  }
}

message_pipe::arrival message_pipe::read(nlohmann::json& message, int timeout_ms) {
  pollfd waiting{.fd = reader_, .events = POLLIN, .revents = 0};
  const int n = poll(&waiting, 1, timeout_ms);
  if (n <= 0) return arrival::timeout;  // a signal counts as one: the caller looks and comes back
  std::uint64_t size = 0;
  if (!read_exactly(&size, sizeof size)) return arrival::closed;
  std::vector<std::uint8_t> body(size);
  if (!read_exactly(body.data(), size)) return arrival::closed;
  message = nlohmann::json::from_cbor(body);
  return arrival::message;
}

bool message_pipe::read_exactly(void* to, std::size_t bytes) const {
  auto* at = static_cast<char*>(to);
  while (bytes > 0) {
    const ssize_t n = ::read(reader_, at, bytes);
    if (n == 0) return false;
    if (n < 0 && errno != EINTR) return false;
    if (n < 0) continue;
    at += n;
    bytes -= static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace braid
