// Starting goroutines, and what a goroutine can do to itself.
#pragma once

#include <braid/goroutine.hpp>
#include <braid/scheduler.hpp>
#include <braid/where.hpp>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace braid {
namespace detail {

// Hands the goroutine whose function is set to the scheduler.
goroutine& new_goroutine(where at);
void start(goroutine& child, where at);
[[noreturn]] void go_of_nil(where at);

// A function without arguments that calls f(args...), all of which it owns.
template <class F, class... A>
auto bound(F f, A&&... args) {
  if constexpr (sizeof...(A) == 0) {  // smaller, and more of them need no allocation
    return [call = std::move(f)]() mutable { std::invoke(std::move(call)); };
  } else {
    return [call = std::move(f),
            values = std::tuple<std::decay_t<A>...>(std::forward<A>(args)...)]() mutable {
      std::apply([&](auto&... value) { std::invoke(std::move(call), std::move(value)...); },
                 values);
    };
  }
}

// True if `f` is a function object that can be null, and is.
template <class F>
constexpr bool is_nil(const F& f) {
  if constexpr (requires { static_cast<bool>(f == nullptr); }) return f == nullptr;
  return false;
}

// `make` gives the new goroutine.
template <class Make, class F, class... A>
void go_made(Make make, where at, F&& f, A&&... args) {
  constexpr bool takes_them = std::is_invocable_v<std::decay_t<F>, std::decay_t<A>...>;
  static_assert(takes_them,
                "go: the function cannot be called with these arguments, which it gets as rvalues "
                "of the copies that go makes; std::ref passes a reference");
  if constexpr (takes_them) {
    std::decay_t<F> call(std::forward<F>(f));
    if (is_nil(call)) go_of_nil(at);
    goroutine& child = make();
    child.function.set(bound(std::move(call), std::forward<A>(args)...));
    start(child, at);
  }
}

template <class F, class... A>
void go_at(where at, F&& f, A&&... args) {
  const auto make = [at]() -> goroutine& { return new_goroutine(at); };
  go_made(make, at, std::forward<F>(f), std::forward<A>(args)...);
}

}  // namespace detail

// Calls f(args...) in a new goroutine (rules G1-G3). Function and arguments are copied or moved
// in the caller; the result is discarded. `go` of a null function is fatal (G2). An exception that
// leaves f is a panic. Overloads of fixed arity, so that the place of the call is known.
template <class F>
void go(F&& f, where at = {}) {
  detail::go_at(at, std::forward<F>(f));
}
template <class F, class A>
void go(F&& f, A&& a, where at = {}) {
  detail::go_at(at, std::forward<F>(f), std::forward<A>(a));
}
template <class F, class A, class B>
void go(F&& f, A&& a, B&& b, where at = {}) {
  detail::go_at(at, std::forward<F>(f), std::forward<A>(a), std::forward<B>(b));
}
template <class F, class A, class B, class C>
void go(F&& f, A&& a, B&& b, C&& c, where at = {}) {
  detail::go_at(at, std::forward<F>(f), std::forward<A>(a), std::forward<B>(b), std::forward<C>(c));
}
template <class F, class A, class B, class C, class D>
void go(F&& f, A&& a, B&& b, C&& c, D&& d, where at = {}) {
  detail::go_at(at, std::forward<F>(f), std::forward<A>(a), std::forward<B>(b), std::forward<C>(c),
                std::forward<D>(d));
}
template <class F, class A, class B, class C, class D, class E>
void go(F&& f, A&& a, B&& b, C&& c, D&& d, E&& e, where at = {}) {
  detail::go_at(at, std::forward<F>(f), std::forward<A>(a), std::forward<B>(b), std::forward<C>(c),
                std::forward<D>(d), std::forward<E>(e));
}

namespace this_goroutine {

// Lets other goroutines run (rule G11).
void yield(where at = {});

// Ends this goroutine: destructors and deferred calls run, others go on (rule P10). In main the
// program goes on, until no goroutine is left (P11). It unwinds by an exception that is no
// std::exception: a `catch (...)` on its way must rethrow it, and one that does not is fatal. Must
// not be called in a destructor that runs because of an exception.
[[noreturn]] void exit(where at = {});

// The number of this goroutine, as in dumps: main is 1 (rule G6). 0 outside of goroutines.
std::uint64_t id();

}  // namespace this_goroutine
}  // namespace braid
