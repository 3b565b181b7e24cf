// atomic<T>: std::atomic's operations as visible operations (rules A1-A6), and await().
//
// Under the checker every access is a scheduling point and the values explored are sequentially
// consistent, whatever the memory order; production uses the order given. As large as std::atomic.
#pragma once

#include <atomic>
#include <braid/scheduler.hpp>
#include <braid/show.hpp>
#include <braid/where.hpp>
#include <cstring>
#include <type_traits>

namespace braid {
namespace detail {

// Lets others run for a while, longer in later rounds; up to a millisecond.
void back_off(unsigned round, where at);
// The wait that backed off is over.
void end_back_off();

}  // namespace detail

template <class T>
class atomic {
 public:
  using value_type = T;
  static constexpr bool is_always_lock_free = std::atomic<T>::is_always_lock_free;

  atomic(where at = {}) : atomic(T{}, at) {}
  atomic(T value, where at = {}) : value_(value) {
    if (detail::watched()) {
      detail::report_made(this, "atomic", at, static_cast<std::int64_t>(bits_of(value)));
    }
  }
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;
  ~atomic() {
    if (detail::watched()) detail::report_destroyed(this);
  }

  T load(std::memory_order order = std::memory_order_seq_cst, where at = {}) const {
    if (!detail::watched()) return value_.load(order);
    return watched_access(op_kind::load, order, at, [&] { return value_.load(order); });
  }
  void store(T value, std::memory_order order = std::memory_order_seq_cst, where at = {}) {
    if (!detail::watched()) return value_.store(value, order);
    const op next = access(op_kind::store, order, at, &value);
    if (!detail::announce(next)) return;
    value_.store(value, order);
    detail::report({.done = next, .bits = bits_of(value)});
  }
  T exchange(T value, std::memory_order order = std::memory_order_seq_cst, where at = {}) {
    return update(order, at, [&] { return value_.exchange(value, order); });
  }
  // As std::atomic: on failure `expected` becomes the value found.
  bool compare_exchange_strong(T& expected, T desired, std::memory_order success,
                               std::memory_order failure, where at = {}) {
    const std::memory_order both = joined(success, failure);
    if (!detail::watched()) return value_.compare_exchange_strong(expected, desired, both);
    op next = access(op_kind::update, success, at, &desired);
    if constexpr (fits) {
      next.holds_for = [](const op& pending, std::uint64_t bits) {
        return bits_of(*static_cast<const T*>(pending.context)) == bits;
      };
      next.context = &expected;
    }
    if (!detail::announce(next)) return false;
    const bool swapped = value_.compare_exchange_strong(expected, desired, both);
    next.argument = static_cast<std::int64_t>(swapped ? success : failure);
    detail::report({.done = next,
                    .result = swapped,
                    .value = shown_of(expected),
                    .bits = bits_of(swapped ? desired : expected)});
    return swapped;
  }
  bool compare_exchange_strong(T& expected, T desired,
                               std::memory_order order = std::memory_order_seq_cst, where at = {}) {
    return compare_exchange_strong(expected, desired, order, of_failure(order), at);
  }
  // Never fails spuriously here.
  bool compare_exchange_weak(T& expected, T desired,
                             std::memory_order order = std::memory_order_seq_cst, where at = {}) {
    return compare_exchange_strong(expected, desired, order, at);
  }
  bool compare_exchange_weak(T& expected, T desired, std::memory_order success,
                             std::memory_order failure, where at = {}) {
    return compare_exchange_strong(expected, desired, success, failure, at);
  }
  T fetch_add(T delta, std::memory_order order = std::memory_order_seq_cst, where at = {}) {
    return update(order, at, [&] { return value_.fetch_add(delta, order); });
  }
  T fetch_sub(T delta, std::memory_order order = std::memory_order_seq_cst, where at = {}) {
    return update(order, at, [&] { return value_.fetch_sub(delta, order); });
  }
  T fetch_and(T mask, std::memory_order order = std::memory_order_seq_cst, where at = {}) {
    return update(order, at, [&] { return value_.fetch_and(mask, order); });
  }
  T fetch_or(T mask, std::memory_order order = std::memory_order_seq_cst, where at = {}) {
    return update(order, at, [&] { return value_.fetch_or(mask, order); });
  }
  T fetch_xor(T mask, std::memory_order order = std::memory_order_seq_cst, where at = {}) {
    return update(order, at, [&] { return value_.fetch_xor(mask, order); });
  }

  // Waits until the value is no longer `old`. As await(), it needs no notification: those two are
  // here for code that was written for std::atomic.
  void wait(T old, std::memory_order order = std::memory_order_seq_cst, where at = {}) const {
    await_by(
        order, [old](const T& value) { return bits_of(value) != bits_of(old); }, at);
  }
  void notify_one() {}
  void notify_all() {}

