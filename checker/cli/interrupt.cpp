// Ctrl-C; see interrupt.hpp.
#include "cli/interrupt.hpp"

#include <csignal>

namespace braid::cli {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void raise_flag(int) { interrupted = 1; }

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = raise_flag;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second one ends the process
  sigaction(SIGINT, &action, nullptr);
}

bool was_interrupted() { return interrupted != 0; }

}  // namespace braid::cli
