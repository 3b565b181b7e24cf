// SARIF 2.1.0; see sarif.hpp. Section numbers are those of the standard.
#include "report/sarif.hpp"

#include <algorithm>
#include <array>

#include "checksum.hpp"
#include "explain/advice.hpp"
#include "explain/cause.hpp"
#include "json_values.hpp"
#include "version.hpp"

namespace braid {
namespace {

constexpr std::string_view base_of_paths = "SRCROOT";
constexpr std::size_t flows_max = 16;         // of a code flow
constexpr std::size_t flow_events_max = 200;  // of one goroutine: its last ones

struct rule {
  verdict what;
  std::string_view name;
  std::string_view summary;
};

constexpr std::array rules = {
    rule{verdict::panic, "Panic", "A goroutine panics."},
    rule{verdict::fatal, "FatalError", "The runtime ends the program with a fatal error."},
    rule{verdict::deadlock, "Deadlock", "All goroutines wait, and nobody can wake them."},
    rule{verdict::race, "DataRace", "Two accesses, one of which writes, are not ordered."},
    rule{verdict::leak, "GoroutineLeak", "A goroutine waits for ever when main has returned."},
    rule{verdict::livelock, "Livelock", "A loop waits for what nobody is left to change."},
    rule{verdict::not_linearizable, "NotLinearizable",
         "A history of operations fits no order of the specification."},
    rule{verdict::mismatch, "OutcomeMismatch", "An outcome is not what was asked for."},
    rule{verdict::nondeterministic, "NotDeterministic",
         "The same schedule does not have the same trace again."},
    rule{verdict::crash, "Crash", "A signal ends the program."},
};

json text_to_sarif(std::string_view text) { return {{"text", text}}; }

// Readers of a log have no page to look it up: a helpUri would have to be absolute (3.49.12).
json help_to_sarif(const advice& a) {
  const std::string more = "braid help " + std::string(name_of(a.what));
  const std::string cause(a.cause);
  const std::string fix(a.fix);
  json help = text_to_sarif("Usual cause: " + cause + "\n\nUsual fix: " + fix + "\n\nSee: " + more);
  help["markdown"] =
      "**Usual cause.** " + cause + "\n\n**Usual fix.** " + fix + "\n\nSee `" + more + "`.";
  return help;
}

json rules_to_sarif() {
  json all = json::array();
  for (const rule& r : rules) {
    json one;
    one["id"] = name_of(r.what);
    one["name"] = r.name;
    one["shortDescription"] = text_to_sarif(r.summary);
    one["fullDescription"] = text_to_sarif(advice_on(r.what)->meaning);
    one["help"] = help_to_sarif(*advice_on(r.what));
    one["defaultConfiguration"]["level"] = "error";
    all.push_back(std::move(one));
  }
  return all;
}

std::size_t index_of_rule(verdict v) {
  const auto found =
      std::find_if(rules.begin(), rules.end(), [&](const rule& r) { return r.what == v; });
  return static_cast<std::size_t>(found - rules.begin());
}

// A path as a URI reference (RFC 3986): what is not allowed in one is percent-encoded.
std::string uri_of(const std::string& path) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/!$&'()*+,;=@";
  std::string out = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    char code[4];
    std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned char>(c));
    out += allowed.find(c) != std::string_view::npos ? std::string(1, c) : code;
  }
  return out;
}

json physical_to_sarif(const source_place& at) {
  json j;
  j["artifactLocation"]["uri"] = uri_of(at.file);
  if (!at.file.starts_with('/')) j["artifactLocation"]["uriBaseId"] = base_of_paths;
  if (at.line > 0) j["region"]["startLine"] = at.line;
  return j;
}

json location_to_sarif(const source_place& at) {
  return {{"physicalLocation", physical_to_sarif(at)}};
}

// One event in the flow of its goroutine (3.38).
json event_to_sarif(const report_document& d, const happening& h, std::uint32_t step) {
  json j;
  if (!h.at.empty()) j["location"] = location_to_sarif(find_place(d, h.at));
  const std::string text = (h.step > 0 ? "step " + std::to_string(h.step) + ": " : "") + h.text +
                           (h.value.empty() ? "" : " -> " + h.value) +
                           (h.waits ? ", waits" + (h.reason.empty() ? "" : ": " + h.reason) : "");
  j["location"]["message"] = text_to_sarif(text);
  j["executionOrder"] = step;
  j["importance"] = h.is_deviation || h.waits ? "essential" : "important";
  return j;
}

