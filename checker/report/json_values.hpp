// Values of reports as JSON, which writing and reading share.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>

#include "names.hpp"
#include "report/json.hpp"

namespace braid {

inline json text_or_null(const std::string& text) { return text.empty() ? json() : json(text); }

inline std::string text_from(const json& j) { return j.is_null() ? "" : j.get<std::string>(); }

// These throw json::exception or std::invalid_argument if it is none.
inline timer_mode timer_mode_from(const json& j) {
  const std::optional<timer_mode> mode = timer_mode_named(j.get<std::string>());
  if (!mode) throw std::invalid_argument("no such timer mode");
  return *mode;
}
inline verdict verdict_from(const json& j) {
  const std::optional<verdict> v = verdict_named(j.get<std::string>());
  if (!v) throw std::invalid_argument("no such verdict");
  return *v;
}

}  // namespace braid
