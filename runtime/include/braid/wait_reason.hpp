// What a goroutine does, in the words of Go's dumps (rule D3): the one place that has them.
#pragma once

#include <atomic>
#include <braid/where.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace braid {

struct op;

enum class wait_reason : std::uint8_t {
  runnable,
  running,
  chan_receive,
  chan_receive_nil,
  chan_send,
  chan_send_nil,
  select,
  select_no_cases,
  sleep,
  mutex_lock,
  rwmutex_rlock,
  rwmutex_lock,
  wait_group_wait,
  cond_wait,
  synctest_wait,
  atomic_await,  // Go has none
  other,
};

// As dumps print it: "chan receive (nil chan)".
std::string_view text_of(wait_reason reason);

// Why a goroutine waits that waits in this operation.
wait_reason reason_of(const op& waiting);

// One goroutine, as dumps show it.
struct goroutine_state {
  std::uint64_t id = 0;  // main is 1
  std::string name = {};
  wait_reason doing = wait_reason::running;
  where at = where::unknown();  // the operation in which it waits
  where created_at = where::unknown();
  std::uint64_t created_by = 0;  // an id; 0: it is main
  bool has_thread = false;       // it holds a thread_lock
};

// What a goroutine does at the moment. One thread writes it at a time; dumps read it whenever they
// like, and may then see the reason of one operation with the place of the next.
//
// All orders are relaxed: nothing depends on it but what is printed. What
// await_watch.hpp concludes from it says there why it may.
class wait_note {
 public:
  void waits(wait_reason reason, where at, std::uint32_t round) {
    file_.store(at.file(), std::memory_order_relaxed);          // as above
    function_.store(at.function(), std::memory_order_relaxed);  // as above
    line_.store(at.line(), std::memory_order_relaxed);          // as above
    round_.store(round, std::memory_order_relaxed);             // as above
    times_.store(times() + 1, std::memory_order_relaxed);       // as above
    set(reason);
  }
  void set(wait_reason reason) { reason_.store(reason, std::memory_order_relaxed); }  // as above
  // From its first pause until its predicate holds, an atomic's await is under way.
  void set_awaiting(bool is) { is_awaiting_.store(is, std::memory_order_relaxed); }  // as above

  wait_reason reason() const { return reason_.load(std::memory_order_relaxed); }  // as above
  // Where it waits, or waited last.
  where at() const {
    return where::place(file_.load(std::memory_order_relaxed),       // as above
                        line_.load(std::memory_order_relaxed),       // as above
                        function_.load(std::memory_order_relaxed));  // as above
  }
  bool is_awaiting() const { return is_awaiting_.load(std::memory_order_relaxed); }  // as above
  // How often it has waited.
  std::uint32_t times() const { return times_.load(std::memory_order_relaxed); }  // as above
  // Of an atomic's await: how often its predicate did not hold.
  std::uint32_t round() const { return round_.load(std::memory_order_relaxed); }  // as above

 private:
  std::atomic<wait_reason> reason_ = wait_reason::runnable;
  std::atomic<bool> is_awaiting_ = false;
  std::atomic<unsigned> line_ = 0;
  std::atomic<std::uint32_t> times_ = 0;
  std::atomic<std::uint32_t> round_ = 0;
  std::atomic<const char*> file_ = nullptr;
  std::atomic<const char*> function_ = nullptr;
};

}  // namespace braid
