// var<T>: plain data that goroutines share, with every access a visible operation.
//
// In production it is a T, as large and as fast. Under the checker each read and each write is a
// scheduling point, so that the search finds every order of accesses; and accesses that nothing
// orders, at least one of which writes, are a data race, which is a finding.
#pragma once

#include <braid/scheduler.hpp>
#include <braid/show.hpp>
#include <braid/where.hpp>
#include <utility>

namespace braid {

template <class T>
class var {
 public:
  var(where at = {}) : var(T{}, at) {}
  var(T value, where at = {}) : value_(std::move(value)) {
    if (detail::watched()) detail::report_made(this, "var", at);
  }
  var(const var&) = delete;
  ~var() {
    if (detail::watched()) detail::report_destroyed(this);
  }

  T read(where at = {}) const {
    if (!detail::watched()) return value_;
    const op next{.kind = op_kind::read, .object = this, .at = at};
    if (!detail::announce(next)) return value_;
    detail::report({.done = next, .value = {&value_, detail::show_value<T>}});
    return value_;
  }
  void write(T value, where at = {}) {
    if (!detail::watched()) {
      value_ = std::move(value);
      return;
    }
    const op next{
        .kind = op_kind::write, .object = this, .value = {&value, detail::show_value<T>}, .at = at};
    if (!detail::announce(next)) return;
    value_ = std::move(value);
    detail::report({.done = next});
  }

  // The operators have no room for a place, so reports show none. `n += 1` is a read, then a write.
  operator T() const { return read(where::unknown()); }
  var& operator=(T value) {
    write(std::move(value), where::unknown());
    return *this;
  }
  var& operator=(const var& other) { return *this = other.read(where::unknown()); }
  var& operator+=(const T& delta) { return *this = read(where::unknown()) + delta; }
  var& operator-=(const T& delta) { return *this = read(where::unknown()) - delta; }
  var& operator++() { return *this += T{1}; }
  var& operator--() { return *this -= T{1}; }
  T operator++(int) {
    T before = read(where::unknown());
    write(before + T{1}, where::unknown());
    return before;
  }
  T operator--(int) {
    T before = read(where::unknown());
    write(before - T{1}, where::unknown());
    return before;
  }

 private:
  T value_;
};

static_assert(sizeof(var<int>) == sizeof(int));

}  // namespace braid
