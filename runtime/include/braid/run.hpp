// Runs a program in production: on a pool of threads that share the goroutines by work stealing.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace braid {

struct run_options {
  unsigned workers = 0;     // threads; 0: as max_threads() says
  double time_scale = 1.0;  // sleeps and timers last this much of what they say
  std::vector<std::uint64_t>* goroutines_by_worker = nullptr;  // filled at the end, for reports
  // A goroutine that comes to no operation of braid for so long is named once on stderr: nothing
  // else can take its worker from it (rule G10). 0: never.
  std::chrono::nanoseconds stall_after = std::chrono::seconds(10);
};

// Runs `main` as the main goroutine and returns when it does, with 0; other goroutines are not
// waited for (rule G5). An uncaught panic or a fatal error prints Go's text to stderr and ends the
// process with 2; exit(n) ends it with n. Must not be called from a goroutine.
int run(std::function<void()> main, const run_options& options = {});

// Sets how many threads later calls of run() use unless told, and returns what it was; n < 1
// changes nothing (rule R2). At first: as many as there are processors for this process, by its
// affinity and by the quota of its cgroup.
int max_threads(int n);

}  // namespace braid
