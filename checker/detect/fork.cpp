// Draws what parallel_check() found; see <braid/testing/fork.hpp>.
#include <braid/testing/fork.hpp>

#include <algorithm>
#include <sstream>

#include "detect/call_lanes.hpp"
#include "names.hpp"

namespace braid {
namespace {

std::string times_of(const detail::forked_command& c) {
  if (c.began == 0) return "not begun";
  return std::to_string(c.began) + "-" + (c.ended == 0 ? "" : std::to_string(c.ended));
}

std::string padded(std::string text, std::size_t width, char with = ' ') {
  text.resize(std::max(width, text.size()), with);
  return text;
}

}  // namespace

std::string detail::draw_fork(const std::vector<std::string>& prefix,
                              const std::vector<forked_branch>& branches) {
  std::string drawn;
  for (const std::string& line : prefix) drawn += "  " + line + '\n';
  std::vector<std::size_t> widths;
  std::size_t rows = 0;
  std::string head;
  for (std::size_t b = 0; b < branches.size(); ++b) {
    std::size_t width = 12;
    for (const forked_command& c : branches[b].commands) {
      width = std::max(width, c.text.size() + times_of(c).size() + 6);
    }
    widths.push_back(width);
    rows = std::max(rows, branches[b].commands.size());
    head += padded("+-- " + name_of_goroutine(branches[b].goroutine) + " ", width, '-');
  }
  drawn += "  " + head + '\n';
  for (std::size_t row = 0; row < rows; ++row) {
    std::string line;
    std::size_t begin = 0;
    for (std::size_t b = 0; b < branches.size(); ++b) {
      line = padded(line, begin) + "|";
      begin += widths[b];
      if (row >= branches[b].commands.size()) continue;
      const forked_command& command = branches[b].commands[row];
      const std::string times = times_of(command);
      line = padded(line + "  " + command.text, begin - times.size() - 1) + times;
    }
    drawn += "  " + line + '\n';
  }
  return drawn;
}

std::string detail::headline_of(const finding& found) {
  return std::string(name_of(found.what)) + ", with " + std::to_string(found.preemptions) +
         (found.preemptions == 1 ? " preemption" : " preemptions");
}

std::string detail::describe_parallel_failure(const finding& found, const std::string& fork) {
  std::string text = headline_of(found) + "\n\n" + fork + '\n';
  text += "  n-m: began as event n, ended as event m\n\n";
  std::istringstream lines(found.summary + '\n' + found.explanation);
  for (std::string line; std::getline(lines, line);)
    text += (line.empty() ? "" : "  ") + line + '\n';
  return text;
}

}  // namespace braid
