// --sarif: what SARIF 2.1.0 demands of a log, and that results lead to the lines they tell of.
//
// Oracle: the standard's constraints, by section, and the sources.
#include <braid/braid.hpp>
#include <braid/verdict.hpp>
#include <catch2/catch.hpp>
#include <set>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;
using nlohmann::json;

std::string text_of(const json& j) { return j.get<std::string>(); }

// 3.4: a relative URI reference has no scheme, and what is not allowed in one is encoded.
void check_artifact(const json& location) {
  const std::string uri = location.at("uri");
  CHECK(uri.find_first_of(" \"<>\\^`{|}") == std::string::npos);
  if (location.contains("uriBaseId")) {
    CHECK(location["uriBaseId"] == "SRCROOT");
    CHECK(uri[0] != '/');
    CHECK(!contains(uri, ".."));
  } else {
    CHECK(uri.starts_with("file:///"));
  }
}

void check_location(const json& location) {
  if (location.contains("physicalLocation")) {
    check_artifact(location["physicalLocation"].at("artifactLocation"));
    if (location["physicalLocation"].contains("region")) {
      CHECK(location["physicalLocation"]["region"].at("startLine").get<int>() >= 1);
    }
  }
  if (location.contains("message")) CHECK(location["message"].at("text").is_string());
}

// 3.36 to 3.38.
void check_flow(const json& flow) {
  CHECK(!flow.at("threadFlows").empty());
  std::set<std::string> ids;
  std::set<int> orders;
  for (const json& thread : flow["threadFlows"]) {
    CHECK(ids.insert(text_of(thread.at("id"))).second);
    CHECK(!thread.at("locations").empty());
    for (const json& step : thread["locations"]) {
      check_location(step.at("location"));
      CHECK(orders.insert(step.at("executionOrder").get<int>()).second);
      CHECK(step.at("executionOrder").get<int>() >= 0);
      CHECK(std::set<std::string>{"important", "essential", "unimportant"}.count(
                text_of(step.at("importance"))) == 1);
    }
  }
}

void check_result(const json& result, const json& rules) {
  const std::size_t index = result.at("ruleIndex");
  REQUIRE(index < rules.size());
  CHECK(rules[index]["id"] == result.at("ruleId"));
  CHECK(result.at("level") == "error");
  CHECK(!result.at("message").at("text").get<std::string>().empty());
  for (const json& location : result.value("locations", json::array())) check_location(location);
  for (const json& location : result.value("relatedLocations", json::array())) {
    check_location(location);
    CHECK(location.at("id").get<int>() >= 0);
  }
  CHECK(result.at("partialFingerprints").at("braidCause/v1").get<std::string>().size() == 16);
  for (const json& flow : result.value("codeFlows", json::array())) check_flow(flow);
}

json checked_log(const std::string& path) {
  const json log = json::parse(content_of(path));
  CHECK(log.at("version") == "2.1.0");  // 3.13.2
  CHECK(log.at("$schema").get<std::string>().ends_with("sarif-2.1.0.json"));
  REQUIRE(log.at("runs").size() == 1);
  const json& run = log["runs"][0];
  const json& driver = run.at("tool").at("driver");  // 3.18, 3.19
  CHECK(driver.at("name") == "braid");
  std::set<std::string> ids;
  for (const json& rule : driver.at("rules")) {
    CHECK(ids.insert(text_of(rule.at("id"))).second);  // 3.49.3
    CHECK(rule.at("shortDescription").at("text").get<std::string>().ends_with('.'));
    const std::string help = text_of(rule.at("help").at("text"));  // 3.49.13
    CHECK(contains(help, "Usual cause: "));
    CHECK(contains(help, "Usual fix: "));
    CHECK(help.ends_with("See: braid help " + text_of(rule.at("id"))));
    CHECK(contains(text_of(rule.at("help").at("markdown")), "**Usual fix.** "));
    CHECK(!text_of(rule.at("fullDescription").at("text")).empty());
  }
  CHECK(run.at("invocations").at(0).at("executionSuccessful").is_boolean());  // 3.20.14
  CHECK(run.at("originalUriBaseIds").contains("SRCROOT"));
  for (const json& result : run.at("results")) check_result(result, driver["rules"]);
  return run;
}

