// Values of reports as JSON, which writing and reading share.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>

#include "report/json.hpp"

namespace braid {

inline json text_or_null(const std::string& text) { return text.empty() ? json() : json(text); }

inline std::string text_from(const json& j) { return j.is_null() ? "" : j.get<std::string>(); }

// Throws json::exception or std::invalid_argument if it is none.
inline verdict verdict_from(const json& j) {
  const std::optional<verdict> v = verdict_named(j.get<std::string>());
  if (!v) throw std::invalid_argument("no such verdict");
  return *v;
}

inline std::string name_of_goroutine(int number) {
  if (number < 0) return "timers";
  return number == 0 ? "main" : "g" + std::to_string(number);
}

}  // namespace braid
