// Runs a program in production: on a pool of threads that share the goroutines by work stealing.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace braid {

struct run_options {
  unsigned workers = 0;     // threads; 0: one for each processor
  double time_scale = 1.0;  // sleeps and timers last this much of what they say
  std::vector<std::uint64_t>* goroutines_by_worker = nullptr;  // filled at the end, for reports
};

// Runs `main` as the main goroutine and returns when it does, with 0; other goroutines are not
// waited for (rule G5). An uncaught panic or a fatal error prints Go's text to stderr and ends the
// process with 2; exit(n) ends it with n. Must not be called from a goroutine.
int run(std::function<void()> main, const run_options& options = {});

}  // namespace braid
