// go() with options: a name for reports and dumps, a larger stack.
//
//   braid::go({.name = "fetcher", .stack = 1 << 20}, [&] { ... });
#pragma once

#include <braid/go.hpp>
#include <cstddef>
#include <string_view>
#include <utility>

namespace braid {

struct go_options {
  std::string_view name = {};  // is copied
  std::size_t stack = 0;       // bytes, at least; 0: as usual (some 60 KiB)
};

namespace detail {

goroutine& new_goroutine(const go_options& options, where at);

template <class F, class... A>
void go_with(const go_options& options, where at, F&& f, A&&... args) {
  const auto make = [&]() -> goroutine& { return new_goroutine(options, at); };
  go_made(make, at, std::forward<F>(f), std::forward<A>(args)...);
}

}  // namespace detail

// As go(f, args...).
template <class F>
void go(go_options options, F&& f, where at = {}) {
  detail::go_with(options, at, std::forward<F>(f));
}
template <class F, class A>
void go(go_options options, F&& f, A&& a, where at = {}) {
  detail::go_with(options, at, std::forward<F>(f), std::forward<A>(a));
}
template <class F, class A, class B>
void go(go_options options, F&& f, A&& a, B&& b, where at = {}) {
  detail::go_with(options, at, std::forward<F>(f), std::forward<A>(a), std::forward<B>(b));
}
template <class F, class A, class B, class C>
void go(go_options options, F&& f, A&& a, B&& b, C&& c, where at = {}) {
  detail::go_with(options, at, std::forward<F>(f), std::forward<A>(a), std::forward<B>(b),
                  std::forward<C>(c));
}

}  // namespace braid
