// atomic_value<T>: a value of any type that is read and replaced as a whole (rule A5), as Go's
// atomic.Value; with a static type, so that storing another type is no panic but does not compile.
//
//   braid::atomic_value<config> current(read_config());
//   current.store(read_config());          // in one goroutine
//   const config now = current.load();     // in the others
//
// Readers copy the value outside of the lock; T's own operations may do what they like.
#pragma once

#include <atomic>
#include <braid/scheduler.hpp>
#include <braid/show.hpp>
#include <braid/spin_lock.hpp>
#include <braid/where.hpp>
#include <memory>
#include <utility>

namespace braid {

template <class T>
class atomic_value {
 public:
  atomic_value(where at = {}) : atomic_value(T{}, at) {}
  explicit atomic_value(T value, where at = {})
      : value_(std::make_shared<const T>(std::move(value))) {
    if (detail::watched()) detail::report_made(this, "atomic", at);
  }
  atomic_value(const atomic_value&) = delete;
  atomic_value& operator=(const atomic_value&) = delete;
  ~atomic_value() {
    if (detail::watched()) detail::report_destroyed(this);
  }

  T load(where at = {}) const {
    const op next = access(op_kind::load, at);
    if (detail::watched() && !detail::announce(next)) return *current();
    const pointer found = current();
    if (detail::watched()) detail::report({.done = next, .result = 1, .value = shown_of(*found)});
    return *found;
  }
  void store(T value, where at = {}) {
    const op next = access(op_kind::store, at, &value);
    if (detail::watched() && !detail::announce(next)) return;
    replace(std::make_shared<const T>(std::move(value)));
    if (detail::watched()) detail::report({.done = next});
  }
  // Stores, and gives the value that was there before.
  T exchange(T value, where at = {}) {
    const op next = access(op_kind::update, at, &value);
    if (detail::watched() && !detail::announce(next)) return *current();
    const pointer before = replace(std::make_shared<const T>(std::move(value)));
    if (detail::watched()) detail::report({.done = next, .result = 1, .value = shown_of(*before)});
    return *before;
  }
  // Stores if the value is `expected`, by ==. Else gives the value that is there in `expected`.
  bool compare_exchange(T& expected, T value, where at = {});

 private:
  using pointer = std::shared_ptr<const T>;

  static shown shown_of(const T& value) { return {&value, detail::show_value<T>}; }
  // The order is for who looks for data races (rule A1).
  op access(op_kind kind, where at, const T* operand = nullptr) const {
    return {.kind = kind,
            .object = this,
            .argument = static_cast<std::int64_t>(std::memory_order_seq_cst),
            .value = operand == nullptr ? shown{} : shown_of(*operand),
            .at = at};
  }
  pointer current() const {
    const spin_guard held(guard_);
    return value_;
  }
  pointer replace(pointer with) {
    const spin_guard held(guard_);
    value_.swap(with);
    return with;
  }
  bool replace_if(const pointer& is, pointer& with) {
    const spin_guard held(guard_);
    if (value_ != is) return false;
    value_.swap(with);
    return true;
  }

  mutable spin_lock guard_;
  // Protected by guard_:
  pointer value_;  // never null
};

template <class T>
bool atomic_value<T>::compare_exchange(T& expected, T value, where at) {
  const op next = access(op_kind::update, at, &value);
  if (detail::watched() && !detail::announce(next)) return false;
  pointer found = current();
  pointer desired = std::make_shared<const T>(std::move(value));
  bool swapped = false;
  // Another store may come between the comparison and the exchange: compare again.
  while (*found == expected && !(swapped = replace_if(found, desired))) found = current();
  if (detail::watched()) {
    detail::report({.done = next, .result = swapped, .value = shown_of(*found)});
  }
  if (!swapped) expected = *found;
  return swapped;
}

}  // namespace braid
