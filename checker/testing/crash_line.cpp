// Tells of a crash; see crash_line.hpp.
//
// Nothing in the handler allocates or locks: the program may have crashed in malloc.
#include "testing/crash_line.hpp"

#include <unistd.h>
#include <algorithm>
#include <array>
#include <braid/scheduler.hpp>
#include <charconv>
#include <cstring>
#include <string_view>

#include "lockstep/lockstep.hpp"

namespace braid {
namespace {

constexpr std::array signals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr std::size_t stack_bytes = std::size_t{64} << 10;

std::array<struct sigaction, signals.size()> handlers_before;
std::array<char, 200> program_name;
alignas(16) std::array<char, stack_bytes> handler_stack;

// A line that is written in one go.
class fixed_line {
 public:
  fixed_line& put(std::string_view text) {
    const std::size_t room = std::min(text.size(), bytes_.size() - size_);
    std::memcpy(bytes_.data() + size_, text.data(), room);
    size_ += room;
    return *this;
  }
  fixed_line& put(std::uint64_t number) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return put({digits.data(), static_cast<std::size_t>(end - digits.data())});
  }
  void write_out() { (void)!::write(STDERR_FILENO, bytes_.data(), size_); }

 private:
  std::array<char, 4096> bytes_;
  std::size_t size_ = 0;
};

// As text_of(schedule), which allocates.
void put_token(fixed_line& line, const execution& so_far) {
  bool is_first = true;
  for (const decision& d : so_far.decisions()) {
    if (!d.is_deviation()) continue;
    if (!std::exchange(is_first, false)) line.put(".");
    line.put(d.step).put(std::string_view("gtcv").substr(static_cast<std::size_t>(d.kind), 1));
    if (d.kind != decision_kind::timer) {
      line.put(d.taken);
    } else if (d.taken > 0) {
      line.put(d.taken + 1);
    }
  }
  if (is_first) line.put("0");
}

void on_crash(int signal) {
  const auto* const running = dynamic_cast<const lockstep*>(&current_scheduler());
  if (running != nullptr && running->running() != nullptr) {
    const execution& so_far = *running->running();
    fixed_line line;
    line.put("\nbraid: ").put(program_name.data()).put(" crashes with signal ");
    line.put(static_cast<std::uint64_t>(signal)).put(" after step ").put(so_far.facts().steps);
    line.put("; replay ");
    put_token(line, so_far);
    line.put("  (with .isolate = true it is a finding)\n").write_out();
  }
  const auto place =
      static_cast<std::size_t>(std::find(signals.begin(), signals.end(), signal) - signals.begin());
  sigaction(signal, &handlers_before[place], nullptr);
  raise(signal);  // it is blocked until this handler returns
}

}  // namespace

crash_line::crash_line(const std::string& program, bool is_wanted) : is_wanted_(is_wanted) {
  if (!is_wanted_) return;
  const std::size_t length = std::min(program.size(), program_name.size() - 1);
  std::copy_n(program.data(), length, program_name.data());
  program_name[length] = '\0';
  stack_t own{};
  own.ss_sp = handler_stack.data();
  own.ss_size = handler_stack.size();
  sigaltstack(&own, &stack_before_);
  struct sigaction action {};
  action.sa_handler = on_crash;
  action.sa_flags = SA_ONSTACK;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    sigaction(signals[i], &action, &handlers_before[i]);
  }
}

crash_line::~crash_line() {
  if (!is_wanted_) return;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    sigaction(signals[i], &handlers_before[i], nullptr);
  }
  sigaltstack(&stack_before_, nullptr);
}

}  // namespace braid
