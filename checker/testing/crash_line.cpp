// Tells of a crash; see crash_line.hpp.
#include "testing/crash_line.hpp"

#include <algorithm>
#include <array>

#include "testing/fixed_line.hpp"

namespace braid {
namespace {

constexpr std::array signals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

std::array<struct sigaction, signals.size()> handlers_before;
fixed_name crashing_program;

// The program may have crashed in malloc.
void on_crash(int signal) {
  if (const execution* const so_far = running_execution()) {
    fixed_line line;
    line.put("\nbraid: ").put(crashing_program.text()).put(" crashes with signal ");
    line.put(static_cast<std::uint64_t>(signal)).put(" ").put_end_of(*so_far);
    line.put("  (with .isolate = true it is a finding)\n").write_out();
  }
  const auto place =
      static_cast<std::size_t>(std::find(signals.begin(), signals.end(), signal) - signals.begin());
  sigaction(signal, &handlers_before[place], nullptr);
  raise(signal);  // it is blocked until this handler returns
}

}  // namespace

crash_line::crash_line(const std::string& program) {
  crashing_program.keep(program);
  struct sigaction action {};
  action.sa_handler = on_crash;
  action.sa_flags = SA_ONSTACK;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    sigaction(signals[i], &action, &handlers_before[i]);
  }
}

crash_line::~crash_line() {
  for (std::size_t i = 0; i < signals.size(); ++i) {
    sigaction(signals[i], &handlers_before[i], nullptr);
  }
}

}  // namespace braid