json log_of(const words& arguments) {
  const temporary_file file("");
  words all = {"explore", "--sarif", file.path()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  braid_says(all);
  return checked_log(file.path());
}

std::string uri_of(const json& location) {
  return location["physicalLocation"]["artifactLocation"]["uri"];
}

TEST_CASE("every verdict that is a finding has a rule", "[cli]") {
  const json run = log_of({"wait-group"});
  std::set<std::string> ids;
  for (const json& rule : run["tool"]["driver"]["rules"]) ids.insert(text_of(rule["id"]));
  for (int v = 0; v < braid::verdict_count; ++v) {
    const auto what = static_cast<braid::verdict>(v);
    CHECK(ids.count(std::string(name_of(what))) == (is_finding(what) ? 1U : 0U));
  }
  CHECK(run["results"].empty());
}

TEST_CASE("a finding leads to its line, and its token replays", "[cli]") {
  const json run = log_of({"goroutine-leak"});
  REQUIRE(run["results"].size() == 1);
  const json& result = run["results"][0];
  CHECK(result["ruleId"] == "leak");
  CHECK(uri_of(result["locations"][0]) == "scenarios/goroutine_leak.cpp");
  const std::size_t line = result["locations"][0]["physicalLocation"]["region"]["startLine"];
  const words source = lines_of(content_of(BRAID_SOURCE_DIR "/scenarios/goroutine_leak.cpp"));
  CHECK(contains(source.at(line - 1), "send"));
  CHECK(braid_says({"replay", "goroutine-leak", result["properties"]["token"]}).code == 13);
}

TEST_CASE("a deadlock has the places of all who wait, and a flow for each goroutine", "[cli]") {
  const json run = log_of({"lock-order"});
  const json& result = run["results"][0];
  CHECK(result["locations"].size() == 1);
  CHECK(result["relatedLocations"].size() >= 1);
  const json& threads = result["codeFlows"][0]["threadFlows"];
  CHECK(threads.size() >= 2);
  CHECK(threads[0]["id"] == "main");
}

TEST_CASE("findings of all programs are in one run; one result for each cause", "[cli]") {
  const json run = log_of({"lock-order", "goroutine-leak", "foo-vs-after", "send-on-closed"});
  std::set<std::string> programs;
  std::set<std::string> fingerprints;
  for (const json& result : run["results"]) {
    programs.insert(text_of(result["properties"]["program"]));
    CHECK(fingerprints.insert(text_of(result["partialFingerprints"]["braidCause/v1"])).second);
  }
  CHECK(programs == std::set<std::string>{"lock-order", "goroutine-leak", "send-on-closed"});
}

TEST_CASE("the same cause has the same fingerprint under another schedule", "[cli]") {
  const json exhaustive = log_of({"lock-order"});
  const json sampled = log_of({"lock-order", "--strategy", "random", "-n", "50", "-s", "3"});
  CHECK(exhaustive["results"][0]["partialFingerprints"] ==
        sampled["results"][0]["partialFingerprints"]);
}

TEST_CASE("what is not complete is a notification, no result", "[cli]") {
  const json run = log_of({"print-nums", "--strategy", "random", "-n", "5"});
  CHECK(run["results"].empty());
  const json& notes = run["invocations"][0]["toolExecutionNotifications"];
  REQUIRE(notes.size() == 1);
  CHECK(notes[0]["level"] == "note");
  CHECK(contains(notes[0]["message"]["text"], "print-nums: not complete: "));
}

void leaks_here(int) {
  auto never = braid::make_chan<int>();
  braid::go([never]() mutable { never.recv(); });
}

// Programs of tests are registered in another file than this one.
TEST_CASE("a place in another file than the program's has its path, too", "[cli]") {
  const temporary_file file("");
  own_braid_says({"explore", "leaks", "--sarif", file.path()},
                 [] { add_program("leaks", leaks_here); });
  const json run = checked_log(file.path());
  REQUIRE(run["results"].size() == 1);
  const json& at = run["results"][0]["locations"][0];
  CHECK(uri_of(at).ends_with("tests/cli/sarif_test.cpp"));
  const std::size_t line = at["physicalLocation"]["region"]["startLine"];
  const words source = lines_of(content_of(BRAID_SOURCE_DIR "/tests/cli/sarif_test.cpp"));
  CHECK(contains(source.at(line - 1), "never.recv()"));
}

TEST_CASE("files below $GITHUB_WORKSPACE are named from there, others as they are", "[cli]") {
  const temporary_file file("");
  const words explore = {"explore", "goroutine-leak", "--sarif", file.path()};
  braid_says(explore, {{"GITHUB_WORKSPACE", BRAID_SOURCE_DIR "/scenarios"}});
  CHECK(uri_of(checked_log(file.path())["results"][0]["locations"][0]) == "goroutine_leak.cpp");
  braid_says(explore, {{"GITHUB_WORKSPACE", "/nowhere"}});
  CHECK(uri_of(checked_log(file.path())["results"][0]["locations"][0]) ==
        "file://" BRAID_SOURCE_DIR "/scenarios/goroutine_leak.cpp");
}

void long_and_wild(int) {
  for (int i = 0; i < 1000; ++i) braid::println("\xff\x01", i);
  braid::panic("\x1b[31m\xff");
}

TEST_CASE("a long flow is cut to its end, and whatever is printed is UTF-8", "[cli]") {
  const temporary_file file("");
  own_braid_says({"explore", "wild", "--sarif", file.path()},
                 [] { add_program("wild", long_and_wild); });
  const json run = checked_log(file.path());
  const json& steps = run["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"];
  CHECK(steps.size() == 200);
  CHECK(contains(steps.back()["location"]["message"]["text"], "panic"));
}

}  // namespace
