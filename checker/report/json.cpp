// Reports as JSON; see json.hpp.
#include "report/json.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "explain/finding_json.hpp"
#include "json_values.hpp"
#include "names.hpp"
#include "report/text.hpp"
#include "trace/option_names.hpp"

namespace braid {
namespace {

constexpr int json_version = 1;

// Six digits are enough for a share or a time, and are the same on every machine.
double rounded(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", number);
  return std::strtod(text, nullptr);
}

// A whole number as such.
json estimate_to_json(const std::optional<double>& estimate) {
  if (!estimate) return json();
  constexpr double exact_max = 9007199254740992;  // 2^53
  if (*estimate > exact_max) return rounded(*estimate);
  return static_cast<std::uint64_t>(*estimate + 0.5);
}

void add_events(json& to, const std::string& token, const histories& told) {
  const auto found = told.find(token);
  if (found != told.end()) add_history(to, found->second);
}

json outcome_to_json(const reported_outcome& o, const report& r, const histories& told) {
  json j;
  j["output"] = o.output;
  if (!o.errors.empty()) j["errors"] = o.errors;
  j["verdict"] = name_of(o.lowest);
  j["verdicts"] = json::array();
  for (const verdict v : o.verdicts) j["verdicts"].push_back(name_of(v));
  if (o.has(verdict::exit)) j["exit_code"] = o.exit_code;
  if (o.has(verdict::crash)) j["signal"] = o.exit_code;
  j["count"] = o.count;
  j["share"] = r.executions == 0
                   ? 0.0
                   : rounded(static_cast<double>(o.count) / static_cast<double>(r.executions));
  j["token"] = text_or_null(o.token);
  if (r.shard || o.sampled > 0) j["sampled"] = o.sampled;
  if (r.shard) {  // what decides between the tokens of two shards
    j["run"] = o.run;
    j["deviations"] = o.deviations;
  }
  if (!o.leaked.empty()) j["leaked"] = o.leaked;
  if (!o.hung.empty()) j["hung"] = o.hung;
  add_events(j, o.token, told);
  return j;
}

json to_json(const pct_guarantee& g) {
  return {{"n", g.goroutines},           {"k", g.steps},       {"d", g.depth},
          {"chance", rounded(g.chance)}, {"holds", g.holds()}, {"n_seen", g.goroutines_seen},
          {"k_seen", g.steps_seen}};
}

json shard_to_json(const shard_report& s) {
  json j;
  j["index"] = s.part.index;
  j["count"] = s.part.count;
  j["digest"] = s.digest;
  j["complete"] = s.complete;
  j["why_incomplete"] = text_or_null(s.why_incomplete);
  return j;
}

// By the names of the command line, but with underscores: `{"no_leak":true,"max_steps":50}`.
json options_to_json(const execution_options& options) {
  json j = json::object();
  for (const named_option& o : changed_options(options)) {
    std::string key(o.name);
    std::replace(key.begin(), key.end(), '-', '_');
    if (!o.value) {
      j[key] = true;
    } else if (key == "max_steps") {
      j[key] = options.steps_max;
    } else {
      j[key].push_back(*o.value);
    }
  }
  return j;
}

json warning_to_json(const foreign_unlock& u, const report& r) {
  json j;
  j["warning"] = "foreign-unlock";
  j["object"] = u.object;
  j["made_at"] = text_or_null(u.made_at);
  j["locked_by"] = u.locked_by;
  j["locked_at"] = text_or_null(u.locked_at);
  j["unlocked_by"] = u.unlocked_by;
  j["unlocked_at"] = text_or_null(u.unlocked_at);
  j["token"] = u.token;
  if (r.shard) {  // as for outcomes
    j["sampled"] = u.sampled;
    j["run"] = u.run;
    j["deviations"] = u.deviations;
  }
  return j;
}

}  // namespace

json to_json(const report& r, const histories& told) {
  json j;
  j["v"] = json_version;
  j["program"] = r.program;
  j["strategy"] = r.strategy;
  j["seed"] = r.seed;
  j["timers"] = name_of(r.timers);
  if (json options = options_to_json(r.options); !options.empty()) j["options"] = options;
  j["complete"] = r.complete;
  j["why_incomplete"] = text_or_null(r.why_incomplete);
  if (!r.why_dfs.empty()) j["why_dfs"] = r.why_dfs;
  j["executions"] = r.executions;
  j["classes"] = r.classes ? json(*r.classes) : json();
  j["blocked"] = r.blocked;
  j["steps"] = r.steps;
  j["seconds"] = rounded(r.seconds);
  j["estimate"] = estimate_to_json(r.estimate);
  j["guarantee"] = r.guarantee ? to_json(*r.guarantee) : json();
  if (r.shard) j["shard"] = shard_to_json(*r.shard);
  j["outcomes"] = json::array();
  for (const reported_outcome& o : r.outcomes) j["outcomes"].push_back(outcome_to_json(o, r, told));
  j["findings"] = json::array();
  for (const finding& f : r.findings) {
    j["findings"].push_back(to_json(f));
    add_events(j["findings"].back(), f.token, told);
  }
  j["warnings"] = json::array();
  for (const foreign_unlock& u : r.warnings) j["warnings"].push_back(warning_to_json(u, r));
  return j;
}

namespace {

reported_outcome outcome_from_json(const json& j) {
  reported_outcome o{.output = j.at("output"),
                     .errors = j.value("errors", ""),
                     .lowest = verdict_from(j.at("verdict"))};
  for (const json& v : j.at("verdicts")) o.verdicts.push_back(verdict_from(v));
  o.exit_code = j.value("exit_code", j.value("signal", 0));
  o.count = number_in<std::uint64_t>(j, "count");
  o.token = token_in(j);
  o.sampled = number_in_or<std::uint64_t>(j, "sampled", 0);
  o.run = number_in_or<std::uint64_t>(j, "run", 0);
  o.deviations = number_in_or<std::uint32_t>(j, "deviations", 0);
  o.leaked = j.value("leaked", o.leaked);
  o.hung = j.value("hung", o.hung);
  return o;
}

execution_options options_from_json(const json& j) {
  execution_options options;
  for (const auto& [key, value] : j.items()) {
    std::string name = key;
    std::replace(name.begin(), name.end(), '_', '-');
    const json all = value.is_array() ? value : json::array({value});
    for (const json& one : all) {
      const std::string text = one.is_string() ? one.get<std::string>() : one.dump();
      if (set_option(options, name, one == true ? "" : text)) continue;
      throw unfit_field("options." + key + " is " + one.dump() + ", which it cannot be");
    }
  }
  return options;
}

foreign_unlock warning_from_json(const json& j) {
  return {.object = j.at("object"),
          .made_at = text_from(j.at("made_at")),
          .locked_by = j.at("locked_by"),
          .locked_at = text_from(j.at("locked_at")),
          .unlocked_by = j.at("unlocked_by"),
          .unlocked_at = text_from(j.at("unlocked_at")),
          .token = token_in(j),
          .sampled = j.value("sampled", false),
          .run = number_in_or<std::uint64_t>(j, "run", 0),
          .deviations = number_in_or<std::uint32_t>(j, "deviations", 0)};
}

pct_guarantee guarantee_from_json(const json& j) {
  return {.goroutines = number_in<std::uint64_t>(j, "n"),
          .steps = number_in<std::uint64_t>(j, "k"),
          .depth = number_in<std::uint32_t>(j, "d"),
          .chance = amount_in(j, "chance"),
          .goroutines_seen = number_in_or<std::uint64_t>(j, "n_seen", 0),
          .steps_seen = number_in_or<std::uint64_t>(j, "k_seen", 0)};
}

shard_report shard_from_json(const json& j) try {
  return {.part = {.index = number_in<std::uint32_t>(j, "index"),
                   .count = number_in<std::uint32_t>(j, "count")},
          .digest = j.at("digest"),
          .complete = j.at("complete"),
          .why_incomplete = text_from(j.at("why_incomplete"))};
} catch (const unfit_field& why) {
  throw unfit_field("shard." + std::string(why.what()));
}

}  // namespace

report report_from_json(const json& j) {
  if (j.at("v") != json_version) throw std::invalid_argument("another version");
  report r{.program = j.at("program"), .strategy = j.at("strategy")};
  r.seed = number_in<std::uint64_t>(j, "seed", ~std::uint64_t{0});
  r.timers = timer_mode_from(j.at("timers"));
  if (j.contains("options")) r.options = options_from_json(j.at("options"));
  r.complete = j.at("complete");
  r.why_incomplete = text_from(j.at("why_incomplete"));
  r.why_dfs = j.value("why_dfs", "");
  r.executions = number_in<std::uint64_t>(j, "executions");
  if (!j.at("classes").is_null()) r.classes = number_in<std::uint64_t>(j, "classes");
  r.blocked = number_in<std::uint64_t>(j, "blocked");
  r.steps = number_in<std::uint64_t>(j, "steps");
  r.seconds = amount_in(j, "seconds");
  if (!j.at("estimate").is_null()) r.estimate = amount_in(j, "estimate");
  if (const json g = j.value("guarantee", json()); !g.is_null()) {
    r.guarantee = guarantee_from_json(g);
  }
  read_each(j, "outcomes", [&](const json& o) { r.outcomes.push_back(outcome_from_json(o)); });
  for (const reported_outcome& o : r.outcomes) r.sampled += o.sampled;
  read_each(j, "findings", [&](const json& f) { r.findings.push_back(finding_from_json(f)); });
  if (j.contains("warnings")) {
    read_each(j, "warnings", [&](const json& u) { r.warnings.push_back(warning_from_json(u)); });
  }
  if (j.contains("shard")) r.shard = shard_from_json(j.at("shard"));
  return r;
}

std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace braid
