// braid explore: exit codes, JSON, expectations, variables.
//
// Oracle: the documented contract of the exit codes and of the JSON fields; outcome counts are
// those of the scenarios' own models.
#include <unistd.h>

#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <utility>

#include "cli/command.hpp"
#include "support/patterns.hpp"

namespace {

using namespace braid::testing;
using nlohmann::json;

int code_of(words options, const std::string& program = "foo-vs-after") {
  options.insert(options.begin(), {"explore", program, "--quiet"});
  return braid_says(options).code;
}

TEST_CASE("the exit code is that of the lowest finding", "[cli]") {
  CHECK(code_of({}) == 0);
  CHECK(code_of({}, "send-on-closed") == 10);
  CHECK(code_of({}, "lock-order") == 11);
  CHECK(code_of({}, "goroutine-leak") == 13);
  CHECK(code_of({"lock-order", "foo-vs-after"}, "goroutine-leak") == 11);
  CHECK(code_of({"--no-leak"}, "goroutine-leak") == 0);
  CHECK(code_of({"--no-deadlock"}, "lock-order") == 0);
  CHECK(code_of({}, "loop-variable") == 12);
  CHECK(code_of({"--no-race"}, "loop-variable") == 0);
}

TEST_CASE("a data race is told with both accesses, in words and in JSON", "[cli][races]") {
  const child_result said = braid_says({"explore", "loop-variable"});
  CHECK(contains(said.out, "✗ race   data race on var1 (loop_variable.cpp:20)\n"));
  CHECK(contains(said.out, "reads, and nothing orders the two\n"));
  const json result = only_json(braid_says({"explore", "loop-variable", "--json"}));
  REQUIRE(result["findings"].size() == 1);
  const json& found = result["findings"][0];
  CHECK(found["verdict"] == "race");
  REQUIRE(found["accesses"].size() == 2);
  CHECK(found["accesses"][0]["goroutine"] == "main");
  CHECK(found["accesses"][0]["created_at"].is_null());
  CHECK(found["accesses"][0]["operation"] == "var1.write 2");
  CHECK(found["accesses"][0]["kind"] == "write");
  CHECK(found["accesses"][0]["writes"] == true);
  CHECK(found["accesses"][0]["at"] == "loop_variable.cpp:21");
  CHECK(found["accesses"][0]["step"] == 10);
  CHECK(found["accesses"][1]["goroutine"] == "g1");
  CHECK(found["accesses"][1]["value"] == "2");
  CHECK(found["accesses"][1]["writes"] == false);
}

TEST_CASE("not complete is 3 with --require-complete, but a finding wins", "[cli]") {
  CHECK(code_of({"-n", "1"}) == 0);
  CHECK(code_of({"-n", "1", "--require-complete"}) == 3);
  CHECK(code_of({"--require-complete"}) == 0);
  CHECK(code_of({"-n", "1", "--require-complete"}, "goroutine-leak") == 13);
}

TEST_CASE("a program that crashes is 18, one that exits is no finding", "[cli]") {
  const auto prepare = [] {
    add_program("crashes", [](int) { raise(SIGSEGV); });
    add_program("exits", [](int) {
      braid::print("bye");
      braid::exit(7);
    });
  };
  const child_result crash = own_braid_says({"explore", "crashes"}, prepare);
  CHECK(crash.code == 18);
  CHECK(contains(crash.out, "killed by signal 11"));
  CHECK(contains(crash.out, "  debug    gdb --args "));
  const child_result exit = own_braid_says({"explore", "exits"}, prepare);
  CHECK(exit.code == 0);
  CHECK(contains(exit.out, "\"bye\", exit 7"));
  const json result = only_json(own_braid_says({"explore", "exits", "--json"}, prepare));
  CHECK(result["outcomes"][0]["verdict"] == "exit");
  CHECK(result["outcomes"][0]["exit_code"] == 7);
}

TEST_CASE("--expect, --forbid and --allow exit 16 when outcomes are others", "[cli]") {
  CHECK(code_of({"--expect", "before\\nfoo\\nafter\\n"}) == 0);
  CHECK(code_of({"--expect", "before\\x0afoo\\012after\\n"}) == 0);
  CHECK(code_of({"--expect", "before\\n"}) == 16);
  CHECK(code_of({"--expect", "@ok"}) == 0);
  CHECK(code_of({"--expect", "@leak"}) == 16);
  CHECK(code_of({"--forbid", "before\\nfoo\\nafter\\n"}) == 16);
  CHECK(code_of({"--forbid", "foo\\n"}) == 0);
  CHECK(code_of({"--allow", "before\\nafter\\n"}) == 16);
  CHECK(code_of({"--allow", "@ok"}) == 0);
  CHECK(code_of({"--allow", "before\\nafter\\n", "--allow", "before\\nfoo\\nafter\\n", "--allow",
                 "before\\nafter\\nfoo\\n"}) == 0);
  CHECK(code_of({"--forbid", "@leak"}, "goroutine-leak") == 13);
}

TEST_CASE("an expected outcome is not judged while incomplete, which is said", "[cli]") {
  const child_result said =
      braid_says({"explore", "foo-vs-after", "-n", "1", "--expect", "nothing like it"});
  CHECK(said.code == 0);
  CHECK(contains(said.out, "'nothing like it' does not occur so far; not judged"));
}

TEST_CASE("a mismatch is a finding in JSON, and marked in the table", "[cli]") {
  const words forbid = {"explore", "foo-vs-after", "--forbid", "before\\nafter\\n"};
  const child_result said = braid_says(forbid);
  CHECK(contains(said.out, "1     33.3 %   \"before\\nafter\\n\""));
  CHECK(lines_of(said.out)[3].starts_with("  ✗ "));
  CHECK(contains(said.out, "✗ mismatch   the forbidden outcome 'before\\nafter\\n' occurs\n"));
  words as_json = forbid;
  as_json.push_back("--json");
  const json result = only_json(braid_says(as_json));
  REQUIRE(result["findings"].size() == 1);
  CHECK(result["findings"][0]["verdict"] == "mismatch");
  CHECK(result["findings"][0]["token"].is_string());
}

TEST_CASE("a mismatch names the outcome that occurs", "[cli]") {
  const auto summary = [](const words& options) -> std::string {
    words all = {"explore", "goroutine-leak", "--json"};
    all.insert(all.end(), options.begin(), options.end());
    return only_json(braid_says(all))["findings"].back()["summary"];
  };
  CHECK(summary({"--allow", "never"}) ==
        "an outcome occurs that --allow does not name: \"\", leak g1");
  CHECK(summary({"--forbid", "@leak"}) == "the forbidden outcome '@leak' occurs: \"\", leak g1");
  const auto prepare = [] {
    add_program("long", [](int) { braid::print(std::string(1000, 'x')); });
  };
  const json result =
      only_json(own_braid_says({"explore", "long", "--json", "--allow", "", "--no-leak"}, prepare));
  CHECK(result["findings"][0]["summary"].get<std::string>().size() < 300);
}

TEST_CASE("--json has the fields of version 1, and nothing else is on stdout", "[cli]") {
  const child_result said =
      braid_says({"explore", "lock-order", "timeout", "--strategy", "dfs", "--json"});
  CHECK(said.err.empty());
  const std::vector<json> results = json_lines(said);
  REQUIRE(results.size() == 2);
  const json& r = results[0];
  CHECK(r["v"] == 1);
  CHECK(r["program"] == "lock-order");
  CHECK(r["strategy"] == "dfs");
  CHECK(r["seed"] == 1);
  CHECK(r["timers"] == "ordered");
  CHECK(r["complete"] == true);
  CHECK(r["why_incomplete"].is_null());
  CHECK(r["classes"].is_null());
  CHECK(r["blocked"] == 0);
  CHECK(r["estimate"] == r["executions"]);
  CHECK(r["guarantee"].is_null());
  CHECK(r["steps"].get<int>() > 0);
  CHECK(r["seconds"].is_number());
  int count = 0;
  double share = 0;
  for (const json& o : r["outcomes"]) {
    count += o["count"].get<int>();
    share += o["share"].get<double>();
    CHECK(o["verdicts"].size() == 1);
    CHECK(!o.contains("errors"));
    CHECK(!o.contains("events"));
  }
  CHECK(count == r["executions"].get<int>());
  CHECK(share == Approx(1).margin(1e-5));
  REQUIRE(r["findings"].size() == 1);
  const json& f = r["findings"][0];
  CHECK(f["verdict"] == "deadlock");
  CHECK(f["preemptions"] == 1);
  REQUIRE(f["goroutines"].size() == 3);
  CHECK(f["goroutines"][1]["name"] == "g1");
  CHECK(f["goroutines"][1]["waits_for"] == "mutex2");
  CHECK(f["goroutines"][1]["holds"] == json{"mutex1"});
}

TEST_CASE("a bounded search says that it is", "[cli]") {
  const json r = only_json(braid_says({"explore", "wait-group", "--preemptions", "1", "--json"}));
  CHECK(r["strategy"] == "dfs");
  CHECK(r["complete"] == false);
  CHECK(r["why_incomplete"] == "at most 1 preemption");
  const json by_variable =
      only_json(braid_says({"explore", "wait-group", "--json"}, {{"BRAID_PREEMPTIONS", "1"}}));
  CHECK(by_variable["executions"] == r["executions"]);
  const child_result said = braid_says({"explore", "wait-group", "--delays", "2"});
  CHECK(contains(said.out, "dfs, at most 2 delays, all checks"));
  CHECK(contains(said.out, "not complete: at most 2 delays"));
  CHECK(braid_says({"explore", "wait-group", "--delays", "2", "--require-complete"}).code == 3);
}

TEST_CASE("pct says what it guarantees", "[cli]") {
  const words search = {"explore", "wait-group", "--strategy", "pct:2", "-n", "100"};
  const std::string text = braid_says(search).out;
  CHECK(contains(text, "guarantee"));
  CHECK(contains(text, "n = 4 goroutines, k = 12 steps, d = 2"));
  words as_json = search;
  as_json.push_back("--json");
  const json r = only_json(braid_says(as_json));
  CHECK(r["guarantee"]["n"] == 4);
  CHECK(r["guarantee"]["k"] == 12);
  CHECK(r["guarantee"]["d"] == 2);
  CHECK(r["guarantee"]["chance"].get<double>() == Approx(1 / 48.0).epsilon(1e-4));
}

TEST_CASE("dpor counts its classes in JSON", "[cli]") {
  const json r = only_json(braid_says({"explore", "lock-order", "--strategy", "dpor", "--json"}));
  CHECK(r["strategy"] == "dpor");
  CHECK(r["complete"] == true);
  CHECK(r["classes"] == r["executions"]);
  CHECK(r["classes"].get<int>() >= 2);
  CHECK(r["outcomes"].size() == 2);
}

TEST_CASE("stderr of a program is in its outcome, invalid UTF-8 is replaced", "[cli]") {
  const auto prepare = [] {
    add_program("panics", [](int) {
      braid::print("\xff");
      braid::panic("enough");
    });
  };
  const json result = only_json(own_braid_says({"explore", "panics", "--json"}, prepare));
  CHECK(result["outcomes"][0]["output"] == "\xef\xbf\xbd");
  CHECK(result["outcomes"][0]["errors"] == "panic: enough\n");
  CHECK(result["outcomes"][0]["verdict"] == "panic");
  const child_result table = own_braid_says({"explore", "panics"}, prepare);
  CHECK(contains(table.out, R"("\xff", panic: enough)"));
}

TEST_CASE("--trace adds the events of each outcome and finding", "[cli]") {
  const json result =
      only_json(braid_says({"explore", "timeout", "--timers", "free", "--json", "--trace"}));
  for (const json& o : result["outcomes"]) CHECK(o["events"].size() > 5);
  const json& events = result["findings"][0]["events"];
  CHECK(events[0]["step"] == 1);
  CHECK(events[0]["goroutine"] == "main");
  CHECK(events[0]["kind"] == "go");
  CHECK(events[0]["creates"] == "g1");
  int deviations = 0;
  for (const json& e : events) deviations += e.contains("deviation");
  CHECK(deviations == 1);
}

TEST_CASE("variables are options, and the command line wins", "[cli]") {
  const words explore = {"explore", "foo-vs-after"};
  const json by_variable = only_json(braid_says(
      explore, {{"BRAID_JSON", "1"}, {"BRAID_STRATEGY", "random"}, {"BRAID_RUNS", "7"}}));
  CHECK(by_variable["strategy"] == "random");
  CHECK(by_variable["executions"] == 7);
  const json by_flag = only_json(braid_says({"explore", "foo-vs-after", "--json", "-n", "5"},
                                            {{"BRAID_STRATEGY", "random"}, {"BRAID_RUNS", "7"}}));
  CHECK(by_flag["executions"] == 5);
  CHECK(braid_says(explore, {{"BRAID_RUNS", ""}}).code == 0);
  CHECK(braid_says(explore, {{"BRAID_FORBID", "@ok"}}).code == 16);
}

TEST_CASE("the same command gives the same result", "[cli]") {
  const words command = {"explore", "print-nums", "--strategy", "random", "--timers", "free",
                         "-n",      "500",        "--seed",     "3",      "--json"};
  json first = only_json(braid_says(command));
  json second = only_json(braid_says(command));
  first.erase("seconds");
  second.erase("seconds");
  CHECK(first == second);
}

TEST_CASE("a sample says how sure it is and what it may not have seen", "[cli]") {
  const child_result said =
      braid_says({"explore", "foo-vs-after", "--strategy", "random", "-n", "10000"});
  CHECK(contains(said.out, " 95 %"));
  CHECK(contains(said.out, "± 0.9"));
  CHECK(contains(said.out,
                 "sampled  10,000 runs of random, seed 1   "
                 "a new outcome in the next run: < 0.030 %"));
  CHECK(contains(said.out, "not complete: sampled: other outcomes may exist"));
  const child_result few =
      braid_says({"explore", "print-nums", "--strategy", "random", "-n", "5", "--timers", "free"});
  CHECK(contains(few.out, "a new outcome in the next run: about "));
}

// Oracle: the formula, with the n and k that are printed beside the chance.
TEST_CASE("what pct promises is rounded down", "[cli]") {
  for (const char* program : {"sct/reorder_3", "sct/reorder_4"}) {
    for (const int depth : {2, 3}) {
      CAPTURE(program, depth);
      const child_result said = braid_says(
          {"explore", program, "--strategy", "pct:" + std::to_string(depth), "-n", "200", "-q"});
      const pattern_match told = first_match(
          said.out, "at least ([0-9.e-]+)\n.* for n = (\\d+) goroutines, k = (\\d+) steps");
      REQUIRE(told.size() == 4);
      const double steps =
          depth == 2 ? std::stod(told[3]) : std::stod(told[3]) * std::stod(told[3]);
      const double promised = std::stod(told[2]) * steps * std::stod(told[1]);
      CHECK(promised <= 1);
      CHECK(promised > 0.9);
    }
  }
}

TEST_CASE("about twenty outcomes are shown, all with -v, and bad ones always", "[cli]") {
  const words command = {"explore", "print-nums", "--timers", "free"};
  const child_result some = braid_says(command);
  CHECK(contains(some.out, "… and 30 more outcomes (-v shows all)"));
  const child_result all = braid_says({"explore", "print-nums", "--timers", "free", "-v"});
  CHECK(!contains(all.out, "more outcomes"));
  CHECK(contains(all.out, "50 outcomes"));
  const json result =
      only_json(braid_says({"explore", "print-nums", "--timers", "free", "--json"}));
  const std::string rare = result["outcomes"][49]["token"];
  CHECK(!contains(some.out, rare));
  std::string output = result["outcomes"][49]["output"];
  for (std::size_t at = 0; (at = output.find('\n', at)) != std::string::npos;) {
    output.replace(at, 1, "\\n");
  }
  const child_result with_bad =
      braid_says({"explore", "print-nums", "--timers", "free", "--forbid", output});
  CHECK(contains(with_bad.out, rare));
}

// Raises SIGINT in the command line once, from the worker that runs the program.
bool* interrupt_sent = nullptr;

TEST_CASE("an interrupt prints the table so far and exits 130", "[cli]") {
  const auto prepare = [] {
    interrupt_sent = shared_flag();
    add_program("endless", [](int) {
      for (int i = 0; i < 20; ++i) braid::choose(100);
      braid::println("so far");
      if (!std::exchange(*interrupt_sent, true)) kill(getppid(), SIGINT);
    });
  };
  const child_result said = own_braid_says({"explore", "endless", "goroutine-leak"}, prepare);
  CHECK(said.code == 130);
  CHECK(contains(said.out, "\"so far\\n\""));
  CHECK(contains(said.out, "not complete: interrupted"));
  CHECK(!contains(said.out, "goroutine-leak"));
}

}  // namespace
