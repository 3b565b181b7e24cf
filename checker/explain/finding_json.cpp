// Findings as JSON; see finding_json.hpp.
#include "explain/finding_json.hpp"

#include <string>
#include <vector>

#include "json_values.hpp"

namespace braid {
namespace {

std::string text_in(const json& j, const char* key) {
  const auto found = j.find(key);
  return found == j.end() || found->is_null() ? "" : found->get<std::string>();
}

json to_json(const std::vector<awaited_goroutine>& all) {
  json list = json::array();
  for (const awaited_goroutine& a : all) {
    list.push_back({{"name", a.name},
                    {"label", text_or_null(a.label)},
                    {"object", a.object},
                    {"how", a.how},
                    {"step", a.step},
                    {"at", text_or_null(a.at)},
                    {"state", a.state}});
  }
  return list;
}

std::vector<awaited_goroutine> awaited_in(const json& j, const char* key) {
  std::vector<awaited_goroutine> all;
  for (const json& a : j.value(key, json::array())) {
    all.push_back({.name = a.at("name"),
                   .label = text_in(a, "label"),
                   .object = a.at("object"),
                   .how = a.at("how"),
                   .step = a.at("step"),
                   .at = text_in(a, "at"),
                   .state = a.at("state")});
  }
  return all;
}

json to_json(const involved_goroutine& g) {
  json j;
  j["name"] = g.name;
  j["label"] = text_or_null(g.label);
  j["created_at"] = text_or_null(g.created_at);
  j["created_by"] = text_or_null(g.created_by);
  j["waits_for"] = text_or_null(g.waits_for);
  j["made_at"] = text_or_null(g.made_at);
  if (!g.made_as.empty()) j["made_as"] = g.made_as;
  j["operation"] = text_or_null(g.operation);
  j["at"] = text_or_null(g.at);
  j["holds"] = g.holds;
  j["holds_since"] = json::array();
  for (const held_object& h : g.holds_since) {
    j["holds_since"].push_back({{"object", h.object},
                                {"step", h.since},
                                {"at", text_or_null(h.at)},
                                {"as", h.as_reader ? "reader" : "writer"}});
  }
  j["held_by"] = to_json(g.held_by);
  j["behind"] = to_json(g.behind);
  j["could_wake"] = to_json(g.could_wake);
  j["in_cycle"] = g.in_cycle;
  j["why"] = text_or_null(g.why);
  for (const looped_operation& o : g.loop) {
    j["loop"].push_back(
        {{"operation", o.operation}, {"value", text_or_null(o.value)}, {"at", text_or_null(o.at)}});
  }
  return j;
}

involved_goroutine involved_from_json(const json& j) {
  involved_goroutine g{.name = j.at("name"),
                       .created_at = text_in(j, "created_at"),
                       .waits_for = text_in(j, "waits_for"),
                       .operation = text_in(j, "operation"),
                       .at = text_in(j, "at"),
                       .holds = j.at("holds"),
                       .label = text_in(j, "label"),
                       .created_by = text_in(j, "created_by"),
                       .made_at = text_in(j, "made_at"),
                       .made_as = text_in(j, "made_as"),
                       .held_by = awaited_in(j, "held_by"),
                       .behind = awaited_in(j, "behind"),
                       .could_wake = awaited_in(j, "could_wake"),
                       .in_cycle = j.value("in_cycle", false),
                       .why = text_in(j, "why")};
  for (const json& h : j.value("holds_since", json::array())) {
    g.holds_since.push_back({.object = h.at("object"),
                             .since = h.at("step"),
                             .at = text_in(h, "at"),
                             .as_reader = h.at("as") == "reader"});
  }
  for (const json& o : j.value("loop", json::array())) {
    g.loop.push_back(
        {.operation = o.at("operation"), .value = text_in(o, "value"), .at = text_in(o, "at")});
  }
  return g;
}

json minimality_to_json(minimality m) {
  if (m == minimality::unknown) return json();
  return m == minimality::proved ? "proved" : "1-minimal";
}

json to_json(const told_operation& o) {
  return {{"step", o.step == 0 ? json() : json(o.step)},
          {"goroutine", o.goroutine},
          {"operation", o.operation}};
}

void add_shrinking(json& j, const finding& f) {
  j["shrunk_from"] = json();
  if (f.shrunk_from) {
    j["shrunk_from"] = {{"token", f.shrunk_from->token},
                        {"steps", f.shrunk_from->steps},
                        {"preemptions", f.shrunk_from->preemptions},
                        {"deviations", f.shrunk_from->deviations}};
  }
  j["minimal"] = minimality_to_json(f.minimal);
  const turning_point& t = f.turn;
  j["deciding_step"] = t.is_known ? json(t.decided_by.step) : json();
  j["deciding_exhausted"] = t.is_known ? json(t.is_exhausted) : json();
  j["swap"] = json();
  for (const told_operation& o : t.swap) {
    j["swap"].push_back(o.step == 0 ? json() : json(o.step));
  }
  if (t.is_known) j["deciding_operation"] = to_json(t.decided_by);
  for (const told_operation& o : t.swap) j["swap_operations"].push_back(to_json(o));
  j["good"] = json();
  if (t.good_token.empty()) return;
  j["good"] = {{"token", t.good_token},
               {"first_difference", t.first_difference},
               {"without", text_or_null(t.without)}};
}

told_operation told_operation_from_json(const json& j) {
  return {.step = j.at("step").is_null() ? 0U : j.at("step").get<std::uint32_t>(),
          .goroutine = j.at("goroutine"),
          .operation = j.at("operation")};
}

// What add_shrinking() wrote.
void read_shrinking(const json& j, finding& to) {
  const json from = j.value("shrunk_from", json());
  if (!from.is_null()) {
    to.shrunk_from =
        unshrunk_execution{.token = token_in(from),
                           .steps = number_in<std::uint32_t>(from, "steps"),
                           .preemptions = number_in<std::uint32_t>(from, "preemptions"),
                           .deviations = number_in<std::uint32_t>(from, "deviations")};
  }
  const std::string minimal = text_from(j.value("minimal", json()));
  if (minimal == "proved") to.minimal = minimality::proved;
  if (minimal == "1-minimal") to.minimal = minimality::one_minimal;
  turning_point& t = to.turn;
  t.is_known = j.contains("deciding_operation");
  if (t.is_known) {
    t.decided_by = told_operation_from_json(j.at("deciding_operation"));
    t.is_exhausted = j.at("deciding_exhausted");
  }
  for (const json& o : j.value("swap_operations", json::array())) {
    t.swap.push_back(told_operation_from_json(o));
  }
  const json good = j.value("good", json());
  if (good.is_null()) return;
  t.good_token = good.at("token");
  t.first_difference = good.at("first_difference");
  t.without = text_from(good.at("without"));
}

}  // namespace

json to_json(const finding& f) {
  json j;
  j["verdict"] = name_of(f.what);
  j["summary"] = f.summary;
  j["token"] = text_or_null(f.token);
  j["preemptions"] = f.preemptions;
  j["steps"] = f.steps;
  if (!f.explanation.empty()) j["explanation"] = f.explanation;
  add_shrinking(j, f);
  j["goroutines"] = json::array();
  for (const involved_goroutine& g : f.goroutines) j["goroutines"].push_back(to_json(g));
  if (!f.cycle.empty()) j["cycle"] = f.cycle;
  if (!f.panics.empty()) j["panics"] = f.panics;
  j["deviations"] = f.deviations;
  j["outcomes"] = f.outcomes;
  for (const raced_access& a : f.accesses) {
    j["accesses"].push_back({{"goroutine", a.goroutine},
                             {"label", text_or_null(a.label)},
                             {"created_at", text_or_null(a.created_at)},
                             {"operation", a.operation},
                             {"value", text_or_null(a.value)},
                             {"kind", a.kind},
                             {"writes", a.writes},
                             {"at", text_or_null(a.at)},
                             {"step", a.step == 0 ? json() : json(a.step)}});
  }
  return j;
}

finding finding_from_json(const json& j) {
  finding f{.what = verdict_from(j.at("verdict")),
            .summary = j.at("summary"),
            .token = token_in(j),
            .preemptions = number_in<std::uint32_t>(j, "preemptions"),
            .steps = number_in<std::uint32_t>(j, "steps"),
            .explanation = j.value("explanation", "")};
  read_shrinking(j, f);
  for (const json& g : j.at("goroutines")) f.goroutines.push_back(involved_from_json(g));
  f.cycle = j.value("cycle", f.cycle);
  f.panics = j.value("panics", f.panics);
  f.deviations = number_in_or<std::uint32_t>(j, "deviations", 0);
  f.outcomes = number_in_or<std::uint64_t>(j, "outcomes", 1);
  for (const json& a : j.value("accesses", json::array())) {
    f.accesses.push_back({.goroutine = a.at("goroutine"),
                          .label = text_from(a.value("label", json())),
                          .created_at = text_from(a.at("created_at")),
                          .operation = a.at("operation"),
                          .value = text_from(a.at("value")),
                          .kind = a.at("kind"),
                          .writes = a.at("writes"),
                          .at = text_from(a.at("at")),
                          .step = a.at("step").is_null() ? 0U : a.at("step").get<std::uint32_t>()});
  }
  return f;
}

}  // namespace braid
