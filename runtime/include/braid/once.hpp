// once, once_func and once_value: a function that is called once, as Go's sync.Once, OnceFunc and
// OnceValue (rules W8-W11).
//
//   braid::once ready;
//   ready.call([&] { ... });                       // the first caller runs it, the others wait
//   auto table = braid::once_value([] { ... });    // table() computes it once; copies share it
//
// A function that panics counts as called: this is where std::call_once differs.
#pragma once

#include <braid/atomic.hpp>
#include <braid/goroutine_exit.hpp>
#include <braid/mutex.hpp>
#include <braid/panic.hpp>
#include <braid/where.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace braid {

class once {
 public:
  once(where at = {}) : done_(false, at), running_(at) {}
  once(const once&) = delete;
  once& operator=(const once&) = delete;

  // Calls f() unless a call of this object has done so; returns when f has returned, which happens
  // before every return of call() (W8). If f panics, so does this call, and f counts as done (W9).
  // A call from within f waits for ever (W10).
  template <class F>
  void call(F&& f, where at = {});

 private:
  void finish(where at) {
    // Pairs with the acquire in call(): who sees it may read what f wrote.
    done_.store(true, std::memory_order_release, at);
    running_.unlock(at);
  }

  atomic<bool> done_;
  mutex running_;  // held by the goroutine that runs the function
};

template <class F>
void once::call(F&& f, where at) {
  // Pairs with the release in finish().
  if (done_.load(std::memory_order_acquire, at)) return;
  running_.lock(at);
  // Written only by who holds the lock: relaxed is enough.
  if (done_.load(std::memory_order_relaxed, at)) return running_.unlock(at);
  try {
    std::invoke(std::forward<F>(f));
  } catch (...) {
    finish(at);
    throw;
  }
  finish(at);
}

namespace detail {

// What the copies of a once_value() share.
template <class F, class R>
struct once_state {
  once called;
  std::optional<F> function;
  std::optional<R> value;
  std::exception_ptr panicked;

  once_state(F&& f, where at) : called(at), function(std::move(f)) {}

  // The value, or the panic of the only call, again (W11). The function is released after it.
  const R& get(where at) {
    called.call([this] { run(); }, at);
    if (panicked) std::rethrow_exception(panicked);
    if (!value) panic("once: the function did not return", at);
    return *value;
  }

 private:
  // The panic is kept here instead of leaving once::call(), so that all callers get it alike.
  void run() {
    F f = std::move(*function);
    function.reset();
    try {
      value.emplace(f());
    } catch (const abandoned&) {
      throw;  // the program is over
    } catch (const goroutine_exit&) {
      throw;  // nothing to share: later calls panic
    } catch (...) {
      panicked = std::current_exception();
    }
  }
};

struct nothing {};

}  // namespace detail

// A function object that calls f() once, on its first call, and gives the result to all calls. If f
// panics, every call panics with the same exception.
template <class F, class R = std::decay_t<std::invoke_result_t<F&>>>
auto once_value(F f, where at = {}) {
  auto state = std::make_shared<detail::once_state<F, R>>(std::move(f), at);
  return [state, at]() -> const R& { return state->get(at); };
}

// The same for a function without a result.
template <class F>
auto once_func(F f, where at = {}) {
  auto value = once_value(
      [f = std::move(f)]() mutable {
        f();
        return detail::nothing{};
      },
      at);
  return [value] { value(); };
}

}  // namespace braid
