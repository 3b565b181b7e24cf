// What few goroutines have: a name, a thread, deferred calls, panics that were replaced.
//
// Thread safety: `name` is set before the goroutine is spawned and read by dumps; `thread` is
// written by the goroutine and read by those who wake it; the rest belongs to the goroutine alone.
#pragma once

#include <braid/defer.hpp>
#include <exception>
#include <memory>
#include <string>

namespace braid {

class worker;

namespace detail {

// A panic, or an exit of the goroutine, and the one that it replaced, if any (rule P4).
struct panic_record {
  std::exception_ptr what = nullptr;  // null: an exit
  std::shared_ptr<panic_record> replaced = nullptr;
  bool recovered = false;
  where exit_at = where::unknown();

  bool is_exit() const { return what == nullptr; }
};

}  // namespace detail

struct goroutine_extra {
  std::string name;
  frame* innermost = nullptr;
  // Of the panic that left a frame last, and may still be on its way.
  std::shared_ptr<detail::panic_record> thrown;
  worker* thread = nullptr;    // of the pool's, on which alone it runs: while it has a thread_lock
  bool is_describing = false;  // the value of a panic, which may panic itself (rule P14)
};

}  // namespace braid
