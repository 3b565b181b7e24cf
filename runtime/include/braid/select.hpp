// select: waits on several channel operations and performs exactly one (rules S1-S16).
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
// the name meets POSIX's ::select. For a number of cases that only the run tells: select_n.hpp.
#pragma once

#include <array>
#include <braid/chan.hpp>
#include <concepts>
#include <optional>
#include <type_traits>

namespace braid {
namespace detail {

struct default_case {
  static constexpr bool is_default = true;
};

// The channel, the place and the slot of a case that receives. `give` gets the value, or null once
// closed.
template <class T>
struct receiving {
  static constexpr bool is_default = false;
  recv_chan<T> from;
  where at;
  receive_slot<T> slot;

  receiving(recv_chan<T> c, where a) : from(std::move(c)), at(a) {}  // the slot stays raw
  receiving(receiving&& other) noexcept : from(std::move(other.from)), at(other.at) {}

  select_arm arm() { return {.kind = op_kind::recv, .on = from.core(), .slot = slot.storage}; }
};

template <class T>
struct recv_case : receiving<T> {
  T* value;    // null: discarded
  bool* more;  // null: not asked for

  recv_case(recv_chan<T> c, T* v, bool* m, where at)
      : receiving<T>(std::move(c), at), value(v), more(m) {}

  void chosen(const select_arm& arm) {
    if (arm.filled) {
      T got = this->slot.take();
      if (value != nullptr) *value = std::move(got);
    } else if constexpr (std::default_initializable<T>) {
      if (value != nullptr) *value = T{};
    }
    if (more != nullptr) *more = arm.filled;
  }
};

// What a handler gets of a T: that, or a std::optional<T> if there is no T{} for a closed channel.
template <class T>
using given = std::conditional_t<std::default_initializable<T>, T, std::optional<T>>;
template <class F, class Value>
concept takes_received =
    std::invocable<F&, Value, bool> || std::invocable<F&, Value> || std::invocable<F&>;

template <class T, class F>
struct on_recv_case : receiving<T> {
  static_assert(takes_received<F, given<T>>,
                "the handler of on_recv takes (value, more), (value) or nothing; a value that has "
                "no default constructor comes as a std::optional");

  F handler;

  on_recv_case(recv_chan<T> c, F f, where at)
      : receiving<T>(std::move(c), at), handler(std::move(f)) {}

  void chosen(const select_arm& arm) {
    if constexpr (!takes_received<F, given<T>>) {
      return;
    } else if constexpr (std::default_initializable<T>) {
      give(arm.filled ? this->slot.take() : T{}, arm.filled);
    } else {
      give(arm.filled ? std::optional<T>(this->slot.take()) : std::nullopt, arm.filled);
    }
  }
  template <class Value>
  void give(Value got, bool more) {
    if constexpr (std::invocable<F&, Value, bool>) {
      handler(std::move(got), more);
    } else if constexpr (std::invocable<F&, Value>) {
      handler(std::move(got));
    } else {
      handler();
    }
  }
};

// What a case sends: a copy that was made on entry, or a value of the caller's, which is moved from
// only if the case is chosen (rule S11).
template <class T>
struct sending {
  static constexpr bool is_default = false;
  send_chan<T> to;
  where at;
  std::optional<T> copy;
  T* original = nullptr;

  sending(send_chan<T> c, const T& value, where a) : to(std::move(c)), at(a), copy(value) {}
  sending(send_chan<T> c, T&& value, where a) : to(std::move(c)), at(a), original(&value) {}

  // Moves the caller's value in, for a case that outlives the expression that made it.
  void keep() {
    if (original != nullptr) copy.emplace(std::move(*std::exchange(original, nullptr)));
  }
  select_arm arm() {
    T* value = original != nullptr ? original : &*copy;
    return {.kind = op_kind::send, .on = to.core(), .slot = value};
  }
};

template <class T>
struct send_case : sending<T> {
  using sending<T>::sending;
  void chosen(const select_arm&) {}
};

template <class T, class F>
struct on_send_case : sending<T> {
  static_assert(std::invocable<F&>, "the handler of on_send takes nothing");

  F handler;

  template <class Value>
  on_send_case(send_chan<T> c, Value&& v, F f, where at)
      : sending<T>(std::move(c), std::forward<Value>(v), at), handler(std::move(f)) {}

  void chosen(const select_arm&) {
    if constexpr (std::invocable<F&>) handler();
  }
};

template <class F>
struct on_default_case {
  static_assert(std::invocable<F&>, "the handler of on_default takes nothing");
  static constexpr bool is_default = true;
  F handler;

