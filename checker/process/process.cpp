// Child processes of the search; see process.hpp.
#include "process/process.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>
#include <vector>

#include "exit_codes.hpp"

// In glibc 2.36 the header does not say so itself.
extern "C" {
#include <sys/pidfd.h>
}

namespace braid {
namespace {

constexpr std::uint64_t message_bytes_max = std::uint64_t{1} << 36;  // more is garbage

void send_to_nowhere(int fd) {
  const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (null >= 0) dup2(null, fd);
  if (null >= 0) close(null);
}

// What malloc keeps of freed memory is copied by fork, page by page: 55 MB made it 8 ms, not 1.
void give_back_free_memory() {
#ifdef __GLIBC__
  constexpr std::size_t is_worth_it = std::size_t{8} << 20;
  if (mallinfo2().fordblks >= is_worth_it) malloc_trim(0);
#endif
}

}  // namespace

muted_stderr::muted_stderr() : before_(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)) {
  send_to_nowhere(STDERR_FILENO);
}

muted_stderr::~muted_stderr() {
  if (before_ < 0) return;
  dup2(before_, STDERR_FILENO);
  close(before_);
}

unsigned worker_count(unsigned asked) {
  if (asked != 0) return asked;
  cpu_set_t mine;
  if (sched_getaffinity(0, sizeof mine, &mine) != 0) return 1;
  return static_cast<unsigned>(std::max(1, CPU_COUNT(&mine)));
}

pid_t fork_child(const std::function<void()>& body) {
  std::fflush(nullptr);
  give_back_free_memory();
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child > 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) std::_Exit(1);  // it died before the line above
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  send_to_nowhere(STDOUT_FILENO);
  try {
    body();
  } catch (const std::exception& e) {  // no memory, no more processes: nothing of the program's
    std::fprintf(stderr, "braid: a worker process failed: %s\n", e.what());
    std::_Exit(exit_code::bug_in_braid);
  }
  std::fflush(stderr);
  std::_Exit(0);
}

bool has_ended(pid_t child, int timeout_ms) {
  const int handle = pidfd_open(child, 0);
  if (handle < 0) throw std::system_error(errno, std::generic_category(), "pidfd_open");
  pollfd ended{.fd = handle, .events = POLLIN, .revents = 0};
  const int ready = poll(&ended, 1, timeout_ms);
  close(handle);
  return ready > 0;
}

child_end wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
  }
  if (WIFSIGNALED(status)) return {.signal = WTERMSIG(status)};
  if (WEXITSTATUS(status) == exit_code::bug_in_braid) {
    std::fputs("braid: a worker process ended with 134: a bug in braid\n", stderr);
    std::exit(exit_code::bug_in_braid);
  }
  return {.exit_code = WEXITSTATUS(status)};
}

namespace {

bool write_exactly(int end, const void* from, std::size_t bytes) {
  const auto* at = static_cast<const char*>(from);
  while (bytes > 0) {
    const ssize_t n = send(end, at, bytes, MSG_NOSIGNAL);
    if (n < 0 && errno != EINTR) return false;
    if (n < 0) continue;
    at += n;
    bytes -= static_cast<std::size_t>(n);
  }
  return true;
}

bool read_exactly(int end, void* to, std::size_t bytes) {
  auto* at = static_cast<char*>(to);
  while (bytes > 0) {
    const ssize_t n = recv(end, at, bytes, 0);
    if (n == 0 || (n < 0 && errno != EINTR)) return false;
    if (n < 0) continue;
    at += n;
    bytes -= static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

message_line::message_line() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  parent_ = ends[0];
  child_ = ends[1];
}

message_line::~message_line() {
  close_parent();
  close_child();
}

void message_line::close_parent() {
  if (parent_ >= 0) close(std::exchange(parent_, -1));
}

void message_line::close_child() {
  if (child_ >= 0) close(std::exchange(child_, -1));
}

bool message_line::write(int end, const nlohmann::json& message) {
  std::vector<std::uint8_t> framed(sizeof(std::uint64_t));
  nlohmann::json::to_cbor(message, framed);
  const std::uint64_t size = framed.size() - sizeof size;
  std::memcpy(framed.data(), &size, sizeof size);
  return write_exactly(end, framed.data(), framed.size());
}

bool message_line::read(int end, nlohmann::json& message) {
  std::uint64_t size = 0;
  if (!read_exactly(end, &size, sizeof size) || size > message_bytes_max) return false;
  std::vector<std::uint8_t> body(size);
  if (!read_exactly(end, body.data(), size)) return false;
  message = nlohmann::json::from_cbor(body, true, false);
  return !message.is_discarded();
}

std::vector<bool> message_line::wait_for_any(std::span<message_line* const> lines, int timeout_ms) {
  std::vector<pollfd> waiting;
  for (const message_line* line : lines) {
    waiting.push_back({.fd = line == nullptr ? -1 : line->parent_, .events = POLLIN, .revents = 0});
  }
  std::vector<bool> ready(lines.size());
  // A signal counts as a timeout: the caller looks and comes back.
  if (poll(waiting.data(), waiting.size(), timeout_ms) <= 0) return ready;
  for (std::size_t i = 0; i < ready.size(); ++i) ready[i] = waiting[i].revents != 0;
  return ready;
}

}  // namespace braid
