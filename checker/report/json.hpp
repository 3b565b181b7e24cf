// Reports as JSON, version 1: what --json prints, one object on one line.
#pragma once

#include <braid/explore.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace braid {

// Fields come in the order in which they were added.
using json = nlohmann::ordered_json;

// What happened in the execution of each token; where it is empty no events are printed.
using histories = std::map<std::string, history>;

json to_json(const report& r, const histories& told = {});
// The rows of a history.
json to_json(const history& told);

// Without a newline; invalid UTF-8 is replaced.
std::string text_of(const json& value);

}  // namespace braid
