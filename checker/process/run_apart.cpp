// Executions in a process of their own; see run_apart.hpp.
#include "process/run_apart.hpp"

#include <csignal>

#include "process/overflow_note.hpp"
#include "process/process.hpp"

namespace braid {

void run_apart(execution& record, std::chrono::nanoseconds hang_after,
               const std::function<void()>& body, std::optional<std::uint32_t> hangs_at) {
  constexpr int look_ms = 100;
  const pid_t child = fork_child([&] {
    const overflow_note overflows(record);
    body();
  });
  hang_watch watch(hang_after);
  watch.expect_at(hangs_at);
  bool is_hung = false;
  while (!is_hung && !has_ended(child, look_ms)) is_hung = watch.is_hung(record);
  if (is_hung) kill(child, SIGKILL);
  const child_end end = wait_for(child);
  if (record.facts().is_over) return;
  is_hung ? record.hung() : record.crashed(end.signal);
}

}  // namespace braid
