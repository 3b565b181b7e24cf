// braid run: ends as the program would, prints what production did, and compares it.
//
// Oracle: Go's exit codes (0, panic and deadlock 2, exit(n) n), and sets of outcomes made by hand.
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <csignal>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;
using nlohmann::json;

void add_programs() {
  add_program("returns", [](int) { braid::println("fine"); });
  add_program("exits", [](int) {
    braid::println("leaving");
    braid::exit(7);
  });
  add_program("panics", [](int) { braid::panic("enough"); });
  add_program("deadlocks", [](int) { braid::make_chan<int>().recv(); });
  add_program("crashes", [](int) {
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
  });
  add_program("writes-much", [](int) {
    for (int i = 0; i < 3000; ++i) braid::print(std::string(1000, 'x'));
  });
  add_program("leaks", [](int) {
    auto c = braid::make_chan<int>();
    braid::go([c]() mutable { c.send(1); });
    braid::println("done");
  });
}

child_result own_run(words arguments) {
  arguments.insert(arguments.begin(), "run");
  return own_braid_says(arguments, add_programs);
}

TEST_CASE("a single run ends as the program does in production", "[cli]") {
  const child_result returns = own_run({"returns"});
  CHECK(returns.code == 0);
  CHECK(returns.out == "fine\n");
  CHECK(returns.err.empty());
  CHECK(own_run({"exits"}).code == 7);
  const child_result panics = own_run({"panics"});
  CHECK(panics.code == 2);
  CHECK(contains(panics.err, "panic: enough\n"));
  const child_result deadlocks = own_run({"deadlocks"});
  CHECK(deadlocks.code == 2);
  CHECK(contains(deadlocks.err, "fatal error: all goroutines are asleep - deadlock!"));
}

TEST_CASE("-v and --workers say what each thread ran", "[cli]") {
  CHECK(contains(own_run({"returns", "--workers", "3"}).err, "braid: ran on 3 threads: "));
  CHECK(contains(own_run({"returns", "-v"}).err, "braid: ran on "));
}

TEST_CASE("many runs are classified by how they ended", "[cli]") {
  const auto only_outcome = [](const std::string& program) {
    const child_result said = own_run({program, "-n", "2", "--json"});
    CHECK(said.code == 0);
    const json result = only_json(said);
    CHECK(result["strategy"] == "production");
    CHECK(result["executions"] == 2);
    REQUIRE(result["outcomes"].size() == 1);
    CHECK(result["outcomes"][0]["token"].is_null());
    CHECK(result["outcomes"][0]["count"] == 2);
    return result["outcomes"][0];
  };
  CHECK(only_outcome("returns")["verdict"] == "ok");
  CHECK(only_outcome("exits")["verdict"] == "exit");
  CHECK(only_outcome("exits")["exit_code"] == 7);
  CHECK(only_outcome("panics")["verdict"] == "panic");
  CHECK(only_outcome("deadlocks")["verdict"] == "deadlock");
  CHECK(only_outcome("crashes")["verdict"] == "crash");
  CHECK(only_outcome("crashes")["signal"] == SIGSEGV);
  CHECK(only_outcome("leaks")["verdict"] == "ok");
}

TEST_CASE("the table of production has shares and no tokens", "[cli]") {
  const child_result said = own_run({"exits", "-n", "3"});
  CHECK(said.code == 0);
  CHECK(contains(said.out, " 3    100.0 %   \"leaving\\n\", exit 7\n"));
  CHECK(!contains(said.out, "replay"));
  CHECK(contains(said.out, "real runs: other outcomes may exist"));
}

TEST_CASE("what a run prints beyond a MiB is dropped, which is said", "[cli]") {
  const child_result said = own_run({"writes-much", "-n", "1", "--json"});
  const json result = only_json(said);
  CHECK(result["outcomes"][0]["output"].get<std::string>().size() == 1U << 20);
  CHECK(contains(result["why_incomplete"], "only the first MiB is kept"));
}

std::string result_of(const std::string& program, const json& outcomes) {
  json result = only_json(braid_says({"explore", "foo-vs-after", "--timers", "free", "--json"}));
  result["program"] = program;
  result["outcomes"] = outcomes;
  return result.dump() + "\n";
}

json outcome(const std::string& output, const std::string& verdict, int exit_code = 0) {
  json o = {{"output", output},
            {"verdict", verdict},
            {"verdicts", {verdict}},
            {"count", 1},
            {"token", "0"}};
  if (verdict == "exit") o["exit_code"] = exit_code;
  return o;
}

int against(const std::string& program, const json& outcomes) {
  const temporary_file result(result_of("another", json::array()) + result_of(program, outcomes));
  return own_run({program, "-n", "2", "--against", result.path()}).code;
}

TEST_CASE("an outcome of production outside the explored set exits 16", "[cli]") {
  CHECK(against("returns", json::array({outcome("fine\n", "ok")})) == 0);
  CHECK(against("returns", json::array({outcome("other\n", "ok"), outcome("fine\n", "ok")})) == 0);
  CHECK(against("returns", json::array({outcome("other\n", "ok")})) == 16);
  CHECK(against("returns", json::array({outcome("fine\n", "panic")})) == 16);
  CHECK(against("returns", json::array()) == 16);
  CHECK(against("exits", json::array({outcome("leaving\n", "exit", 7)})) == 0);
  CHECK(against("exits", json::array({outcome("leaving\n", "exit", 8)})) == 16);
  CHECK(against("panics", json::array({outcome("", "panic")})) == 0);
  CHECK(against("panics", json::array({outcome("", "ok")})) == 16);
  CHECK(against("deadlocks", json::array({outcome("", "deadlock")})) == 0);
}

TEST_CASE("production cannot see a leak: there it is ok", "[cli]") {
  CHECK(against("leaks", json::array({outcome("done\n", "leak")})) == 0);
  CHECK(against("leaks", json::array({outcome("", "leak")})) == 16);
}

TEST_CASE("what --against misses is named in JSON, too", "[cli]") {
  const temporary_file result(result_of("returns", json::array({outcome("other\n", "ok")})));
  const json said =
      only_json(own_run({"returns", "--against", result.path(), "-n", "1", "--json"}));
  CHECK(said["findings"][0]["summary"] ==
        "production has an outcome that RESULT has not: \"fine\\n\"");
}

TEST_CASE("what --against misses is shown", "[cli]") {
  const temporary_file result(result_of("returns", json::array({outcome("other\n", "ok")})));
  const child_result said = own_run({"returns", "--against", result.path(), "-n", "1"});
  CHECK(contains(said.out, "✗ mismatch   not in " + result.path() + ": \"fine\\n\""));
}

TEST_CASE("what explore --json prints is what --against reads", "[cli]") {
  const temporary_file result(
      braid_says({"explore", "timeout", "foo-vs-after", "--timers", "free", "--json"}).out);
  const words run = {"run", "foo-vs-after", "-n", "20", "--against", result.path()};
  const child_result said = braid_says(run);
  CAPTURE(said.out);
  CHECK(said.code == 0);
}

}  // namespace
