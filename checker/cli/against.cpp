// Reads a result of `explore --json` and compares production with it; see production.hpp.
#include <algorithm>
#include <fstream>

#include "cli/production.hpp"
#include "cli/refusal.hpp"
#include "report/json.hpp"

namespace braid::cli {
namespace {

reported_outcome outcome_of(const braid::json& j) {
  reported_outcome o{.output = j.at("output")};
  for (const auto& name : j.at("verdicts")) {
    if (const auto v = verdict_named(name.get<std::string>())) o.verdicts.push_back(*v);
  }
  if (const auto v = verdict_named(j.at("verdict").get<std::string>())) o.lowest = *v;
  o.exit_code = j.value("exit_code", j.value("signal", 0));
  return o;
}

explored_set set_of(const braid::json& result) {
  explored_set set{.is_complete = result.at("complete"),
                   .is_free = result.at("timers").get<std::string>() == "free"};
  for (const auto& o : result.at("outcomes")) set.outcomes.push_back(outcome_of(o));
  return set;
}

// How a program of this outcome ends in production.
verdict seen_as(const reported_outcome& o) {
  for (const verdict v : o.verdicts) {
    const bool is_visible = v == verdict::panic || v == verdict::fatal || v == verdict::deadlock ||
                            v == verdict::crash || v == verdict::exit;
    if (is_visible) return v == verdict::exit && o.exit_code == 0 ? verdict::ok : v;
  }
  return verdict::ok;
}

}  // namespace

bool explored_set::has(const reported_outcome& in_production) const {
  return std::any_of(outcomes.begin(), outcomes.end(), [&](const reported_outcome& o) {
    const verdict ending = seen_as(o);
    if (o.output != in_production.output || ending != in_production.lowest) return false;
    const bool has_code = ending == verdict::exit || ending == verdict::crash;
    return !has_code || o.exit_code == in_production.exit_code;
  });
}

explored_set read_explored(const std::string& path, const std::string& program) {
  std::ifstream in(path);
  if (!in) throw refusal(exit_code::bad_file, "cannot read '" + path + "'");
  try {
    for (std::string line; std::getline(in, line);) {
      if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
      const braid::json result = braid::json::parse(line);
      if (result.at("program").get<std::string>() == program) return set_of(result);
    }
  } catch (const braid::json::exception&) {
    throw refusal(
        exit_code::bad_file,
        "'" + path + "' is no result; write one with: explore --json " + program + " > FILE");
  }
  throw refusal(exit_code::bad_file, "'" + path + "' has no result of '" + program +
                                         "'; write one with: explore --json " + program +
                                         " > FILE");
}

}  // namespace braid::cli
