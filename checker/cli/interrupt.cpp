// Ctrl-C and SIGTERM; see interrupt.hpp.
#include "cli/interrupt.hpp"

#include <unistd.h>
#include <csignal>
#include <ctime>

#include "exit_codes.hpp"

namespace braid::cli {
namespace {

volatile std::sig_atomic_t interrupted = 0;
volatile std::time_t interrupted_at = 0;

// The second one ends the process; but not one that comes with the first, as when a signal is sent
// both to the process and to its group.
void raise_flag(int) {
  const std::time_t now = std::time(nullptr);
  if (interrupted != 0 && now > interrupted_at + 1) _exit(exit_code::interrupted);
  if (interrupted == 0) interrupted_at = now;
  interrupted = 1;
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = raise_flag;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool was_interrupted() { return interrupted != 0; }

}  // namespace braid::cli
