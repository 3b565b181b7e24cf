// JSON as reports have it, and processes tell each other of findings: values that writing and
// reading share.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "names.hpp"
#include "trace/run_token.hpp"

namespace braid {

// Fields come in the order in which they were added.
using json = nlohmann::ordered_json;

inline json text_or_null(const std::string& text) { return text.empty() ? json() : json(text); }

inline std::string text_from(const json& j) { return j.is_null() ? "" : j.get<std::string>(); }

// A field whose value cannot be: the text begins with its name, and says what it must be.
class unfit_field : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

// What others than JSON can hold, too: 2^53.
inline constexpr std::uint64_t json_number_max = std::uint64_t{1} << 53;

// A whole number, from 0 to `most` and to what the type holds. Throws unfit_field; json::exception
// if there is no such field.
template <class Number>
Number number_in(const json& j, const std::string& field, std::uint64_t most = json_number_max) {
  const json& value = j.at(field);
  const std::uint64_t limit = std::min<std::uint64_t>(most, std::numeric_limits<Number>::max());
  const bool is_whole =
      value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0);
  if (is_whole && value.get<std::uint64_t>() <= limit) return value.get<Number>();
  throw unfit_field(field + " is " + value.dump() + ", which is no whole number from 0 to " +
                    std::to_string(limit));
}
// The same; `otherwise` if there is no such field.
template <class Number>
Number number_in_or(const json& j, const std::string& field, Number otherwise) {
  return j.contains(field) ? number_in<Number>(j, field) : otherwise;
}

// A number that is not below zero.
inline double amount_in(const json& j, const std::string& field) {
  const json& value = j.at(field);
  if (value.is_number() && value.get<double>() >= 0) return value.get<double>();
  throw unfit_field(field + " is " + value.dump() + ", which is no number from 0 on");
}

// A token; empty for null. It may be of any program.
inline std::string token_in(const json& j) {
  const json& value = j.at("token");
  if (value.is_null()) return "";
  if (value.is_string() && is_token(value.get<std::string>())) return value.get<std::string>();
  throw unfit_field("token is " + value.dump() + ", which is no token");
}

// Reads each element of a list. What does not fit in one is named with its place:
// `outcomes[2].count is -1, ...`.
template <class Read>
void read_each(const json& j, const std::string& field, Read&& read) {
  const json& list = j.at(field);
  if (!list.is_array()) throw unfit_field(field + " is " + list.dump() + ", which is no list");
  for (std::size_t i = 0; i < list.size(); ++i) {
    try {
      read(list[i]);
    } catch (const unfit_field& why) {
      throw unfit_field(field + "[" + std::to_string(i) + "]." + why.what());
    }
  }
}

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
