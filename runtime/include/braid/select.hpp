// select: waits on several channel operations and performs exactly one (rules S1-S14).
//
//   switch (braid::select{braid::recv(in, v, more), braid::send(out, 2), braid::otherwise}) {
//     case 0: ...   // index of the case that was performed
//   }
//   braid::select{braid::on_recv(in, [&](int v, bool more) { ... }),
//                 braid::on_recv(braid::after(1s), [&](auto...) { ... }),
//                 braid::on_default([&] { ... })};
//   braid::select{};                                             // blocks for ever
//
// A class used with braces, because braces evaluate from left to right on every compiler (rule S1).
// Handlers run after the choice, with no lock held. Use it qualified: with `using namespace braid`
// the name meets POSIX's ::select.
#pragma once

#include <array>
#include <braid/chan.hpp>
#include <concepts>
#include <optional>

namespace braid {
namespace detail {

struct default_case {
  static constexpr bool is_default = true;
};

template <class T>
struct recv_case {
  static constexpr bool is_default = false;
  chan<T> from;
  T* value;    // null: discarded
  bool* more;  // null: not asked for
  receive_slot<T> slot{};

  select_arm arm() { return {.kind = op_kind::recv, .on = from.core(), .slot = slot.storage}; }
  void chosen(const select_arm& arm) {
    T got = arm.filled ? slot.take() : T{};
    if (value != nullptr) *value = std::move(got);
    if (more != nullptr) *more = arm.filled;
  }
};

template <class T>
struct send_case {
  static constexpr bool is_default = false;
  chan<T> to;
  T value;

  select_arm arm() { return {.kind = op_kind::send, .on = to.core(), .slot = &value}; }
  void chosen(const select_arm&) {}
};

template <class T, class F>
struct on_recv_case {
  static constexpr bool is_default = false;
  chan<T> from;
  F handler;
  receive_slot<T> slot{};

  select_arm arm() { return {.kind = op_kind::recv, .on = from.core(), .slot = slot.storage}; }
  void chosen(const select_arm& arm) {
    T got = arm.filled ? slot.take() : T{};
    if constexpr (std::invocable<F&, T, bool>) {
      handler(std::move(got), arm.filled);
    } else if constexpr (std::invocable<F&, T>) {
      handler(std::move(got));
    } else {
      handler();
    }
  }
};

template <class T, class F>
struct on_send_case {
  static constexpr bool is_default = false;
  chan<T> to;
  T value;
  F handler;

  select_arm arm() { return {.kind = op_kind::send, .on = to.core(), .slot = &value}; }
  void chosen(const select_arm&) { handler(); }
};

template <class F>
struct on_default_case {
  static constexpr bool is_default = true;
  F handler;

  void chosen() { handler(); }
};

}  // namespace detail

// The cases. A sent lvalue is copied on entry; an rvalue is moved in, and lost if not chosen.
template <class T>
detail::recv_case<T> recv(const chan<T>& from) {
  return {from, nullptr, nullptr};
}
template <class T>
detail::recv_case<T> recv(const chan<T>& from, T& value) {
  return {from, &value, nullptr};
}
template <class T>
detail::recv_case<T> recv(const chan<T>& from, T& value, bool& more) {
  return {from, &value, &more};
}
template <class T>
detail::send_case<T> send(const chan<T>& to, std::type_identity_t<T> value) {
  return {to, std::move(value)};
}
template <class T, class F>
detail::on_recv_case<T, F> on_recv(const chan<T>& from, F handler) {
  return {from, std::move(handler)};
}
template <class T, class F>
detail::on_send_case<T, F> on_send(const chan<T>& to, std::type_identity_t<T> value, F handler) {
  return {to, std::move(value), std::move(handler)};
}
template <class F>
detail::on_default_case<F> on_default(F handler) {
  return {std::move(handler)};
}
inline constexpr detail::default_case otherwise{};

class select {
 public:
  // Blocks for ever (rule S6).
  explicit select(where at = {}) { detail::select({}, true, at); }

  // Overloads of fixed arity, so that the place is known; select_n() takes any number.
  template <class A>
  explicit select(A a, where at = {}) : chosen_(perform(at, a)) {}
  template <class A, class B>
  select(A a, B b, where at = {}) : chosen_(perform(at, a, b)) {}
  template <class A, class B, class C>
  select(A a, B b, C c, where at = {}) : chosen_(perform(at, a, b, c)) {}
  template <class A, class B, class C, class D>
  select(A a, B b, C c, D d, where at = {}) : chosen_(perform(at, a, b, c, d)) {}
  template <class A, class B, class C, class D, class E>
  select(A a, B b, C c, D d, E e, where at = {}) : chosen_(perform(at, a, b, c, d, e)) {}
  template <class A, class B, class C, class D, class E, class F>
  select(A a, B b, C c, D d, E e, F f, where at = {}) : chosen_(perform(at, a, b, c, d, e, f)) {}

  // The index of the case that was performed, counting from 0 in source order.
  constexpr operator int() const { return chosen_; }

 private:
  template <class... Cases>
  static int perform(where at, Cases&... cases);

  int chosen_ = -1;
};

template <class... Cases>
int select::perform(where at, Cases&... cases) {
  constexpr std::size_t defaults = (std::size_t{Cases::is_default} + ... + 0);
  static_assert(defaults <= 1, "a select has at most one default case");
  constexpr std::size_t arms_count = sizeof...(Cases) - defaults;
  std::array<detail::select_arm, arms_count> arms;
  std::size_t n = 0;
  const auto collect = [&](auto& one) {
    if constexpr (!std::decay_t<decltype(one)>::is_default) arms[n++] = one.arm();
  };
  (collect(cases), ...);
  const int performed = detail::select(arms, defaults == 0, at);

  int index = 0;
  int arm = 0;
  int chosen = -1;
  const auto conclude = [&](auto& one) {
    if constexpr (std::decay_t<decltype(one)>::is_default) {
      if (performed == -1) {
        chosen = index;
        if constexpr (requires { one.chosen(); }) one.chosen();
      }
    } else {
      if (performed == arm) {
        chosen = index;
        one.chosen(arms[static_cast<std::size_t>(arm)]);
      }
      ++arm;
    }
    ++index;
  };
  (conclude(cases), ...);
  return chosen;
}

}  // namespace braid
