// Tells of a hang; see hang_line.hpp.
#include "testing/hang_line.hpp"

#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <optional>

#include "process/run_apart.hpp"
#include "testing/fixed_line.hpp"

namespace braid {
namespace {

using std::chrono::nanoseconds;

fixed_name watched_program;
std::optional<hang_watch> watch;
bool is_told = false;

void on_tick(int) {
  const int error = errno;
  const execution* const so_far = running_execution();
  if (so_far != nullptr && !is_told && watch->is_hung(*so_far)) {
    is_told = true;
    fixed_line line;
    line.put("\nbraid: ").put(watched_program.text()).put(" hangs ").put_end_of(*so_far);
    line.put(
        ": it loops without an operation of braid's, or waits for something else"
        "  (with .isolate = true it is cut)\n");
    line.write_out();
  }
  errno = error;
}

}  // namespace

hang_line::hang_line(const std::string& program, nanoseconds limit) {
  watched_program.keep(program);
  watch.emplace(limit);
  is_told = false;
  struct sigaction action {};
  action.sa_handler = on_tick;
  action.sa_flags = SA_ONSTACK | SA_RESTART;
  sigaction(SIGVTALRM, &action, &handler_before_);
  sigevent to_this_thread{};
  to_this_thread.sigev_notify = SIGEV_THREAD_ID;
  to_this_thread.sigev_signo = SIGVTALRM;
  to_this_thread._sigev_un._tid = gettid();  // glibc has no other name for it
  has_timer_ = timer_create(CLOCK_MONOTONIC, &to_this_thread, &timer_) == 0;
  if (!has_timer_) return;
  const nanoseconds tick =
      std::clamp<nanoseconds>(limit / 4, std::chrono::milliseconds(10), std::chrono::seconds(1));
  itimerspec each{};
  each.it_interval.tv_sec = tick / std::chrono::seconds(1);
  each.it_interval.tv_nsec = (tick % std::chrono::seconds(1)).count();
  each.it_value = each.it_interval;
  timer_settime(timer_, 0, &each, nullptr);
}

hang_line::~hang_line() {
  if (has_timer_) timer_delete(timer_);
  sigaction(SIGVTALRM, &handler_before_, nullptr);
  watch.reset();
}

}  // namespace braid
