// braid show: what --json has written is drawn again as it was, in every form.
//
// Oracle: what explore and replay print of the same executions.
#include "report/json.hpp"

#include <braid/braid.hpp>
#include <braid/explore.hpp>
#include <catch2/catch.hpp>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;
using nlohmann::json;

std::string saved(const words& options) {
  words all = {"explore", "--json"};
  all.insert(all.end(), options.begin(), options.end());
  return braid_says(all).out;
}

// From the heads of the lanes to the line that replays.
std::string lanes_in(const std::string& text) {
  const std::size_t first = text.find("  step  ");
  const std::size_t last = text.find("  replay   ");
  REQUIRE(first != std::string::npos);
  REQUIRE(last != std::string::npos);
  return text.substr(first, last - first);
}

void check_lanes(const std::string& program) {
  const temporary_file result(saved({program, "--trace"}));
  const child_result shown = braid_says({"show", result.path(), "-v"});
  CHECK(shown.code == 0);
  CHECK(shown.err.empty());
  const json line = json::parse(content_of(result.path()));
  for (const json& o : line["outcomes"]) {
    const std::string token = o["token"];
    CAPTURE(program, token, shown.out);
    CHECK(contains(shown.out, lanes_in(braid_says({"replay", program, token, "-v"}).out)));
  }
}

TEST_CASE("show draws the lanes that replay draws", "[cli]") {
  for (const char* program : {"foo-vs-after", "lock-order", "goroutine-leak", "send-on-closed",
                              "timeout", "wait-group", "spin/livelock", "print-nums"}) {
    check_lanes(program);
  }
}

// The lines from the heads of the table to its last outcome.
std::string table_in(const std::string& text) {
  const std::size_t first = text.find("\n\n");
  return text.substr(first, text.find("\n\n", first + 2) - first);
}

TEST_CASE("show prints the table that explore printed, also of a sample", "[cli]") {
  for (const words& search : {words{"timeout", "--timers", "free"},
                              words{"foo-vs-after", "--strategy", "pct:2", "-n", "99"},
                              words{"foo-vs-after", "--strategy", "random", "-n", "500"}}) {
    const temporary_file result(saved(search));
    words explore = search;
    explore.insert(explore.begin(), "explore");
    CHECK(table_in(braid_says({"show", result.path()}).out) == table_in(braid_says(explore).out));
  }
}

TEST_CASE("what is written and shown as JSON is the same, byte for byte", "[cli]") {
  for (const words& search :
       {words{"lock-order", "--trace"}, words{"foo-vs-after", "goroutine-leak", "--trace"},
        words{"spin/livelock", "--trace", "--warn-foreign-unlock"},
        words{"foo-vs-after", "--strategy", "pct:2", "-n", "50"},
        words{"print-nums", "--strategy", "pos", "-n", "20", "--shard", "1/2"}}) {
    const std::string written = saved(search);
    CAPTURE(search);
    CHECK(!written.empty());
    CHECK(braid_says({"show", temporary_file(written).path(), "--as", "json"}).out == written);
  }
}

void check_same(const braid::history& a, const braid::history& b) {
  REQUIRE(a.rows.size() == b.rows.size());
  for (std::size_t i = 0; i < a.rows.size(); ++i) {
    const braid::happening& x = a.rows[i];
    const braid::happening& y = b.rows[i];
    CHECK(std::tie(x.step, x.goroutine, x.kind, x.text, x.at, x.object, x.value, x.wakes) ==
          std::tie(y.step, y.goroutine, y.kind, y.text, y.at, y.object, y.value, y.wakes));
    CHECK(std::tie(x.creates, x.waits, x.reason, x.waits_for, x.is_deviation, x.deviation) ==
          std::tie(y.creates, y.waits, y.reason, y.waits_for, y.is_deviation, y.deviation));
    CHECK(x.after == y.after);
  }
  REQUIRE(a.goroutines.size() == b.goroutines.size());
  for (std::size_t g = 0; g < a.goroutines.size(); ++g) {
    const braid::goroutine_history& x = a.goroutines[g];
    const braid::goroutine_history& y = b.goroutines[g];
    CHECK(std::tie(x.name, x.created_at, x.label, x.waiting_row, x.loop, x.holds, x.finished) ==
          std::tie(y.name, y.created_at, y.label, y.waiting_row, y.loop, y.holds, y.finished));
    CHECK(std::tie(x.created_by, x.finished_step, x.last_row, x.is_stuck, x.is_deadlocked) ==
          std::tie(y.created_by, y.finished_step, y.last_row, y.is_stuck, y.is_deadlocked));
  }
  CHECK(a.objects == b.objects);
  CHECK(a.is_cut == b.is_cut);
  CHECK(a.files == b.files);
}

