// A finding as JSON: part of what --json prints, and of what processes tell each other.
#pragma once

#include <braid/explore.hpp>

#include "json_values.hpp"

namespace braid {

// Without the events of its execution.
json to_json(const finding& f);
// Throws json::exception or std::invalid_argument if it is none. Fields that older versions did not
// have are empty.
finding finding_from_json(const json& j);

}  // namespace braid
