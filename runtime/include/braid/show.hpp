// How values of the user's types become text: in print(), in panics and in reports.
//
// By operator<<, or by a printer, which wins: for a type that has none, or whose own says too much.
//
//   template <>
//   struct braid::printer<order> {
//     static std::string text_of(const order& o) { return "order " + std::to_string(o.number); }
//   };
#pragma once

#include <charconv>
#include <cmath>
#include <concepts>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>

namespace braid {

template <class T>
struct printer;

}  // namespace braid

namespace braid::detail {

template <class T>
concept has_printer = requires(const T& value) {
  { printer<T>::text_of(value) } -> std::convertible_to<std::string_view>;
};

template <class T>
concept streamable = requires(std::ostream& out, const T& value) {
  out << value;
};

// Appends `value` as Go's fmt.Print would: with the fewest digits that tell it from its neighbours,
// and with an exponent below 0.0001 and from a million on.
template <std::floating_point T>
void append_floating(std::string& to, T value) {
  if (std::isnan(value)) {
    to += "NaN";
  } else if (std::isinf(value)) {
    to += value > 0 ? "+Inf" : "-Inf";
  } else {
    char text[64];
    const auto write = [&](std::chars_format form) {
      return std::to_chars(text, text + sizeof text, value, form).ptr;
    };
    std::string digits(text, write(std::chars_format::scientific));
    const int exponent = std::stoi(digits.substr(digits.find('e') + 1));
    if (exponent >= -4 && exponent < 6) digits.assign(text, write(std::chars_format::fixed));
    to += digits;
  }
}

// Appends `value` by its printer, or as Go's fmt.Print would: numbers in decimal, bool as a word,
// else by operator<<.
template <class T>
void append(std::string& to, const T& value) {
  using plain = std::decay_t<T>;
  if constexpr (has_printer<plain>) {
    to += std::string_view(printer<plain>::text_of(value));
  } else if constexpr (std::is_same_v<plain, bool>) {
    to += value ? "true" : "false";
  } else if constexpr (std::is_same_v<plain, char>) {
    to += value;
  } else if constexpr (std::integral<plain>) {
    char digits[24];
    to.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    to += std::string_view(value);
  } else if constexpr (std::floating_point<plain>) {
    append_floating(to, value);
  } else {
    std::ostringstream out;
    out << value;
    to += out.view();
  }
}

// For `shown`: strings in quotes, values that cannot be printed as nothing.
template <class T>
void show_value(const void* value, std::string& to) {
  const T& typed = *static_cast<const T*>(value);
  if constexpr (has_printer<T>) {
    append(to, typed);
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    to += '"';
    append(to, typed);
    to += '"';
  } else if constexpr (std::is_same_v<T, char> || std::integral<T> || std::floating_point<T> ||
                       streamable<T>) {
    append(to, typed);
  }
}

}  // namespace braid::detail
