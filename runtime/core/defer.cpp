// The frames of with_defers(); see <braid/defer.hpp>.
//
// A panic is known by its exception. The panics that it replaced hang on its record, which is left
// with the goroutine when the exception leaves a frame: whoever catches the same exception next, a
// frame further out or the end of the goroutine, finds it there.
#include <braid/defer.hpp>
#include <braid/panic.hpp>

#include <braid/goroutine_exit.hpp>
#include "core/goroutine_extra.hpp"

namespace braid {

namespace detail {

void call_of_nil(where at) {
  throw runtime_panic("runtime error: invalid memory address or nil pointer dereference", at);
}

}  // namespace detail

frame::frame() {
  goroutine_extra& extra = goroutine::current().extra();
  outer_ = std::exchange(extra.innermost, this);
}

frame::~frame() {
  // Calls are left only if the goroutine is being abandoned. As destructors do, they run with all
  // operations inert: they may own something.
  while (calls_ != nullptr) {
    const auto call = std::move(calls_);
    calls_ = std::move(call->next);
    try {
      call->run();
    } catch (...) {
      // A panic of theirs is nobody's any more.
    }
  }
  goroutine::current().extra().innermost = outer_;
}

std::exception_ptr frame::recover() {
  if (goroutine::current().extra().innermost != this || !is_in_call_) return nullptr;
  if (panic_ == nullptr || panic_->is_exit() || panic_->recovered) return nullptr;
  panic_->recovered = true;
  return panic_->what;
}

void frame::caught() {
  try {
    throw;
  } catch (const detail::abandoned&) {
    throw;
  } catch (const detail::goroutine_exit& leaving) {
    take({.exit_at = leaving.disarm()});
  } catch (...) {
    take({.what = std::current_exception()});
  }
}

// What came replaces the panic that there was.
void frame::take(const detail::panic_record& came) {
  auto taken = std::exchange(goroutine::current().extra().thrown, nullptr);
  if (taken == nullptr || taken->what != came.what) {
    taken = std::make_shared<detail::panic_record>(came);
  }
  detail::panic_record* oldest = taken.get();
  while (oldest->replaced != nullptr) oldest = oldest->replaced.get();
  oldest->replaced = std::move(panic_);
  panic_ = std::move(taken);
}

void frame::run_deferred() {
  while (calls_ != nullptr) run_one();
  if (panic_ == nullptr) return;
  const detail::panic_record leaving{.what = panic_->what, .exit_at = panic_->exit_at};
  goroutine::current().extra().thrown = std::move(panic_);
  if (leaving.is_exit()) throw detail::goroutine_exit(leaving.exit_at);
  std::rethrow_exception(leaving.what);
}

void frame::run_one() {
  const auto call = std::move(calls_);
  calls_ = std::move(call->next);
  is_in_call_ = true;
  try {
    call->run();
    if (panic_ != nullptr && panic_->recovered) {
      // With the panic go those that it had replaced; but an exit goes on.
      do {
        panic_ = std::exchange(panic_->replaced, nullptr);
      } while (panic_ != nullptr && !panic_->is_exit());
    }
  } catch (...) {
    caught();
  }
  is_in_call_ = false;
}

}  // namespace braid
