// atomic<T>: std::atomic's operations as visible operations (rules A1-A6).
//
// Under the checker every access is a scheduling point and the values explored are sequentially
// consistent, whatever the memory order; production uses the order given. As large as std::atomic.
#pragma once

#include <atomic>
#include <braid/scheduler.hpp>
#include <braid/show.hpp>
#include <braid/where.hpp>

namespace braid {

template <class T>
class atomic {
 public:
  atomic(where at = {}) : atomic(T{}, at) {}
  atomic(T value, where at = {}) : value_(value) {
    if (detail::watched()) detail::report_made(this, "atomic", at);
  }
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;
  ~atomic() {
    if (detail::watched()) detail::report_destroyed(this);
  }

  T load(std::memory_order order = std::memory_order_seq_cst, where at = {}) const {
    if (!detail::watched()) return value_.load(order);
    return watched_access(op_kind::load, at, [&] { return value_.load(order); });
  }
  void store(T value, std::memory_order order = std::memory_order_seq_cst, where at = {}) {
    if (!detail::watched()) return value_.store(value, order);
    const op next = access(op_kind::store, at, &value);
    if (!detail::announce(next)) return;
    value_.store(value, order);
    detail::report({.done = next});
  }
  T exchange(T value, std::memory_order order = std::memory_order_seq_cst, where at = {}) {
    return update(at, [&] { return value_.exchange(value, order); });
  }
  // As std::atomic: on failure `expected` becomes the value found.
  bool compare_exchange_strong(T& expected, T desired,
                               std::memory_order order = std::memory_order_seq_cst, where at = {}) {
    if (!detail::watched()) return value_.compare_exchange_strong(expected, desired, order);
    const op next = access(op_kind::update, at, &desired);
    if (!detail::announce(next)) return false;
    const bool swapped = value_.compare_exchange_strong(expected, desired, order);
    detail::report({.done = next, .result = swapped, .value = shown_of(expected)});
    return swapped;
  }
  bool compare_exchange_weak(T& expected, T desired,
                             std::memory_order order = std::memory_order_seq_cst, where at = {}) {
    return compare_exchange_strong(expected, desired, order, at);
  }
  T fetch_add(T delta, std::memory_order order = std::memory_order_seq_cst, where at = {}) {
    return update(at, [&] { return value_.fetch_add(delta, order); });
  }
  T fetch_sub(T delta, std::memory_order order = std::memory_order_seq_cst, where at = {}) {
    return update(at, [&] { return value_.fetch_sub(delta, order); });
  }
  T fetch_and(T mask, std::memory_order order = std::memory_order_seq_cst, where at = {}) {
    return update(at, [&] { return value_.fetch_and(mask, order); });
  }
  T fetch_or(T mask, std::memory_order order = std::memory_order_seq_cst, where at = {}) {
    return update(at, [&] { return value_.fetch_or(mask, order); });
  }

  // The operators have no room for a place, so reports show none.
  operator T() const { return load(std::memory_order_seq_cst, where::unknown()); }
  T operator=(T value) {
    store(value, std::memory_order_seq_cst, where::unknown());
    return value;
  }
  T operator++() { return fetch_add(1, std::memory_order_seq_cst, where::unknown()) + 1; }
  T operator++(int) { return fetch_add(1, std::memory_order_seq_cst, where::unknown()); }
  T operator--() { return fetch_sub(1, std::memory_order_seq_cst, where::unknown()) - 1; }
  T operator--(int) { return fetch_sub(1, std::memory_order_seq_cst, where::unknown()); }
  T operator+=(T delta) {
    return fetch_add(delta, std::memory_order_seq_cst, where::unknown()) + delta;
  }
  T operator-=(T delta) {
    return fetch_sub(delta, std::memory_order_seq_cst, where::unknown()) - delta;
  }

 private:
  static shown shown_of(const T& value) { return {&value, detail::show_value<T>}; }

  op access(op_kind kind, where at, const T* operand = nullptr) const {
    return {.kind = kind,
            .object = this,
            .value = operand == nullptr ? shown{} : shown_of(*operand),
            .at = at};
  }
  // An abandoned access still returns what is there: it must not be invented.
  template <class F>
  T watched_access(op_kind kind, where at, F&& perform) const {
    const op next = access(kind, at);
    if (!detail::announce(next)) return value_.load();
    const T found = perform();
    detail::report({.done = next, .result = 1, .value = shown_of(found)});
    return found;
  }
  template <class F>
  T update(where at, F&& perform) {
    if (!detail::watched()) return perform();
    return watched_access(op_kind::update, at, perform);
  }

  std::atomic<T> value_;
};

}  // namespace braid