  // Waits until predicate(value) holds, and returns that value. The predicate must be a function of
  // its argument alone. In production the wait polls, at first busily and then up to once a
  // millisecond: for long waits a channel is the better tool. Under the checker it is a load that
  // happens only where the predicate holds, so that polling adds nothing to explore.
  template <class Predicate>
  T await(Predicate&& predicate, where at = {}) const {
    return await_by(std::memory_order_seq_cst, predicate, at);
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
  T operator&=(T mask) {
    return fetch_and(mask, std::memory_order_seq_cst, where::unknown()) & mask;
  }
  T operator|=(T mask) {
    return fetch_or(mask, std::memory_order_seq_cst, where::unknown()) | mask;
  }
  T operator^=(T mask) {
    return fetch_xor(mask, std::memory_order_seq_cst, where::unknown()) ^ mask;
  }

 private:
  // Whether equal values have equal bits, in a word.
  static constexpr bool fits =
      sizeof(T) <= sizeof(std::uint64_t) && std::has_unique_object_representations_v<T>;

  // That of a load which a failed exchange is, as std derives it.
  static constexpr std::memory_order of_failure(std::memory_order order) {
    if (order == std::memory_order_acq_rel) return std::memory_order_acquire;  // no partners here
    return order == std::memory_order_release ? std::memory_order_relaxed : order;
  }
  // One order that is at least as strong as both: g++ warns of a failure stronger than success.
  static constexpr std::memory_order joined(std::memory_order success, std::memory_order failure) {
    const bool covers = failure == of_failure(success) || failure == std::memory_order_relaxed;
    return covers || failure == success ? success : std::memory_order_seq_cst;  // no partners here
  }

  static std::uint64_t bits_of(const T& value) {
    std::uint64_t bits = 0;
    if constexpr (fits) std::memcpy(&bits, &value, sizeof value);
    return bits;
  }
  template <class Predicate>
  static bool holds(const op& pending, const T& value) {
    const auto* predicate = static_cast<const std::remove_reference_t<Predicate>*>(pending.context);
    return (*const_cast<std::remove_reference_t<Predicate>*>(predicate))(value);
  }

  static shown shown_of(const T& value) { return {&value, detail::show_value<T>}; }

  // The order is for who looks for data races (rule A4).
  op access(op_kind kind, std::memory_order order, where at, const T* operand = nullptr) const {
    return {.kind = kind,
            .object = this,
            .argument = static_cast<std::int64_t>(order),
            .value = operand == nullptr ? shown{} : shown_of(*operand),
            .at = at};
  }
  // An abandoned access still returns what is there: it must not be invented.
  // Inlined always: a frame of its own would hold what others left on the stack, which makes states
  // of a loop look different (checker/lockstep/repetitions.hpp).
  template <class F>
  [[gnu::always_inline]] T watched_access(op_kind kind, std::memory_order order, where at,
                                          F&& perform) const {
    const op next = access(kind, order, at);
    if (!detail::announce(next)) return value_.load();
    const T found = perform();
    detail::report(
        {.done = next, .result = 1, .value = shown_of(found), .bits = bits_of(value_.load())});
    return found;
  }
  template <class F>
  T update(std::memory_order order, where at, F&& perform) {
    if (!detail::watched()) return perform();
    return watched_access(op_kind::update, order, at, perform);
  }

  // Inlined always, as watched_access().
  template <class Predicate>
  [[gnu::always_inline]] T await_by(std::memory_order order, Predicate&& predicate,
                                    where at) const {
    static_assert(fits, "await() needs a value of at most eight bytes without padding");
    if (detail::watched()) {
      op next = access(op_kind::await, order, at);
      next.context = &predicate;
      next.guard = [](const op& pending) {
        return holds<Predicate>(pending, static_cast<const atomic*>(pending.object)->value_.load());
      };
      next.holds_for = [](const op& pending, std::uint64_t bits) {
        T value;
        std::memcpy(&value, &bits, sizeof value);
        return holds<Predicate>(pending, value);
      };
      if (!detail::announce(next)) return value_.load();
      const T found = value_.load(order);
      detail::report({.done = next, .value = shown_of(found), .bits = bits_of(found)});
      // It holds, unless this is production, where operations are watched now and then.
      if (predicate(found)) return found;
    }
    for (unsigned round = 0;; ++round) {
      const T found = value_.load(order);
      if (predicate(found)) {
        if (round > 0) detail::end_back_off();
        return found;
      }
      detail::back_off(round, at);
    }
  }

  std::atomic<T> value_;
};

}  // namespace braid
