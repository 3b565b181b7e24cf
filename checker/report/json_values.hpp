// Values of reports as JSON, which writing and reading share.
#pragma once

#include "report/json.hpp"

namespace braid {

inline json text_or_null(const std::string& text) { return text.empty() ? json() : json(text); }

inline std::string text_from(const json& j) { return j.is_null() ? "" : j.get<std::string>(); }

inline std::string name_of_goroutine(int number) {
  if (number < 0) return "timers";
  return number == 0 ? "main" : "g" + std::to_string(number);
}

}  // namespace braid