void named_and_stuck() {
  braid::mutex m;
  m.lock();
  braid::go(braid::go_options{.name = "watcher"}, [&m] { m.lock(); });
  auto never = braid::make_chan<int>();
  never.recv();
}

TEST_CASE("a history that is written and read back is the same", "[cli]") {
  std::vector<braid::program> programs = {{"named", named_and_stuck}};
  for (const char* name :
       {"lock-order", "spin/livelock", "timeout", "goroutine-leak", "send-on-closed"}) {
    programs.push_back(braid::find_program(name));
  }
  for (const braid::program& p : programs) {
    CAPTURE(p.name);
    const braid::history told = braid::replay(p, "0").told;
    CHECK(!told.files.empty());
    braid::json written;
    braid::add_history(written, told);
    check_same(told, braid::history_from_json(braid::json::parse(braid::text_of(written))));
  }
}

TEST_CASE("the lanes of a result without events come from a replay, which is said", "[cli]") {
  const temporary_file result(saved({"goroutine-leak"}));
  const child_result said = braid_says({"show", result.path()});
  CHECK(said.code == 0);
  CHECK(said.err ==
        "braid: 1 token was replayed, as the events are not in the file (--trace records them)\n");
  const std::string token = json::parse(content_of(result.path()))["findings"][0]["token"];
  CHECK(contains(said.out, lanes_in(braid_says({"replay", "goroutine-leak", token}).out)));
}

TEST_CASE("a result of another binary is shown as far as it goes", "[cli]") {
  json result = json::parse(saved({"goroutine-leak"}));
  result["program"] = "elsewhere";
  const temporary_file file(result.dump());
  const child_result said = braid_says({"show", file.path()});
  CHECK(said.code == 0);
  CHECK(contains(said.out, "leak g1"));
  CHECK(!contains(said.out, "  step  "));
  CHECK(said.err ==
        "braid: no events in the file (--trace records them), and no program 'elsewhere' is in "
        "this binary\n");
  for (const char* form : {"perfetto", "dot"}) {
    const child_result refused = braid_says({"show", file.path(), "--as", form});
    CHECK(refused.code == 128);
    CHECK(refused.out.empty());
    CHECK(lines_of(refused.err).size() == 1);
    CHECK(contains(refused.err, "no program 'elsewhere' is in this binary"));
  }
}

TEST_CASE("a result of a program that has changed since is not drawn wrongly", "[cli]") {
  json result = json::parse(saved({"goroutine-leak"}));
  result["program"] = "timeout";
  const temporary_file file(result.dump());
  const child_result said = braid_says({"show", file.path()});
  CHECK(said.code == 0);
  CHECK(!contains(said.out, "  step  "));
  CHECK(contains(said.err, "is not of the program 'timeout'"));
}

TEST_CASE("--token shows one execution alone", "[cli]") {
  const temporary_file result(saved({"foo-vs-after", "--trace"}));
  const json outcomes = json::parse(content_of(result.path()))["outcomes"];
  const std::string token = outcomes[1]["token"];
  const std::string out = braid_says({"show", result.path(), "--token", token}).out;
  CHECK(contains(out, "replay foo-vs-after " + token + "\n"));
  const std::string other = outcomes[0]["token"];
  CHECK(!contains(out, "replay foo-vs-after " + other + "\n"));
  const child_result refused = braid_says({"show", result.path(), "--token", "9g9"});
  CHECK(refused.code == 129);
  CHECK(lines_of(refused.err).size() == 1);
}

TEST_CASE("a result is read from stdin", "[cli]") {
  const temporary_file result(saved({"lock-order", "--trace"}));
  const std::string command = std::string(BRAID_BINARY) + " show -";
  const child_result said = tool_says({"sh", "-c", command + " < " + result.path()});
  CHECK(said.code == 0);
  CHECK(contains(said.out, "deadlock"));
}

