// What the terminal can do; see terminal.hpp.
#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "cli/environment.hpp"
#include "cli/refusal.hpp"

namespace braid::cli {
namespace {

constexpr std::size_t width_max = 100;
constexpr std::size_t width_min = 40;

bool wants_color(when asked) {
  if (asked != when::automatic) return asked == when::always;
  return is_terminal(STDOUT_FILENO) && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
}

}  // namespace

style style_of(const settings& asked) {
  const std::size_t columns = columns_of_terminal(STDOUT_FILENO);
  const std::size_t fitting = columns == 0 ? width_max : std::clamp(columns, width_min, width_max);
  return {.color = wants_color(asked.color),
          .unicode = !asked.ascii && is_utf8_locale(),
          .width = asked.width.value_or(fitting)};
}

bool is_terminal(int fd) { return isatty(fd) == 1; }

std::size_t columns_of_terminal(int fd) {
  winsize size{};
  if (!is_terminal(fd) || ioctl(fd, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

void write_out(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error == 0) return;
  if (error == EPIPE) throw refusal(exit_code::pipe_closed, "");
  throw refusal(exit_code::bad_file, "cannot write to stdout: " + std::string(strerror(error)));
}

void complain(std::string_view text) {
  std::string line = "braid: ";
  for (const char c : text) line += c == '\n' ? ' ' : c;
  write_error(line + "\n");
}

void write_error(std::string_view text) { write_all(STDERR_FILENO, text); }

}  // namespace braid::cli
