// errgroup: goroutines that work on one task, and the first error among them (rules E1-E4), as
// golang.org/x/sync/errgroup.
//
//   braid::errgroup group;
//   for (auto& file : files) group.go([&] { return load(file); });   // each returns a braid::error
//   if (braid::error e = group.wait()) ...
#pragma once

#include <braid/chan.hpp>
#include <braid/context.hpp>
#include <braid/error.hpp>
#include <braid/goroutine_exit.hpp>
#include <braid/mutex.hpp>
#include <braid/wait_group.hpp>
#include <braid/where.hpp>
#include <concepts>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace braid {

namespace detail {

template <class F>
concept returns_error =
    std::invocable<F&> && std::is_assignable_v<error&, std::invoke_result_t<F&>>;

}  // namespace detail

class errgroup {
 public:
  errgroup(where at = {}) : running_(at), lock_(at) {}
  // With a context that is cancelled at the first error, with that as its cause, or when wait()
  // returns (E2).
  explicit errgroup(const context& parent, where at = {})
      : running_(at), lock_(at), scope_(std::in_place, parent, at) {}
  errgroup(const errgroup&) = delete;
  errgroup& operator=(const errgroup&) = delete;

  // Calls f(), which returns an error, in a new goroutine; waits first while as many are active as
  // the limit allows. A panic of f ends the program, as any other (E4).
  template <class F>
  void go(F f, where at = {});
  // The same if it need not wait; else false, and f is not called.
  template <class F>
  bool try_go(F f, where at = {});

  // At most n active goroutines; none at all if n is 0, any number if it is negative. Panics
  // "errgroup: modify limit while N goroutines in the group are still active" (E3).
  void set_limit(int n, where at = {});

  // What the goroutines should heed: of a group that was made from a context; else it is never
  // cancelled.
  context ctx() const { return scope_ ? scope_->ctx() : context::background(); }

  // Waits for all functions to return: the first error in time, or none (E1).
  error wait(where at = {});

 private:
  using slots = chan<std::monostate>;

  template <class F>
  void start(F f, where at);
  // The end of a function: gives back its slot, if there is a limit.
  void finished(slots taken, error result, where at);

  wait_group running_;
  slots limit_;  // holds one value for each active goroutine; nil: no limit
  mutex lock_;
  // Protected by lock_:
  error first_;
  std::optional<cancel_scope> scope_;
};

template <class F>
void errgroup::go(F f, where at) {
  if (limit_) limit_.send({}, at);
  start(std::move(f), at);
}

template <class F>
bool errgroup::try_go(F f, where at) {
  if (limit_ && !limit_.try_send({}, at)) return false;
  start(std::move(f), at);
  return true;
}

template <class F>
void errgroup::start(F f, where at) {
  static_assert(detail::returns_error<F>,
                "the function of an errgroup takes nothing and returns a braid::error, which is "
                "empty if all went well");
  running_.add(1, at);
  braid::go(
      [this, taken = limit_, at, f = std::move(f)]() mutable {
        error result;
        try {
          if constexpr (detail::returns_error<F>) result = std::invoke(f);
        } catch (const detail::goroutine_exit&) {
          finished(std::move(taken), {}, at);
          throw;
        }
        finished(std::move(taken), std::move(result), at);
      },
      at);
}

}  // namespace braid
