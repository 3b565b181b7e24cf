// JSON as reports have it, and processes tell each other of findings: values that writing and
// reading share.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "names.hpp"

namespace braid {

// Fields come in the order in which they were added.
using json = nlohmann::ordered_json;

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
