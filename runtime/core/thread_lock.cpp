// thread_lock; see <braid/thread_lock.hpp>.
#include <braid/panic.hpp>
#include <braid/scheduler.hpp>
#include <braid/thread_lock.hpp>

namespace braid {
namespace {

void set_locks(goroutine& of, std::uint32_t count) {
  of.thread_locks.store(count, std::memory_order_relaxed);  // see has_thread()
}

}  // namespace

thread_lock::thread_lock() : holder_(goroutine::current()) {
  const std::uint32_t held = holder_.thread_locks;
  set_locks(holder_, held + 1);
  if (held == 0 && !holder_.is_thread()) current_scheduler().lock_thread();
}

thread_lock::~thread_lock() {
  const goroutine& self = goroutine::current();
  const std::uint32_t held = holder_.thread_locks;
  if (&self != &holder_ || held == 0) {
    if (!self.is_abandoned()) fatal("a thread_lock is destroyed by another goroutine");
    return;
  }
  set_locks(holder_, held - 1);
  if (held == 1 && !holder_.is_thread()) current_scheduler().unlock_thread();
}

}  // namespace braid
