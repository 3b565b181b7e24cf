// Reports as JSON, version 1: what --json prints, one object on one line.
#pragma once

#include <braid/explore.hpp>
#include <map>
#include <string>

#include "json_values.hpp"

namespace braid {

// What happened in the execution of each token; where it is empty no events are printed.
using histories = std::map<std::string, history>;

json to_json(const report& r, const histories& told = {});
// The rows of a history.
json to_json(const history& told);
// `events`, and beside them what they do not tell: `goroutines_at_end` and `files`.
void add_history(json& to, const history& told);

// Reads what to_json() wrote, but for events. Throws json::exception or std::invalid_argument if it
// is no report, unfit_field (json_values.hpp) for a value that cannot be.
report report_from_json(const json& j);
// The histories in what to_json() wrote, but for their data races and foreign unlocks, of which the
// report tells. Throws the same.
histories histories_from_json(const json& j);
// Of one outcome or finding that has events.
history history_from_json(const json& j);

// Without a newline; invalid UTF-8 is replaced.
std::string text_of(const json& value);

}  // namespace braid
