// --github: annotations that GitHub Actions takes, and a summary that shows text as text.
//
// Oracle: the documented form of workflow commands: `::level key=value,...::message`, where % and
// line breaks are encoded, and in values also colons and commas.
#include <braid/braid.hpp>
#include <catch2/catch.hpp>

#include "cli/command.hpp"
#include "support/patterns.hpp"

namespace {

using namespace braid::testing;

words commands_in(const std::string& text) {
  words found;
  for (const std::string& line : lines_of(text)) {
    if (line.starts_with("::")) found.push_back(line);
  }
  return found;
}

TEST_CASE("a finding is an error at its line", "[cli]") {
  const child_result said = braid_says({"explore", "goroutine-leak", "--github"});
  CHECK(said.code == 13);
  const words commands = commands_in(said.out);
  REQUIRE(commands.size() == 1);
  const pattern_match parts =
      first_match(commands[0], "^::error file=([^,:]+),line=(\\d+),title=([^,:]+)::(.*)$");
  REQUIRE(parts.size() == 5);
  CHECK(parts[1] == "scenarios/goroutine_leak.cpp");
  CHECK(parts[3] == "leak in goroutine-leak");
  const words source = lines_of(content_of(BRAID_SOURCE_DIR "/" + parts[1]));
  CHECK(contains(source.at(std::stoul(parts[2]) - 1), "send"));
  CHECK(contains(parts[4], "%0Areplay: braid replay goroutine-leak "));
}

TEST_CASE("nothing is annotated where nothing is wrong", "[cli]") {
  CHECK(commands_in(braid_says({"explore", "wait-group", "--github"}).out).empty());
  CHECK(
      commands_in(
          braid_says({"explore", "print-nums", "--strategy", "random", "-n", "5", "--github"}).out)
          .empty());
  const words strict = commands_in(braid_says({"explore", "print-nums", "--strategy", "random",
                                               "-n", "5", "--github", "--require-complete"})
                                       .out);
  REQUIRE(strict.size() == 1);
  CHECK(strict[0].starts_with("::error title=not complete%3A print-nums::"));
}

TEST_CASE("with --json annotations go to stderr", "[cli]") {
  const child_result said = braid_says({"explore", "goroutine-leak", "--github", "--json"});
  CHECK(nlohmann::json::parse(said.out)["program"] == "goroutine-leak");
  CHECK(commands_in(said.err).size() == 1);
}

TEST_CASE("the variable of the option turns annotations on", "[cli]") {
  const child_result said = braid_says({"explore", "goroutine-leak"}, {{"BRAID_GITHUB", "1"}});
  CHECK(commands_in(said.out).size() == 1);
}

void hostile(int) {
  braid::println("::error::gotcha\n| a | <script>alert(1)</script> **b** `c` |");
  braid::panic("100 %, sure: a\r\n::error file=x::y\n| z |");
}

TEST_CASE("what a program says is neither a command nor markup", "[cli]") {
  const temporary_file summary("");
  const child_result said = own_braid_says({"explore", "hostile,or-not", "--github"}, [&] {
    add_program("hostile,or-not", hostile);
    setenv("GITHUB_STEP_SUMMARY", summary.path().c_str(), 1);
  });
  const words commands = commands_in(said.out);
  REQUIRE(commands.size() == 1);
  CHECK(contains(commands[0], "title=panic in hostile%2Cor-not::panic: 100 %25, sure: a"));
  const std::string text = content_of(summary.path());
  CHECK(!contains(text, "<script>"));
  CHECK(!contains(text, "**b**"));
  for (const std::string& line : lines_of(text)) {
    if (!line.starts_with("| ") || contains(line, "outcome")) continue;
    CHECK(std::count(line.begin(), line.end(), '|') == 5);
  }
}

TEST_CASE("the summary is added to what is there", "[cli]") {
  const temporary_file summary("before\n");
  braid_says({"explore", "lock-order", "foo-vs-after", "--github"},
             {{"GITHUB_STEP_SUMMARY", summary.path()}});
  const std::string text = content_of(summary.path());
  CHECK(text.starts_with("before\n## braid\n"));
  CHECK(contains(text, "### lock&#45;order\n"));
  CHECK(contains(text, "complete: 3 outcomes, 3 runs of dpor\n"));
  CHECK(contains(text, "* **deadlock** "));
  CHECK(contains(text, "| ✅ | 1 | <code>"));
  CHECK(contains(text, "| ❌ | "));
}

TEST_CASE("a summary that cannot be written is one line and 128", "[cli]") {
  const child_result said = braid_says({"explore", "goroutine-leak", "--github"},
                                       {{"GITHUB_STEP_SUMMARY", "/nowhere/at/all"}});
  CHECK(said.code == 128);
  CHECK(lines_of(said.err).size() == 1);
  CHECK(commands_in(said.out).size() == 1);
}

void unlocks_for_another(int) {
  braid::mutex m;
  m.lock();
  braid::wait_group done;
  done.go([&m] { m.unlock(); });
  done.wait();
}

TEST_CASE("a foreign unlock is a warning", "[cli]") {
  const child_result said =
      own_braid_says({"explore", "unlocks", "--github", "--warn-foreign-unlock"},
                     [] { add_program("unlocks", unlocks_for_another); });
  CHECK(said.code == 0);
  const words commands = commands_in(said.out);
  REQUIRE(commands.size() == 1);
  CHECK(commands[0].starts_with("::warning file="));
  CHECK(contains(commands[0], "github_test.cpp,line="));
}

}  // namespace
