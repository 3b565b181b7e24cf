// What failing checks print through Catch, and that it can be pasted into a fresh process.
//
// The tests of tests/planted/ fail on purpose; their binary is run here.
#include <catch2/catch.hpp>

#include "cli/command.hpp"
#include "support/patterns.hpp"

namespace {

using namespace braid::testing;

child_result planted_says(const words& arguments, variables extra = {}) {
  extra.emplace("BRAID_REGRESSIONS", "");
  return says(BRAID_PLANTED_TESTS, arguments, extra);
}

// What follows `label` on its line.
std::string fact(const std::string& text, const std::string& label) {
  const pattern_match found = first_match(text, "\n  " + label + " +(.*)\n");
  REQUIRE(found.size() == 2);
  return found[1];
}

// Runs the printed line in a shell, as somebody would who pasted it.
child_result pasted(const std::string& line) {
  return says("/bin/sh", {"-c", line}, {{"BRAID_REGRESSIONS", ""}});
}

TEST_CASE("the lanes of a failed check are printed unbroken after a short failure", "[planted]") {
  const child_result said = planted_says({"a lock order\\, inverted"});
  CHECK(said.code == 1);
  CHECK(contains(said.out, "planted.cpp:"));
  CHECK(contains(said.out, "FAILED:\nexplicitly with message:\n  deadlock after "));
  CHECK(contains(said.out, "│") == false);
  CHECK(contains(said.out, "  step  main "));
  CHECK(contains(said.out, "⏸"));
  CHECK(said.out.find("FAILED:") < said.out.find("  step  main "));
  CHECK(contains(said.out, "test cases: 1 | 1 failed"));
  CHECK(contains(said.out, "assertions: 2 | 1 passed | 1 failed"));
}

TEST_CASE("the line that a failed check prints repeats it in a fresh process", "[planted]") {
  const std::string test = GENERATE("a lock order\\, inverted", "deposits");
  const child_result said = planted_says({test});
  const std::string line = fact(said.out, "again");
  const child_result again = pasted(line);
  CHECK(again.code == 1);
  CHECK(contains(again.out, "BRAID_REPRODUCE, which failed before"));
  CHECK(fact(again.out, "again") == line);
}

TEST_CASE("a reproduction that no check takes is said to be unused", "[planted]") {
  const child_result said =
      planted_says({"a sound program"}, {{"BRAID_REPRODUCE", "main.1:before:main:go:#1~0000"}});
  CHECK(said.code == 0);
  CHECK(
      contains(said.err, "BRAID_REPRODUCE=main.1:before:main:go:#1~0000 is of no check that ran"));
}

TEST_CASE("JUnit and XML have all of it, verbatim, and nothing else is on stdout", "[planted]") {
  const std::string reporter = GENERATE("junit", "xml");
  const child_result said = planted_says({"a lock order\\, inverted", "-r", reporter});
  CHECK(said.code == 1);
  CHECK(said.out.starts_with("<?xml"));
  const std::string text = with_matches_replaced(said.out, "&gt;", ">");
  CHECK(contains(text, "deadlock after "));
  CHECK(contains(text, "  step  main "));
  CHECK(contains(text, "BRAID_REPRODUCE="));
  const std::size_t end = said.out.rfind(reporter == "junit" ? "</testsuites>" : "</Catch>");
  CHECK(said.out.find_first_not_of(" \n", said.out.find('>', end) + 1) == std::string::npos);
}

TEST_CASE("an expectation of production fails the test on its own thread, at its place",
          "[planted]") {
  const child_result said = planted_says({"an expectation in production"});
  CHECK(said.code == 1);
  CHECK(contains(said.out, "expect failed: arithmetic"));
  CHECK(contains(said.out, "planted.cpp:"));
  CHECK(contains(said.out, "test cases: 1 | 1 failed"));
}

TEST_CASE("outcomes that differ are printed as missing and unexpected", "[planted]") {
  const child_result said = planted_says({"outcomes that differ"});
  CHECK(said.code == 1);
  CHECK(contains(said.out, "missing     \"foo\\n\"\n"));
  CHECK(contains(said.out, "unexpected  \"after\\nfoo\\n\"   replay "));
}

TEST_CASE("a result that the test judges is shown in full where that fails, and only there",
          "[planted]") {
  const child_result said = planted_says({"a counter in two steps"});
  CHECK(said.code == 1);
  CHECK(contains(
      said.out,
      "  CHECK( r )\nwith expansion:\n  not-linearizable, with 1 preemption, 2 commands\n"));
  CHECK(contains(said.out, "\n  +-- g1 ---"));
  const std::string line = fact(said.out, "again");
  const child_result again = pasted(line);
  CHECK(again.code == 1);
  CHECK(fact(again.out, "again") == line);
  CHECK(contains(planted_says({"a counter in two steps", "-r", "junit"}).out, "+-- g1 ---"));
  const child_result sound = planted_says({"a counter that is expected to be wrong"});
  CHECK(sound.code == 0);
  CHECK_FALSE(contains(sound.out, "BRAID_REPRODUCE"));
}

TEST_CASE("the command of an unexpected outcome shows its lanes", "[planted]") {
  const child_result said = planted_says({"outcomes that differ"});
  const child_result again = pasted(fact(said.out, "again"));
  CHECK(again.code == 1);
  CHECK(contains(again.out, "  step  main "));
  CHECK(contains(again.out, "(BRAID_REPRODUCE is followed alone)"));
  CHECK_FALSE(contains(again.out, "missing"));
}

TEST_CASE("a passing check counts as an assertion; a small budget passes, marked incomplete",
          "[planted]") {
  CHECK(planted_says({"a sound program", "-w", "NoAssertions"}).code == 0);
  const child_result small = planted_says({"a small budget"});
  CHECK(small.code == 0);
  CHECK(contains(small.out, "braid: a small budget: passes, but is incomplete: "));
  CHECK(contains(planted_says({"a small budget", "-r", "junit"}).out, "incomplete"));
  const child_result strict = planted_says({"a small budget"}, {{"BRAID_REQUIRE_COMPLETE", "1"}});
  CHECK(strict.code == 1);
  CHECK(contains(strict.out, "incomplete: "));
}

}  // namespace
