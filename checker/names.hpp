// How goroutines and timer modes are called, in reports, tokens and files alike.
#pragma once

#include <braid/explore.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace braid {

// By its number in its execution; happening::timers is -1.
inline std::string name_of_goroutine(std::int64_t number) {
  if (number < 0) return "timers";
  return number == 0 ? "main" : "g" + std::to_string(number);
}

inline std::string_view name_of(timer_mode mode) {
  return mode == timer_mode::free ? "free" : "ordered";
}
inline std::optional<timer_mode> timer_mode_named(std::string_view name) {
  for (const timer_mode mode : {timer_mode::ordered, timer_mode::free}) {
    if (name == name_of(mode)) return mode;
  }
  return std::nullopt;
}

}  // namespace braid
