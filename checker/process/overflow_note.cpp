// Tells a goroutine's stack overflow from other crashes; see overflow_note.hpp.
//
// Nothing in the handler allocates or locks.
#include "process/overflow_note.hpp"

#include <array>
#include <braid/scheduler.hpp>
#include <csignal>
#include <cstddef>

namespace braid {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_ours = false;
#else
constexpr bool is_ours = true;
#endif

constexpr std::array signals = {SIGSEGV, SIGBUS};
std::array<struct sigaction, signals.size()> handlers_before;
alignas(16) std::array<std::byte, std::size_t{16} << 10> handler_stack;
stack_t stack_before;
execution* noted_in = nullptr;

void restore_handlers() {
  for (std::size_t i = 0; i < signals.size(); ++i) {
    sigaction(signals[i], &handlers_before[i], nullptr);
  }
}

// The instruction is tried again when this returns, and then whoever handled it before has it. A
// signal that somebody has sent has no instruction.
void on_fault(int number, siginfo_t* info, void*) {
  const bool is_sent = info->si_code <= 0;
  if (!is_sent && goroutine::is_overflow_at(info->si_addr)) noted_in->overflowed();
  restore_handlers();
  if (is_sent) raise(number);  // it is blocked until this handler returns
}

}  // namespace

overflow_note::overflow_note(execution& record) {
  if (!is_ours) return;
  noted_in = &record;
  stack_t own{};
  own.ss_sp = handler_stack.data();
  own.ss_size = handler_stack.size();
  sigaltstack(&own, &stack_before);
  struct sigaction action {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    sigaction(signals[i], &action, &handlers_before[i]);
  }
}

overflow_note::~overflow_note() {
  if (!is_ours) return;
  restore_handlers();
  sigaltstack(&stack_before, nullptr);
}

}  // namespace braid
