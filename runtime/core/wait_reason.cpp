// Why goroutines wait; see <braid/wait_reason.hpp>.
#include <array>
#include <braid/scheduler.hpp>
#include <braid/wait_reason.hpp>

namespace braid {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(wait_reason::other) + 1> texts = {
    "runnable",
    "running",
    "chan receive",
    "chan receive (nil chan)",
    "chan send",
    "chan send (nil chan)",
    "select",
    "select (no cases)",
    "sleep",
    "sync.Mutex.Lock",
    "sync.RWMutex.RLock",
    "sync.RWMutex.Lock",
    "sync.WaitGroup.Wait",
    "sync.Cond.Wait",
    "synctest.Wait",
    "atomic await",
    "waiting"};

}  // namespace

std::string_view text_of(wait_reason reason) { return texts[static_cast<std::size_t>(reason)]; }

wait_reason reason_of(const op& waiting) {
  const bool is_nil = waiting.object == nullptr;
  switch (waiting.kind) {
    case op_kind::send:
      return is_nil ? wait_reason::chan_send_nil : wait_reason::chan_send;
    case op_kind::recv:
      return is_nil ? wait_reason::chan_receive_nil : wait_reason::chan_receive;
    case op_kind::select:
      // What is not announced has no arms, but tells how many there are.
      return waiting.arms.empty() && waiting.argument == 0 ? wait_reason::select_no_cases
                                                           : wait_reason::select;
    case op_kind::sleep:
      return wait_reason::sleep;
    case op_kind::lock:
      return wait_reason::mutex_lock;
    case op_kind::read_lock:
      return wait_reason::rwmutex_rlock;
    case op_kind::announce_write:
    case op_kind::await_readers:
      return wait_reason::rwmutex_lock;
    case op_kind::wait:
      return wait_reason::wait_group_wait;
    case op_kind::enqueue:
    case op_kind::cond_wait:
      return wait_reason::cond_wait;
    case op_kind::settle:
      return wait_reason::synctest_wait;
    case op_kind::await:
      return wait_reason::atomic_await;
    default:
      return wait_reason::other;
  }
}

}  // namespace braid