// What one goroutine did; executionOrder is the place among the events of all goroutines.
json thread_flow_of(const report_document& d, const history& told, std::size_t goroutine) {
  json locations = json::array();
  for (std::size_t row = 0; row < told.rows.size(); ++row) {
    const happening& h = told.rows[row];
    if (h.goroutine != static_cast<int>(goroutine)) continue;
    locations.push_back(event_to_sarif(d, h, static_cast<std::uint32_t>(row + 1)));
  }
  const std::size_t left_out = locations.size() - std::min(locations.size(), flow_events_max);
  locations.erase(locations.begin(), locations.begin() + static_cast<std::ptrdiff_t>(left_out));
  const goroutine_history& g = told.goroutines[goroutine];
  const std::string& known_by = g.label.empty() ? g.created_at : g.label;
  json j;
  j["id"] = g.name;
  j["message"] = text_to_sarif(g.name + (known_by.empty() ? "" : " " + known_by));
  j["locations"] = std::move(locations);
  return j;
}

json code_flows_of(const report_document& d, const history& told, const finding& f) {
  json flows = json::array();
  for (std::size_t g = 0; g < told.goroutines.size() && flows.size() < flows_max; ++g) {
    json flow = thread_flow_of(d, told, g);
    if (!flow["locations"].empty()) flows.push_back(std::move(flow));
  }
  if (flows.empty()) return json::array();
  json one;
  one["message"] = text_to_sarif("the schedule " + f.token);
  one["threadFlows"] = std::move(flows);
  return json::array({std::move(one)});
}

// The same finding of another schedule has the same one (3.27.17).
std::string fingerprint_of(const report_document& d, const finding& f) {
  return in_hex(checksum(d.about.program + "\n" + cause_of(f)));
}

std::string message_of(const report_document& d, const finding& f) {
  std::string text = d.about.program + ": " + f.summary;
  if (!f.token.empty()) text += ". Replay it: " + d.replay_command + " " + f.token;
  return text;
}

json result_to_sarif(const report_document& d, const finding& f) {
  json j;
  j["ruleId"] = name_of(f.what);
  j["ruleIndex"] = index_of_rule(f.what);
  j["level"] = "error";
  j["message"] = text_to_sarif(message_of(d, f));
  const std::vector<source_place> places = places_of(d, f);
  for (const source_place& at : places) {
    json location = location_to_sarif(at);
    const bool is_first = &at == &places.front();
    if (!is_first) location["id"] = &at - &places.front();
    j[is_first ? "locations" : "relatedLocations"].push_back(std::move(location));
  }
  j["partialFingerprints"]["braidCause/v1"] = fingerprint_of(d, f);
  if (const history* const told = d.history_of(f.token); told != nullptr) {
    json flows = code_flows_of(d, *told, f);
    if (!flows.empty()) j["codeFlows"] = std::move(flows);
  }
  j["properties"]["program"] = d.about.program;
  j["properties"]["token"] = text_or_null(f.token);
  return j;
}

// What was not looked at is a note of the run, no result (3.58).
json notification_of(const report_document& d) {
  json j;
  j["level"] = d.exit_code == 0 ? "note" : "warning";
  j["message"] = text_to_sarif(d.about.program + ": not complete: " + d.about.why_incomplete);
  return j;
}

json invocation_of(const report_documents& all) {
  json j;
  j["executionSuccessful"] = true;
  j["toolExecutionNotifications"] = json::array();
  for (const report_document& d : all) {
    if (!d.about.complete) j["toolExecutionNotifications"].push_back(notification_of(d));
  }
  return j;
}

}  // namespace

std::string sarif_of(const report_documents& all) {
  json run;
  run["tool"]["driver"]["name"] = "braid";
  run["tool"]["driver"]["version"] = version_of_braid;
  run["tool"]["driver"]["rules"] = rules_to_sarif();
  run["invocations"] = json::array({invocation_of(all)});
  run["originalUriBaseIds"][std::string(base_of_paths)]["description"] =
      text_to_sarif("the folder in which braid was started, or the workspace of the CI server");
  run["columnKind"] = "unicodeCodePoints";
  run["results"] = json::array();
  for (const report_document& d : all) {
    for (const finding* f : one_of_each_cause(d.about)) {
      run["results"].push_back(result_to_sarif(d, *f));
    }
  }
  json log;
  log["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json";
  log["version"] = "2.1.0";
  log["runs"] = json::array({std::move(run)});
  return text_of(log) + "\n";
}

}  // namespace braid
