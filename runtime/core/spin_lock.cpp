// The slow path of spin_lock: exponential back-off, then the processor is offered to other threads,
// because the holder may have been preempted.
#include <braid/spin_lock.hpp>

#include <sched.h>

namespace braid {
namespace {

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

}  // namespace

void spin_lock::wait() {
  constexpr int rounds_max = 64;
  int rounds = 1;
  for (;;) {
    while (held_.load(std::memory_order_relaxed)) {  // only a hint: the exchange below decides
      if (rounds < rounds_max) {
        for (int i = 0; i < rounds; ++i) relax();
        rounds *= 2;
      } else {
        sched_yield();
      }
    }
    if (!held_.exchange(true, std::memory_order_acquire)) return;  // partner: unlock
  }
}

}  // namespace braid
