// Runs a program on the production scheduler, in a child process, and says how it ended.
#pragma once

#include <braid/run.hpp>
#include <braid/scenario.hpp>
#include <functional>
#include <string>

#include "support/child.hpp"

namespace braid::testing {

// In the words of the checker, as far as production can tell: it sees no leaks.
inline expected_outcome end_of(const child_result& child) {
  const auto begins = [&](const std::string& head) { return child.err.rfind(head, 0) == 0; };
  if (child.signal != 0) return {child.out, "crash"};
  if (child.code == 0) return {child.out, "ok"};
  if (child.code == 2 && begins("panic: ")) return {child.out, "panic"};
  if (child.code == 2 &&
      (begins("fatal error: all goroutines are asleep") || begins("fatal error: no goroutines"))) {
    return {child.out, "deadlock"};
  }
  if (child.code == 2 && begins("fatal error: ")) return {child.out, "fatal"};
  return {child.out, "exit"};
}

// Sleeps are a thousand times shorter than they say.
inline expected_outcome run_in_production(const std::function<void()>& main, unsigned workers) {
  return end_of(run_in_child([&] { run(main, {.workers = workers, .time_scale = 0.001}); }));
}

}  // namespace braid::testing
