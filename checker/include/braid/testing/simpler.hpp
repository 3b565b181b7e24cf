// Inputs that are a step simpler: what rapidcheck's own shrinking, one value at a time, may miss.
//
// An element is dropped (a goroutine, an operation), or all integers are lowered together: where
// two of them have to be equal for a failure, neither can be lowered alone. Looks into tuples,
// pairs, arrays and sequences; leaves alone what it does not know.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace braid::detail {

template <class T>
concept lowerable = std::is_integral_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char>;
template <class T>
concept fixed_group = requires {
  std::tuple_size<T>::value;
};
template <class T>
concept sequence = requires(T& t) {
  typename T::value_type;
  t.push_back(*t.begin());
  t.erase(t.begin());
};

// Calls visit(part) for each direct part of a value that has parts.
template <class T, class Visit>
void for_each_part(T& value, Visit&& visit) {
  using plain = std::remove_const_t<T>;
  if constexpr (sequence<plain>) {
    for (auto&& part : value) visit(part);
  } else if constexpr (fixed_group<plain>) {
    std::apply([&](auto&... parts) { (visit(parts), ...); }, value);
  }
}

template <class T>
std::uint64_t magnitude(T number) {
  const auto bits = static_cast<std::uint64_t>(number);
  return number < 0 ? 0 - bits : bits;
}

// The largest distance from zero of an integer in it.
template <class T>
std::uint64_t largest_in(const T& value) {
  if constexpr (lowerable<T>) {
    return magnitude(value);
  } else {
    std::uint64_t largest = 0;
    for_each_part(value, [&](const auto& part) { largest = std::max(largest, largest_in(part)); });
    return largest;
  }
}

// Takes every integer nearer to zero, and no further.
template <class T>
void lower_all(T& value, std::uint64_t by) {
  if constexpr (lowerable<T>) {
    const auto step = static_cast<T>(std::min(by, magnitude(value)));
    value = static_cast<T>(value < 0 ? value + step : value - step);
  } else {
    for_each_part(value, [&](auto& part) {
      if constexpr (!std::is_const_v<std::remove_reference_t<decltype(part)>>) lower_all(part, by);
    });
  }
}

// Drops the element with this number, in the order in which they are met; counts down to it.
// False if there are fewer.
template <class T>
bool drop_element(T& value, std::uint64_t& number) {
  if constexpr (sequence<T>) {
    if (number < value.size()) {
      value.erase(std::next(value.begin(), static_cast<std::ptrdiff_t>(number)));
      return true;
    }
    number -= value.size();
  }
  bool is_done = false;
  for_each_part(value, [&](auto& part) {
    if constexpr (!std::is_const_v<std::remove_reference_t<decltype(part)>>) {
      is_done = is_done || drop_element(part, number);
    }
  });
  return is_done;
}

// An edit is a number: of an element that is dropped, or by how much all integers are lowered.
inline std::uint64_t edit_dropping(std::uint64_t element) { return element * 2; }
inline std::uint64_t edit_lowering(std::uint64_t by) { return by * 2 + 1; }

// Nothing if it changes nothing.
template <class T>
std::optional<T> edited(T value, std::uint64_t edit) {
  std::uint64_t number = edit / 2;
  if (edit % 2 == 0) return drop_element(value, number) ? std::optional<T>(value) : std::nullopt;
  if (number == 0 || largest_in(value) == 0) return std::nullopt;
  lower_all(value, number);
  return value;
}

}  // namespace braid::detail
