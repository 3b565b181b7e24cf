// The goroutines of a finding as JSON; see involved_json.hpp.
#include "report/involved_json.hpp"

#include <string>
#include <vector>

namespace braid {
namespace {

using ordered = nlohmann::ordered_json;

ordered null_or(const std::string& text) { return text.empty() ? ordered() : ordered(text); }

std::string text_in(const ordered& j, const char* key) {
  const auto found = j.find(key);
  return found == j.end() || found->is_null() ? "" : found->get<std::string>();
}

ordered to_json(const std::vector<awaited_goroutine>& all) {
  ordered list = ordered::array();
  for (const awaited_goroutine& a : all) {
    list.push_back({{"name", a.name},
                    {"label", null_or(a.label)},
                    {"object", a.object},
                    {"how", a.how},
                    {"step", a.step},
                    {"at", null_or(a.at)},
                    {"state", a.state}});
  }
  return list;
}

std::vector<awaited_goroutine> awaited_in(const ordered& j, const char* key) {
  std::vector<awaited_goroutine> all;
  for (const ordered& a : j.value(key, ordered::array())) {
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

}  // namespace

ordered to_json(const involved_goroutine& g) {
  ordered j;
  j["name"] = g.name;
  j["label"] = null_or(g.label);
  j["created_at"] = null_or(g.created_at);
  j["created_by"] = null_or(g.created_by);
  j["waits_for"] = null_or(g.waits_for);
  j["made_at"] = null_or(g.made_at);
  if (!g.made_as.empty()) j["made_as"] = g.made_as;
  j["operation"] = null_or(g.operation);
  j["at"] = null_or(g.at);
  j["holds"] = g.holds;
  j["holds_since"] = ordered::array();
  for (const held_object& h : g.holds_since) {
    j["holds_since"].push_back({{"object", h.object},
                                {"step", h.since},
                                {"at", null_or(h.at)},
                                {"as", h.as_reader ? "reader" : "writer"}});
  }
  j["held_by"] = to_json(g.held_by);
  j["behind"] = to_json(g.behind);
  j["could_wake"] = to_json(g.could_wake);
  j["in_cycle"] = g.in_cycle;
  j["why"] = null_or(g.why);
  for (const looped_operation& o : g.loop) {
    j["loop"].push_back(
        {{"operation", o.operation}, {"value", null_or(o.value)}, {"at", null_or(o.at)}});
  }
  return j;
}

involved_goroutine involved_from_json(const ordered& j) {
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
  for (const ordered& h : j.value("holds_since", ordered::array())) {
    g.holds_since.push_back({.object = h.at("object"),
                             .since = h.at("step"),
                             .at = text_in(h, "at"),
                             .as_reader = h.at("as") == "reader"});
  }
  for (const ordered& o : j.value("loop", ordered::array())) {
    g.loop.push_back(
        {.operation = o.at("operation"), .value = text_in(o, "value"), .at = text_in(o, "at")});
  }
  return g;
}

}  // namespace braid
