// braid step: somebody chooses what happens next.
//
// Oracle: the tokens and outcomes that explore and replay print.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;

child_result steps(const std::string& input, const words& arguments) {
  words all = {"step"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return braid_hears(input, all);
}

std::string token_of(const std::string& program, const std::string& output) {
  const auto result = only_json(braid_says({"explore", program, "--json"}));
  for (const auto& o : result["outcomes"]) {
    if (o["output"] == output) return o["token"];
  }
  FAIL("no such outcome");
  return "";
}

TEST_CASE("who chooses the default always steps through the default schedule", "[cli]") {
  const std::string token = token_of("foo-vs-after", "before\nafter\n");
  REQUIRE(token.starts_with("0~"));
  for (const char* input : {"c\n", "\n\n\n\n\n\n\n\n", "1\n1\nc\n", "r 1\nr 1000\n"}) {
    const child_result said = steps(input, {"foo-vs-after"});
    CAPTURE(input, said.out);
    CHECK(said.code == 0);
    CHECK(said.err == "");
    CHECK(contains(said.out, "braid replay foo-vs-after " + token));
    CHECK(contains(said.out, "\"before\\nafter\\n\""));
  }
}

TEST_CASE("the choices lead to the token that explore prints", "[cli]") {
  const std::string token = token_of("foo-vs-after", "before\nfoo\nafter\n");
  for (const char* input : {"g1\nt\n", "2\nt\n", "2\nu\n2\nt\n", "1\nu\n  g1 \nt\n"}) {
    const child_result said = steps(input, {"foo-vs-after"});
    CAPTURE(input, said.out);
    CHECK(contains(said.out, "  token " + token + "\n"));
  }
}

TEST_CASE("each choice is told with what it would do, and where", "[cli]") {
  const child_result said = steps("q\n", {"foo-vs-after"});
  CHECK(contains(said.out, "  step 3\n"));
  CHECK(contains(said.out,
                 "  1  main   print \"after\\n\"   foo_vs_after.cpp:13   default\n"
                 "    2  g1     print \"foo\\n\"     foo_vs_after.cpp:7\n"));
  CHECK(said.code == 0);
}

TEST_CASE("the exit code is the verdict's when the execution is over", "[cli]") {
  const child_result over = steps("\ng2\n", {"lock-order"});  // g1 has locked one, g2 the other
  INFO(over.out);
  CHECK(over.code == 11);
  CHECK(contains(over.out, "deadlock"));
  CHECK(steps("\ng2\nu\n", {"lock-order"}).code == 0);
  CHECK(steps("", {"lock-order"}).code == 0);
}

TEST_CASE("undo goes back to the beginning, and no further", "[cli]") {
  const child_result said = steps("2\nc\nu\nu\nu\nt\n", {"foo-vs-after"});
  CHECK(contains(said.out, "there is nothing to undo"));
  CHECK(contains(said.out, "  token 0~"));
}

TEST_CASE("a saved token replays", "[cli]") {
  const temporary_file file("# nothing yet\n0\n");
  const child_result said = steps("2\nc\ns " + file.path() + "\n", {"foo-vs-after"});
  CHECK(contains(said.out, "saved; braid replay foo-vs-after @" + file.path()));
  const child_result again = braid_says({"replay", "foo-vs-after", "@" + file.path()});
  CHECK(again.code == 0);
  CHECK(again.err == "");
  CHECK(contains(again.out, "\"before\\nfoo\\nafter\\n\""));
}

TEST_CASE("a file that holds something else is left alone", "[cli]") {
  const temporary_file file("dear diary\n");
  const child_result said = steps("s " + file.path() + "\n", {"foo-vs-after"});
  CHECK(contains(said.out, "holds something else than a token"));
  std::ifstream in(file.path());
  std::ostringstream content;
  content << in.rdbuf();
  CHECK(content.str() == "dear diary\n");
}

TEST_CASE("what is no command is told, and changes nothing", "[cli]") {
  const child_result said = steps("9\nnonsense\nr\nr x\ng7\n?\nt\n", {"foo-vs-after"});
  CHECK(said.code == 0);
  CHECK(contains(said.out, "there are only 2 to choose from"));
  CHECK(contains(said.out, "'nonsense' is none of these"));
  CHECK(contains(said.out, "r needs a number of steps"));
  CHECK(contains(said.out, "undo, as often as you like"));
  CHECK(contains(said.out, "  token 0~"));
}

TEST_CASE("step refuses what it cannot follow", "[cli]") {
  CHECK(steps("", {}).code == 129);
  CHECK(steps("", {"foo-vs-after", "0", "0"}).code == 129);
  CHECK(steps("", {"foo-vs-after", "nonsense"}).code == 129);
  CHECK(steps("", {"foo-vs-after", "@/nowhere/at/all"}).code == 128);
  CHECK(steps("", {"no-such-program"}).code == 125);
  const child_result unfit = steps("", {"foo-vs-after", "3g7"});
  CHECK(unfit.code == 125);
  CHECK(lines_of(unfit.err) == words{"braid: step 3 wants g7, but there is no g7"});
}

}  // namespace
