// --perfetto: trace events that viewers can draw.
//
// Oracle: the trace event format: slices of a track nest, flows come in pairs, each within a slice.
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;
using nlohmann::json;
using track = std::pair<int, int>;

track track_of(const json& event) { return {event.at("pid"), event.at("tid")}; }

// Slices that overlap would be drawn as if one were within the other.
void check_slices(const json& events) {
  std::map<track, std::map<double, double>> ends;
  for (const json& e : events) {
    if (e["ph"] != "X") continue;
    CHECK(e.at("dur").get<double>() > 0);
    CHECK(ends[track_of(e)]
              .emplace(e.at("ts"), e["ts"].get<double>() + e["dur"].get<double>())
              .second);
  }
  for (const auto& [which, slices] : ends) {
    double last = 0;
    for (const auto& [start, end] : slices) {
      CHECK(start >= last);
      last = end;
    }
  }
}

bool is_in_slice(const json& events, const json& point) {
  for (const json& e : events) {
    if (e["ph"] != "X" || track_of(e) != track_of(point)) continue;
    const double start = e["ts"];
    const double at = point["ts"];
    if (start <= at && at <= start + e["dur"].get<double>()) return true;
  }
  return false;
}

void check_flows(const json& events) {
  std::map<int, std::vector<json>> flows;
  for (const json& e : events) {
    if (e["ph"] == "s" || e["ph"] == "f") flows[e.at("id")].push_back(e);
  }
  for (const auto& [id, ends] : flows) {
    REQUIRE(ends.size() == 2);
    CHECK(ends[0]["ph"] == "s");
    CHECK(ends[1]["ph"] == "f");
    CHECK(ends[1]["bp"] == "e");
    CHECK(ends[0]["name"] == ends[1]["name"]);
    CHECK(ends[0]["ts"] <= ends[1]["ts"]);
    CHECK(is_in_slice(events, ends[0]));
    CHECK(is_in_slice(events, ends[1]));
  }
}

std::map<track, std::string> names_of_tracks(const json& events) {
  std::map<track, std::string> names;
  for (const json& e : events) {
    if (e["ph"] == "M" && e["name"] == "thread_name") names[track_of(e)] = e["args"]["name"];
  }
  return names;
}

json checked_trace(const std::string& text) {
  const json trace = json::parse(text);
  const json& events = trace.at("traceEvents");
  const std::map<track, std::string> names = names_of_tracks(events);
  for (const json& e : events) {
    const std::set<std::string> phases = {"M", "X", "i", "s", "f"};
    CHECK(phases.count(e.at("ph")) == 1);
    CHECK(e.at("name").is_string());
    CHECK(e.at("tid").get<int>() > 0);
    if (e["ph"] != "M") CHECK(names.count(track_of(e)) == 1);
  }
  check_slices(events);
  check_flows(events);
  return trace;
}

json trace_of(const words& arguments) {
  const temporary_file file("");
  words all = {"explore", "--perfetto", file.path()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  braid_says(all);
  return checked_trace(content_of(file.path()));
}

std::vector<json> with_phase(const json& trace, const std::string& phase) {
  std::vector<json> found;
  for (const json& e : trace["traceEvents"]) {
    if (e["ph"] == phase) found.push_back(e);
  }
  return found;
}

TEST_CASE("the trace of any program has nested slices and paired arrows", "[cli]") {
  for (const char* program :
       {"foo-vs-after", "lock-order", "goroutine-leak", "send-on-closed", "spin/livelock",
        "timeout", "wait-group", "channel-sync", "print-nums", "many-goroutines:20"}) {
    CAPTURE(program);
    const json trace = trace_of({program, "-n", "200"});
    CHECK(!with_phase(trace, "X").empty());
  }
}

TEST_CASE("the trace is of the first finding, with its token and verdict", "[cli]") {
  const json trace = trace_of({"lock-order"});
  const json& about = trace["otherData"]["executions"][0];
  CHECK(about["program"] == "lock-order");
  CHECK(about["verdict"] == "deadlock");
  CHECK(braid_says({"replay", "lock-order", about["token"]}).code == 11);
}

TEST_CASE("each event is a slice at its step, each deviation an instant", "[cli]") {
  const json result = only_json(braid_says({"explore", "lock-order", "--json", "--trace"}));
  const json& events = result["findings"][0]["events"];
  const json trace = trace_of({"lock-order"});
  std::map<int, std::string> slices;
  for (const json& e : with_phase(trace, "X")) {
    if (e["args"].contains("step")) slices[e["ts"]] = e["name"];
  }
  std::size_t deviations = 0;
  std::size_t steps = 0;
  for (const json& e : events) {
    deviations += e.contains("deviation");
    if (e["step"].is_null()) continue;
    ++steps;
    const bool is_go = e.contains("creates");
    CHECK(slices[e["step"]] ==
          (is_go ? "go " + e["creates"].get<std::string>() : e["text"].get<std::string>()));
  }
  CHECK(slices.size() == steps);
  CHECK(with_phase(trace, "i").size() == deviations + 1);  // and the deadlock
}

TEST_CASE("who waits for ever does so to the end, who is woken until then", "[cli]") {
  std::size_t to_the_end = 0;
  for (const json& e : with_phase(trace_of({"lock-order"}), "X")) {
    to_the_end += e["name"].get<std::string>().starts_with("waits to the end: ");
  }
  CHECK(to_the_end == 3);
  const json trace = trace_of({"channel-sync"});
  std::size_t woken = 0;
  for (const json& e : with_phase(trace, "X")) {
    woken += e["name"].get<std::string>().starts_with("waits: ");
  }
  CHECK(woken >= 1);
  CHECK(!with_phase(trace, "s").empty());
}

TEST_CASE("several programs are processes of one trace", "[cli]") {
  const json trace = trace_of({"foo-vs-after", "lock-order"});
  std::set<int> processes;
  for (const json& e : trace["traceEvents"]) processes.insert(e["pid"].get<int>());
  CHECK(processes == std::set<int>{1, 2});
  CHECK(trace["otherData"]["executions"].size() == 2);
}

void name_them(int) {
  braid::go(braid::go_options{.name = "watcher"}, [] { braid::println("\xff\x01"); });
  braid::this_goroutine::yield();
  braid::sleep_for(std::chrono::seconds(1));
}

TEST_CASE("tracks have the names of goroutines, and one is of the timers", "[cli]") {
  const temporary_file file("");
  own_braid_says({"replay", "named", "0", "--perfetto", file.path()},
                 [] { add_program("named", name_them); });
  std::set<std::string> names;
  for (const auto& [which, name] :
       names_of_tracks(checked_trace(content_of(file.path()))["traceEvents"])) {
    names.insert(name);
  }
  CHECK(names == std::set<std::string>{"main", "g1 watcher", "timers"});
}

TEST_CASE("show makes the same trace of a result as explore did", "[cli]") {
  const temporary_file result(braid_says({"explore", "lock-order", "--json", "--trace"}).out);
  const std::string shown = braid_says({"show", result.path(), "--as", "perfetto"}).out;
  CHECK(checked_trace(shown) == trace_of({"lock-order"}));
  const json other = json::parse(content_of(result.path()));
  const std::string token = other["outcomes"][0]["token"];
  const json chosen =
      checked_trace(braid_says({"show", result.path(), "--as", "perfetto", "--token", token}).out);
  CHECK(chosen["otherData"]["executions"][0]["token"] == token);
}

}  // namespace
