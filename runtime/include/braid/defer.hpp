// Deferred calls: `defer`, a destructor's, and `with_defers`, exactly Go's (rules P4, P7-P10).
//
//   braid::defer unlocks([&] { m.unlock(); });     // at the end of the block
//
//   braid::with_defers([&](braid::frame& f) {      // at the end of the body:
//     f.defer([&] {                                // the last deferred call first
//       if (auto p = f.recover()) braid::println("recovered");
//     });
//     braid::panic("lost");
//   });
//
// They differ in what a deferred call may do when the block is left by a panic or by exit(). Where
// a destructor throws then, C++ ends the program. The calls of a frame run after the body was
// unwound: they may wait, panic, recover and exit.
#pragma once

#include <braid/go.hpp>
#include <braid/where.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace braid {

// Calls f when it is destroyed (rule P7).
template <class F>
class [[nodiscard]] defer {
 public:
  explicit defer(F f) : f_(std::move(f)) {}
  defer(const defer&) = delete;
  defer& operator=(const defer&) = delete;
  ~defer() noexcept(false) { f_(); }

 private:
  F f_;
};

namespace detail {

struct panic_record;

// A call that was deferred, in the list of its frame.
struct deferred_call {
  virtual ~deferred_call() = default;
  virtual void run() = 0;
  std::unique_ptr<deferred_call> next;
};

[[noreturn]] void call_of_nil(where at);

}  // namespace detail

// The deferred calls of one with_defers(), and the panic that they run under. Belongs to the
// goroutine that runs the body.
class frame {
 public:
  frame(const frame&) = delete;
  frame& operator=(const frame&) = delete;

  // Calls f(args...) when the body has ended, however it did; the last call deferred runs first.
  // Function and arguments are copied now. A null function panics when it would run (P7).
  template <class F>
  void defer(F&& f, where at = {}) {
    add(at, std::forward<F>(f));
  }
  template <class F, class A>
  void defer(F&& f, A&& a, where at = {}) {
    add(at, std::forward<F>(f), std::forward<A>(a));
  }
  template <class F, class A, class B>
  void defer(F&& f, A&& a, B&& b, where at = {}) {
    add(at, std::forward<F>(f), std::forward<A>(a), std::forward<B>(b));
  }

  // In a deferred call of this frame: stops the panic under which it runs, and returns what was
  // thrown; with_defers() returns to its caller when all calls are done (P8). Null if there is no
  // panic, if it was recovered already, during exit() (P10), and from within another with_defers().
  std::exception_ptr recover();

 private:
  template <class F>
  friend auto with_defers(F&& body);

  frame();
  ~frame();

  template <class F, class... A>
  void add([[maybe_unused]] where at, F&& f, A&&... args);
  // The body was left by the exception that is being handled.
  void caught();
  void run_deferred();
  void run_one();
  void take(const detail::panic_record& came);

  std::unique_ptr<detail::deferred_call> calls_;  // the last first
  std::shared_ptr<detail::panic_record> panic_;   // the newest, or null
  frame* outer_ = nullptr;                        // of the same goroutine
  bool is_in_call_ = false;
};

// Calls body(frame&), then what it deferred, and returns what the body did, or, if a panic was
// recovered, a value-initialised result: where Go has named results, let the body and its deferred
// calls assign a variable outside. A panic that is not recovered leaves it; while it was on its way
// others may have replaced it, and if nobody catches it all of them are printed (P4).
template <class F>
auto with_defers(F&& body) {
  using result = std::invoke_result_t<F, frame&>;
  frame f;
  if constexpr (std::is_void_v<result>) {
    try {
      std::forward<F>(body)(f);
    } catch (...) {
      f.caught();
    }
    f.run_deferred();
  } else {
    std::optional<std::decay_t<result>> value;
    try {
      value.emplace(std::forward<F>(body)(f));
    } catch (...) {
      f.caught();
    }
    f.run_deferred();
    return value ? *std::move(value) : std::decay_t<result>{};
  }
}

template <class F, class... A>
void frame::add(where at, F&& f, A&&... args) {
  auto call = detail::bound(
      [at](auto&& callee, auto&&... values) {
        if (detail::is_nil(callee)) detail::call_of_nil(at);
        std::invoke(std::move(callee), std::move(values)...);
      },
      std::forward<F>(f), std::forward<A>(args)...);
  using call_type = decltype(call);
  struct node final : detail::deferred_call {
    explicit node(call_type&& c) : function(std::move(c)) {}
    void run() override { function(); }
    call_type function;
  };
  auto added = std::make_unique<node>(std::move(call));
  added->next = std::move(calls_);
  calls_ = std::move(added);
}

}  // namespace braid
