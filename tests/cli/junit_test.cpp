// --junit: XML that CI servers read, whatever the programs do.
//
// Oracle: junit_rules.py, which knows the schema and parses with another parser than any of ours.
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <csignal>

#include "cli/command.hpp"
#include "support/patterns.hpp"

namespace {

using namespace braid::testing;

void check_structure(const std::string& path) {
  const child_result checked =
      tool_says({"python3", BRAID_SOURCE_DIR "/tests/cli/junit_rules.py", path});
  INFO(content_of(path));
  CHECK(checked.out == "");
  CHECK(checked.err == "");
  CHECK(checked.code == 0);
}

TEST_CASE("a finding is a failure with the report as its text", "[cli]") {
  const temporary_file file("");
  const child_result said = braid_says({"explore", "goroutine-leak", "--junit", file.path()});
  CHECK(said.code == 13);
  check_structure(file.path());
  const std::string xml = content_of(file.path());
  CHECK(contains(xml, "<testsuite name=\"braid\" tests=\"1\" failures=\"1\" errors=\"0\""));
  CHECK(contains(xml, "<testcase name=\"goroutine-leak\" classname=\"braid\""));
  CHECK(contains(xml, "<failure type=\"leak\" message=\"g1 waits for ever"));
  const pattern_match replay = first_match(xml, "replay   braid replay (\\S+) (\\S+)\n");
  REQUIRE(replay.size() == 3);
  CHECK(braid_says({"replay", replay[1], replay[2]}).code == 13);
  CHECK(contains(said.out, replay[0]));
}

TEST_CASE("the text is the whole report, also with -q and --json", "[cli]") {
  for (const char* mode : {"-q", "--json", "--ascii"}) {
    const temporary_file file("");
    braid_says({"explore", "lock-order", mode, "--junit", file.path()});
    CHECK(contains(content_of(file.path()), "  step  main"));
    CHECK(contains(content_of(file.path()), "✗ deadlock"));
    check_structure(file.path());
  }
}

TEST_CASE("several programs are cases of one suite", "[cli]") {
  const temporary_file file("");
  braid_says({"explore", "foo-vs-after", "lock-order", "wait-group", "--junit", file.path()});
  check_structure(file.path());
  const std::string xml = content_of(file.path());
  CHECK(contains(xml, "tests=\"3\" failures=\"1\" errors=\"0\""));
  for (const char* name : {"foo-vs-after", "lock-order", "wait-group"}) {
    CHECK(contains(xml, "<testcase name=\"" + std::string(name) + "\""));
  }
  CHECK(contains(xml, "<property name=\"classes\" value=\"3\"/>"));
  CHECK(contains(xml, "<property name=\"strategy\" value=\"dpor\"/>"));
}

TEST_CASE("what is not complete passes, unless it had to be", "[cli]") {
  const temporary_file file("");
  const words explore = {"explore", "print-nums", "--strategy", "random",
                         "-n",      "5",          "--junit",    file.path()};
  CHECK(braid_says(explore).code == 0);
  check_structure(file.path());
  CHECK(contains(content_of(file.path()), "<property name=\"complete\" value=\"false\"/>"));
  CHECK(contains(content_of(file.path()), "<property name=\"why_incomplete\" value=\""));
  CHECK(!contains(content_of(file.path()), "<failure"));
  words strict = explore;
  strict.emplace_back("--require-complete");
  CHECK(braid_says(strict).code == 3);
  check_structure(file.path());
  CHECK(contains(content_of(file.path()), "<failure type=\"incomplete\" message=\"not complete: "));
}

void add_bad_programs() {
  add_program("crashes", [](int) { std::raise(SIGSEGV); });
  add_program("says<anything>&\"all\"", [](int) {
    std::string every;
    for (int c = 0; c < 256; ++c) every += static_cast<char>(c);
    braid::print(every + "\xef\xbf\xbe\xef\xbf\xbf]]><!--");
    braid::panic("\x1b[31m ]]> \x01\xff");
  });
}

TEST_CASE("a crash is an error, no failure", "[cli]") {
  const temporary_file file("");
  const child_result said =
      own_braid_says({"explore", "crashes", "--junit", file.path()}, add_bad_programs);
  CHECK(said.code == 18);
  check_structure(file.path());
  CHECK(contains(content_of(file.path()), "<error type=\"crash\" message=\"killed by signal 11"));
  CHECK(contains(content_of(file.path()), "failures=\"0\" errors=\"1\""));
}

TEST_CASE("every byte that a program can print is legal XML", "[cli]") {
  const temporary_file file("");
  const child_result said = own_braid_says(
      {"explore", "says<anything>&\"all\"", "--junit", file.path()}, add_bad_programs);
  CHECK(said.code == 10);
  check_structure(file.path());
  CHECK(contains(content_of(file.path()), "says&lt;anything&gt;&amp;&quot;all&quot;"));
}

TEST_CASE("a replay is a case, too", "[cli]") {
  const temporary_file file("");
  CHECK(braid_says({"replay", "lock-order", "0", "--junit", file.path()}).code == 0);
  check_structure(file.path());
  CHECK(contains(content_of(file.path()), "<testcase name=\"lock-order\""));
}

TEST_CASE("a file that cannot be written is one line and 128, before the search", "[cli]") {
  for (const char* option : {"--junit", "--sarif", "--perfetto", "--html", "--save"}) {
    for (const char* path : {"/nowhere/at/all.xml", "/"}) {
      CAPTURE(option, path);
      const child_result said = braid_says({"explore", "wait-group", option, path});
      CHECK(said.code == 128);
      CHECK(said.out.empty());
      REQUIRE(lines_of(said.err).size() == 1);
      CHECK(contains(said.err, "braid: cannot write '" + std::string(path) + "': "));
    }
  }
  CHECK(braid_says({"replay", "wait-group", "0", "--junit", "/"}).out.empty());
}

TEST_CASE("what turns out later not to hold the text is one line and 128, too", "[cli]") {
  const child_result said = braid_says({"explore", "wait-group", "-q", "--junit", "/dev/full"});
  CHECK(said.code == 128);
  CHECK(said.out.starts_with("complete"));
  CHECK(said.err == "braid: cannot write '/dev/full': No space left on device\n");
}

TEST_CASE("what is there stays until the new text is", "[cli]") {
  const temporary_file file("from before\n");
  const auto prepare = [&] {
    add_program("looks", [](int) { braid::print(content_of(std::getenv("LOOKS_AT"))); });
    setenv("LOOKS_AT", file.path().c_str(), 1);
  };
  const child_result said = own_braid_says({"explore", "looks", "--junit", file.path()}, prepare);
  CHECK(said.code == 0);
  CHECK(contains(said.out, "from before"));
  check_structure(file.path());
}

TEST_CASE("one file that cannot be written does not cost the other", "[cli]") {
  const temporary_file file("");
  const child_result said =
      braid_says({"explore", "wait-group", "--junit", "/dev/full", "--sarif", file.path()});
  CHECK(said.code == 128);
  CHECK(contains(content_of(file.path()), "2.1.0"));
}

TEST_CASE("a file is written even if nobody reads the report", "[cli]") {
  const temporary_file file("");
  const std::string command =
      std::string(BRAID_BINARY) + " explore lock-order wait-group -v --junit " + file.path();
  tool_says({"bash", "-c", "exec 3> >(exec true); wait $!; " + command + " >&3"});
  check_structure(file.path());
  CHECK(contains(content_of(file.path()), "<testcase name=\"lock-order\""));
}

TEST_CASE("a file that was there is replaced as a whole, a link's target in its place", "[cli]") {
  const temporary_file file(std::string(1000, 'x'));
  const std::string link = file.path() + ".link";
  const std::string make = "ln -s " + file.path() + " " + link;
  REQUIRE(tool_says({"sh", "-c", make}).code == 0);
  braid_says({"explore", "wait-group", "--junit", link});
  check_structure(file.path());
  CHECK(tool_says({"sh", "-c", "test -L " + link + " && rm " + link}).code == 0);
  CHECK(tool_says({"sh", "-c", "ls " + file.path() + "?*"}).code != 0);  // nothing is left beside
}

}  // namespace