// Whatever a file holds, show says in one line that it is no result, and does not crash.
void check_refused(const std::string& content) {
  const temporary_file file(content);
  for (const char* form : {"lanes", "perfetto", "dot", "json"}) {
    CAPTURE(form, content.substr(0, 200));
    const child_result said = braid_says({"show", file.path(), "--as", form});
    CHECK(said.code == 128);
    CHECK(said.out.empty());
    CHECK(lines_of(said.err).size() == 1);
  }
}

TEST_CASE("a file that is no result, or is damaged, is one line and 128", "[cli]") {
  for (const char* content : {"", "\n", "nonsense", "{}", "[]", "null", "{\"v\":2}", "\xff\xfe"}) {
    check_refused(content);
  }
  const std::string whole = saved({"lock-order", "--trace"});
  check_refused(whole.substr(0, whole.size() / 2));
  json other = json::parse(whole);
  other["findings"][0]["events"][0]["goroutine"] = "g99";
  check_refused(other.dump());
  other = json::parse(whole);
  other["findings"][0]["events"][0]["wakes"] = {"timers"};
  check_refused(other.dump());
  other = json::parse(whole);
  other["findings"][0]["goroutines_at_end"][0]["waits_since_event"] = 1000;
  check_refused(other.dump());
  other = json::parse(whole);
  other["findings"][0]["goroutines_at_end"].erase(0);
  check_refused(other.dump());
  other = json::parse(whole);
  other["outcomes"][0]["verdict"] = "fine";
  check_refused(other.dump());
  CHECK(braid_says({"show", "/nowhere/at/all"}).code == 128);
  CHECK(braid_says({"show", "/"}).code == 128);
}

TEST_CASE("an unknown form is a mistake in usage", "[cli]") {
  const child_result said = braid_says({"show", "result.json", "--as", "pdf"});
  CHECK(said.code == 129);
  CHECK(said.err == "braid: --as pdf: it must be lanes, html, perfetto, dot or json\n");
  CHECK(braid_says({"show"}).code == 129);
  CHECK(braid_says({"show", "a", "b"}).code == 129);
}

TEST_CASE("dot shows the cycle of a deadlock", "[cli]") {
  const temporary_file result(saved({"lock-order", "--trace"}));
  const child_result said = braid_says({"show", result.path(), "--as", "dot"});
  CHECK(said.code == 0);
  const auto count = [&](const std::string& part) {
    std::size_t found = 0;
    for (const std::string& line : lines_of(said.out)) found += contains(line, part);
    return found;
  };
  CHECK(count(" -> ") >= 4);
  // Two goroutines, each of which waits for a lock that the other one holds.
  CHECK(count("held since step") == 2);
  CHECK(count("color=red") == 6);
}

TEST_CASE("dot shows the order of events where nobody waits", "[cli]") {
  const temporary_file result(saved({"foo-vs-after", "--trace"}));
  const child_result said = braid_says({"show", result.path(), "--as", "dot"});
  CHECK(contains(said.out, "subgraph cluster_1 {"));
  CHECK(contains(said.out, "label=\"starts\""));
}

void hostile(int) {
  braid::go(braid::go_options{.name = "a\"b\\ -> {}\n\x1b[1m"},
            [] { braid::println("\"\\n\\l\\ \x01 \xff <b>&"); });
  braid::this_goroutine::yield();
}

TEST_CASE("graphs are valid, whatever programs call things", "[cli]") {
  if (!has_tool("dot")) {
    WARN("no graphviz here");
    return;
  }
  const auto check = [](const std::string& graph) {
    const temporary_file file(graph);
    const child_result drawn = tool_says({"dot", "-Tsvg", file.path()});
    INFO(graph);
    CHECK(drawn.code == 0);
    CHECK(drawn.err.empty());
    CHECK(contains(drawn.out, "</svg>"));
  };
  for (const char* program : {"lock-order", "goroutine-leak", "timeout", "foo-vs-after"}) {
    const temporary_file result(saved({program, "--trace"}));
    check(braid_says({"show", result.path(), "--as", "dot"}).out);
  }
  const auto add = [] { add_program("hostile", hostile); };
  const temporary_file result(own_braid_says({"explore", "hostile", "--json", "--trace"}, add).out);
  check(own_braid_says({"show", result.path(), "--as", "dot"}, add).out);
}

}  // namespace
