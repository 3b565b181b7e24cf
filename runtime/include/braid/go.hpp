// Starting goroutines, and what a goroutine can do to itself.
#pragma once

#include <braid/goroutine.hpp>
#include <braid/scheduler.hpp>
#include <braid/where.hpp>
#include <functional>
#include <tuple>
#include <utility>

namespace braid {
namespace detail {

// Hands the goroutine whose function is set to the scheduler.
goroutine& new_goroutine(where at);
void start(goroutine& child, where at);
[[noreturn]] void go_of_nil(where at);

template <class F, class... A>
void go_at(where at, F&& f, A&&... args) {
  std::decay_t<F> call(std::forward<F>(f));
  if constexpr (requires { static_cast<bool>(call == nullptr); }) {
    if (call == nullptr) go_of_nil(at);
  }
  goroutine& child = new_goroutine(at);
  child.function.set([call = std::move(call),
                      values = std::tuple<std::decay_t<A>...>(std::forward<A>(args)...)]() mutable {
    std::apply([&](auto&... value) { std::invoke(std::move(call), std::move(value)...); }, values);
  });
  start(child, at);
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

}  // namespace this_goroutine
}  // namespace braid