  void chosen() {
    if constexpr (std::invocable<F&>) handler();
  }
};

}  // namespace detail

// The cases. They belong into the braces of a select: a sent rvalue must live until it is done.
// Channels and sent values are evaluated on entry, in the order of the cases, and lvalues copied;
// within one case C++ leaves the order of two arguments open. A received value and `more` are
// assigned only if the case is chosen. A closed channel gives T{} (rule C11).
template <class T, direction D>
requires detail::receives<D>
[[nodiscard]] detail::recv_case<T> recv(const basic_chan<T, D>& from, where at = {}) {
  return {from, nullptr, nullptr, at};
}
template <class T, direction D>
requires detail::receives_zero<T, D>
[[nodiscard]] detail::recv_case<T> recv(const basic_chan<T, D>& from,
                                        std::type_identity_t<T>& value, where at = {}) {
  return {from, &value, nullptr, at};
}
template <class T, direction D>
requires detail::receives_zero<T, D>
[[nodiscard]] detail::recv_case<T> recv(const basic_chan<T, D>& from,
                                        std::type_identity_t<T>& value, bool& more, where at = {}) {
  return {from, &value, &more, at};
}
template <class T, direction D>
requires detail::sends_copies<T, D>
[[nodiscard]] detail::send_case<T> send(const basic_chan<T, D>& to,
                                        const std::type_identity_t<T>& value, where at = {}) {
  return {to, value, at};
}
template <class T, direction D>
requires detail::sends<D>
[[nodiscard]] detail::send_case<T> send(const basic_chan<T, D>& to, std::type_identity_t<T>&& value,
                                        where at = {}) {
  return {to, std::move(value), at};
}
// The handler takes (value, more), (value) or nothing; for a T without default constructor the
// value is a std::optional<T>.
template <class T, direction D, class F>
requires detail::receives<D>
[[nodiscard]] detail::on_recv_case<T, F> on_recv(const basic_chan<T, D>& from, F handler,
                                                 where at = {}) {
  return {from, std::move(handler), at};
}
template <class T, direction D, class F>
requires detail::sends_copies<T, D>
[[nodiscard]] detail::on_send_case<T, F> on_send(const basic_chan<T, D>& to,
                                                 const std::type_identity_t<T>& value, F handler,
                                                 where at = {}) {
  return {to, value, std::move(handler), at};
}
template <class T, direction D, class F>
requires detail::sends<D>
[[nodiscard]] detail::on_send_case<T, F> on_send(const basic_chan<T, D>& to,
                                                 std::type_identity_t<T>&& value, F handler,
                                                 where at = {}) {
  return {to, std::move(value), std::move(handler), at};
}
template <class F>
[[nodiscard]] detail::on_default_case<F> on_default(F handler) {
  return {std::move(handler)};
}
inline constexpr detail::default_case otherwise{};

namespace detail {

template <class Case>
inline constexpr bool is_place = std::is_same_v<Case, where>;
template <class Case>
inline constexpr bool is_default = Case::is_default;
template <>
inline constexpr bool is_default<where> = false;
template <class... Cases>
inline constexpr std::size_t defaults_count = (std::size_t{is_default<Cases>} + ... + 0);

// Performs one of the cases and returns its index. A place among them stands for `at`.
template <class... Cases>
int select_among(where at, Cases&... cases);

}  // namespace detail

// The cases, any number of them, at most one of them a default (S5); the place of the select may
// follow them. By itself it is that of the first case: of braces over several lines, g++ takes the
// last one for the place and clang the first; about calls they agree.
template <class... Cases>
class select {
  static_assert(detail::defaults_count<Cases...> <= 1,
                "a select has at most one default: otherwise, or on_default (rule S5)");

 public:
  explicit select(Cases... cases, where at = {}) : chosen_(detail::select_among(at, cases...)) {}

  // The index of the case that was performed, counting from 0 in source order.
  constexpr operator int() const { return chosen_; }

 private:
  int chosen_;
};
template <class... Cases>
select(Cases...) -> select<Cases...>;

namespace detail {

// Tells the case that was performed, by the index of its arm or -1, and returns its own index.
template <class... Cases>
int conclude(int performed, const select_arm* arms, Cases&... cases) {
  int index = 0;
  int arm = 0;
  int chosen = -1;
  [[maybe_unused]] const auto tell = [&]<class Case>(Case& one) {
    if constexpr (is_place<Case>) {
      return;
    } else if constexpr (is_default<Case>) {
      if (performed == -1) {
        chosen = index;
        if constexpr (requires { one.chosen(); }) one.chosen();
      }
    } else {
      if (performed == arm) {
        chosen = index;
        one.chosen(arms[arm]);
      }
      ++arm;
    }
    ++index;
  };
  (tell(cases), ...);
  return chosen;
}

template <class... Cases>
int select_among(where at, Cases&... cases) {
  constexpr std::size_t defaults = defaults_count<Cases...>;
  constexpr std::size_t places = (std::size_t{is_place<Cases>} + ... + 0);
  std::array<select_arm, sizeof...(Cases) - defaults - places> arms;
  std::size_t n = 0;
  [[maybe_unused]] const auto collect = [&]<class Case>(Case& one) {
    if constexpr (is_place<Case>) {
      at = one;
    } else if constexpr (!is_default<Case>) {
      if (n == 0) at = one.at;
      arms[n++] = one.arm();
    }
  };
  (collect(cases), ...);
  return conclude(select(arms, defaults == 0, at), arms.data(), cases...);
}

}  // namespace detail
}  // namespace braid
