// The goroutines of a finding as JSON: part of what --json prints, and of what processes tell each
// other.
#pragma once

#include <braid/explore.hpp>
#include <nlohmann/json.hpp>

namespace braid {

nlohmann::ordered_json to_json(const involved_goroutine& g);
// Throws json::exception if it is none. Fields that are not there are empty.
involved_goroutine involved_from_json(const nlohmann::ordered_json& j);

}  // namespace braid
