// What the command line refuses: one line on stderr, nothing on stdout, and the documented code.
//
// Oracle: the table of exit codes in the help and the texts below, which say what to do instead.
#include <unistd.h>

#include <braid/scenario.hpp>
#include <catch2/catch.hpp>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;

struct refused {
  words arguments;
  int code;
  std::string says;
};

void check(const refused& r, const variables& environment = {}) {
  const child_result said = braid_says(r.arguments, environment);
  CAPTURE(r.arguments, said.err);
  CHECK(said.code == r.code);
  CHECK(said.out.empty());
  REQUIRE(lines_of(said.err).size() == 1);
  CHECK(said.err.starts_with("braid: "));
  CHECK(contains(said.err, r.says));
}

TEST_CASE("a usage error is one line that says what to do, and 129", "[cli]") {
  const std::string runs = "must be a whole number from 1 to ";
  const std::string pct = "must be pct[:d[:k]], with numbers from 1";
  const std::string trace = "--trace adds to what --json prints; give both";
  const std::vector<refused> all = {
      {{}, 129, "no command; 'help' shows them"},
      {{"explor"}, 129, "unknown command 'explor'; did you mean 'explore'?"},
      {{"reduce", "timeout", "0"}, 129, "unknown command 'reduce' ('help' shows all)"},
      {{"help", "reduce"}, 129, "no help on 'reduce'; the commands are list, explore, run, "},
      {{"help", "reduce"}, 129, "; the verdicts are ok, exit, panic, fatal, deadlock, "},
      {{"explore"}, 129, "explore needs a PROGRAM"},
      {{"replay"}, 129, "replay needs a PROGRAM and a TOKEN"},
      {{"replay", "timeout"}, 129, "replay needs a TOKEN"},
      {{"replay", "timeout", "0", "0"}, 129, "one PROGRAM and one TOKEN"},
      {{"replay", "timeout", "--run", "1"}, 129, "--run needs the --strategy"},
      {{"replay", "timeout", "0", "--run", "1", "--strategy", "dfs"}, 129, "not both"},
      {{"run"}, 129, "run needs one PROGRAM"},
      {{"run", "timeout", "--json"}, 129, "say how many runs with -n"},
      {{"list", "a", "b"}, 129, "one PATTERN at most"},
      {{"explore", "timeout", "--rnus", "3"}, 129, "did you mean '--runs'?"},
      {{"explore", "timeout", "--strat", "dfs"}, 129, "unknown option '--strat'"},
      {{"list", "--runs", "3"}, 129, "unknown option '--runs'"},
      {{"explore", "timeout", "--runs", "-1"}, 129, runs},
      {{"explore", "timeout", "--runs=-1"}, 129, runs},
      {{"explore", "timeout", "-n", "0"}, 129, runs},
      {{"explore", "timeout", "-n", "1e3"}, 129, runs},
      {{"explore", "timeout", "-n", "99999999999999999999999"}, 129, runs},
      {{"explore", "timeout", "-n", ""}, 129, ""},
      {{"explore", "timeout", "-n"}, 129, "--runs"},
      {{"explore", "timeout", "-n", "3", "-n", "4"}, 129, "--runs is given twice"},
      {{"explore", "timeout", "--json=1"}, 129, "--json"},
      {{"explore", "timeout", "--trace"}, 129, trace},
      {{"replay", "timeout", "0", "--trace"}, 129, trace},
      {{"shrink", "timeout", "0", "--trace"}, 129, trace},
      {{"diff", "timeout", "0", "--trace"}, 129, trace},
      {{"explore", "timeout", "--time", "10"}, 129, "such as 500ms, 10s, 5m or 2h"},
      {{"explore", "timeout", "--time", "-1s"}, 129, "must be a time above zero"},
      {{"explore", "timeout", "--time", "0s"}, 129, "must be a time above zero"},
      {{"explore", "timeout", "--seed", "x"}, 129, "--seed x: it must be a whole number"},
      {{"explore", "timeout", "--max-steps", "0"}, 129, "from 1 to 10000000"},
      {{"explore", "timeout", "--timers", "frozen"}, 129, "must be ordered or free"},
      {{"explore", "timeout", "--strategy", "best"}, 129, "must be one of auto, random, dfs"},
      {{"explore", "timeout", "--strategy", "pct:0"}, 129, pct},
      {{"explore", "timeout", "--strategy", "pct:3:0"}, 129, pct},
      {{"explore", "timeout", "--strategy", "pct:x"}, 129, pct},
      {{"explore", "timeout", "--strategy", "pos:2"}, 129, "must be pos without parameters"},
      {{"explore", "timeout", "--strategy", "dpor", "--delays", "1"}, 129, "dpor cannot bound"},
      {{"explore", "timeout", "--preemptions", "1", "--delays", "1"}, 129, "not both"},
      {{"explore", "timeout", "--preemptions", "-1"}, 129, "from 0 to 1000000"},
      {{"explore", "timeout", "--color", "red"}, 129, "must be auto, always or never"},
      {{"explore", "timeout", "--width", "10"}, 129, "from 60 to 1000"},
      {{"explore", "timeout", "--width", "59"}, 129, "from 60 to 1000"},
      {{"explore", "timeout", "--expect", "@odd"}, 129, "names no verdict"},
      {{"explore", "timeout", "--expect", "a\\q"}, 129, "unknown escape '\\q'"},
      {{"run", "timeout", "--workers", "-2"}, 129, "from 0 to 1024"},
      {{"run", "timeout", "--time-scale", "-2"}, 129, "must be a number from 0"},
      {{"run", "timeout", "--time-scale", "nan"}, 129, "must be a number from 0"},
  };
  for (const refused& r : all) check(r);
}

TEST_CASE("a malformed token is 129, one that cannot be followed 125 with the place", "[cli]") {
  const std::vector<refused> all = {
      {{"replay", "foo-vs-after", "zz"}, 129, "malformed token 'zz'; a token looks like"},
      {{"replay", "foo-vs-after", "3g1~abc"}, 129, "malformed token"},
      {{"replay", "foo-vs-after", ""}, 129, "malformed token"},
      {{"replay", "foo-vs-after", "rbest-s1-k1-free-m9"}, 129, "of the strategy 'best'"},
      {{"replay", "foo-vs-after", "rdpor-s1-k1-p2-free-m9"}, 129, "cannot keep these bounds"},
      {{"replay", "foo-vs-after", "rdfs-s1-k99-free-m9"}, 125, "there is no run 99"},
      {{"replay", "foo-vs-after", "3g7"}, 125, "step 3 wants g7, but there is no g7"},
      {{"replay", "foo-vs-after", "50g1"}, 125, "step 50 wants g1, but the execution has"},
      {{"replay", "foo-vs-after", "2t"}, 125, "step 2 wants time to pass"},
      {{"replay", "channel-sync", "3g0"},
       125,
       "step 3 wants main, but main waits in chan1.recv  channel_sync.cpp:"},
      {{"replay", "foo-vs-after", "--strategy", "dfs", "--run", "9"}, 125, "there is no run 9"},
  };
  for (const refused& r : all) check(r);
}

TEST_CASE("the token of one program is refused by another, with 125", "[cli]") {
  const auto result = only_json(braid_says({"explore", "lock-order", "--json"}));
  check({{"replay", "foo-vs-after", result["outcomes"][0]["token"]}, 125, "is not of the program"});
}

TEST_CASE("an unknown program is 125, with the name that was probably meant", "[cli]") {
  for (const char* command : {"explore", "run", "replay"}) {
    check({{command, "foo-vs-aftr", "0"}, command == std::string("run") ? 129 : 125, ""});
  }
  check({{"explore", "foo-vs-aftr"}, 125, "did you mean 'foo-vs-after'?"});
  check({{"explore", "foo-vs-after", "nothing-like-it"}, 125, "no program 'nothing-like-it'"});
  check({{"run", "timeouts"}, 125, "did you mean 'timeout'?"});
  check({{"explore", "timeout:5"}, 125, "takes no size"});
  check({{"explore", "transfer:0"}, 125, "the size of 'transfer' is a number from 1 on, not '0'"});
  check({{"explore", "transfer:abc"}, 125, "not 'abc'"});
  check({{"list", "nothing-like-it"}, 125, "no program matches 'nothing-like-it'"});
}

TEST_CASE("a file that cannot be read or used is 128", "[cli]") {
  const temporary_file no_token("# only a comment\n\n");
  const temporary_file no_result("hello\n");
  const temporary_file other(braid_says({"explore", "timeout", "--json"}).out);
  const std::vector<refused> all = {
      {{"replay", "foo-vs-after", "@/nowhere/at/all"}, 128, "cannot read '/nowhere/at/all'"},
      {{"replay", "foo-vs-after", "@/"}, 128, "cannot read '/': Is a directory"},
      {{"replay", "foo-vs-after", "@/dev/zero"}, 128, "cannot read '/dev/zero': it has more than"},
      {{"show", "/dev/zero"}, 128, "cannot read '/dev/zero': it has more than"},
      {{"replay", "foo-vs-after", "@" + no_token.path()}, 128, "no token can be read from"},
      {{"run", "foo-vs-after", "--against", "/nowhere/at/all"}, 128, "cannot read"},
      {{"run", "foo-vs-after", "--against", no_result.path()}, 128, "is no result"},
      {{"run", "foo-vs-after", "--against", other.path()}, 128, "has no result of 'foo-vs-after'"},
  };
  for (const refused& r : all) check(r);
}

TEST_CASE("a bad value in the environment is refused by the variable's name", "[cli]") {
  const words explore = {"explore", "foo-vs-after"};
  check({explore, 129, "BRAID_RUNS=-1 must be"}, {{"BRAID_RUNS", "-1"}});
  check({explore, 129, "BRAID_MAX_STEPS=x must be"}, {{"BRAID_MAX_STEPS", "x"}});
  check({explore, 129, "BRAID_JSON=maybe must be 1 or 0"}, {{"BRAID_JSON", "maybe"}});
  check({explore, 129, "BRAID_STRATEGY=best must be"}, {{"BRAID_STRATEGY", "best"}});
}

TEST_CASE("a variable whose option is given is not read, whatever it holds", "[cli]") {
  const words explore = {"explore", "foo-vs-after"};
  const std::vector<std::pair<words, variables>> all = {
      {{"-n", "3"}, {{"BRAID_RUNS", "x"}}},
      {{"--runs=3"}, {{"BRAID_RUNS", "x"}}},
      {{"--json"}, {{"BRAID_JSON", "maybe"}}},
      {{"--expect", "@ok"}, {{"BRAID_EXPECT", "a\\q"}}},
  };
  for (const auto& [given, environment] : all) {
    words command = explore;
    command.insert(command.end(), given.begin(), given.end());
    const child_result said = braid_says(command, environment);
    CAPTURE(given, said.err);
    CHECK(said.code == 0);
    CHECK(said.err.empty());
  }
  check({{"explore", "foo-vs-after", "-n", "3"}, 129, "BRAID_SEED=x must be"},
        {{"BRAID_RUNS", "x"}, {"BRAID_SEED", "x"}});
}

TEST_CASE("two outputs to one file are refused before anything is written there", "[cli]") {
  const temporary_file file("from before\n");
  const std::string link = file.path() + ".link";
  REQUIRE(symlink(file.path().c_str(), link.c_str()) == 0);
  const std::string detour = "/tmp/../tmp/" + file.path().substr(file.path().rfind('/') + 1);
  const std::vector<words> pairs = {
      {"--html", file.path(), "--junit", file.path()},
      {"--sarif", detour, "--perfetto", file.path()},
      {"--checkpoint", file.path(), "--html", link},
      {"--resume", file.path(), "--html", file.path()},
      {"--save", file.path(), "--junit", detour},
  };
  for (const words& pair : pairs) {
    words command = {"explore", "lock-order"};
    command.insert(command.end(), pair.begin(), pair.end());
    check({command, 129, " name the same file, '"});
    CHECK(content_of(file.path()) == "from before\n");
  }
  check({{"replay", "lock-order", "0", "--html", file.path(), "--junit", link},
         129,
         "--junit and --html name the same file, '" + file.path() + "'"});
  unlink(link.c_str());
}

TEST_CASE("a device may be named twice, and a checkpoint where it came from", "[cli]") {
  const temporary_file file("");
  const words explore = {"explore", "wait-group", "-q"};
  const auto with = [&](const words& more) {
    words command = explore;
    command.insert(command.end(), more.begin(), more.end());
    return braid_says(command).code;
  };
  CHECK(with({"--html", "/dev/null", "--junit", "/dev/null"}) == 0);
  CHECK(with({"--checkpoint", file.path()}) == 0);
  CHECK(with({"--checkpoint", file.path(), "--resume", file.path()}) == 0);
  unlink((file.path() + ".old").c_str());
}

void does_nothing(int) {}

// In the order of their registration.
child_result with_programs(const words& names, const words& arguments) {
  return own_braid_says(arguments, [&] {
    for (const std::string& name : names) add_program(name, does_nothing);
  });
}

TEST_CASE("two programs of one name are refused at the start, with both places", "[cli]") {
  for (const words& command : {words{"list"}, words{"explore", "foo-vs-after"},
                               words{"run", "twin"}, words{"completion", "bash"}}) {
    const child_result said = with_programs({"other", "twin", "twin"}, command);
    CAPTURE(command, said.err);
    CHECK(said.code == 129);
    CHECK(said.out.empty());
    REQUIRE(lines_of(said.err).size() == 1);
    CHECK(said.err.starts_with("braid: two programs are called 'twin': "));
    const std::string place = "tests/cli/command.cpp:";
    CHECK(said.err.find(place) != said.err.rfind(place));
  }
  CHECK(with_programs({"twin", "twin"}, {"help"}).code == 0);
}

TEST_CASE("a name that a command line could not tell is refused, with its place", "[cli]") {
  for (const std::string name : {"", " ", "two words", "tab\there", "ring:25", "a:b", "--help"}) {
    const child_result said = with_programs({name}, {"list"});
    CAPTURE(name, said.err);
    CHECK(said.code == 129);
    CHECK(said.out.empty());
    REQUIRE(lines_of(said.err).size() == 1);
    CHECK(contains(said.err, "cannot be the name of a program: it must not be empty"));
    CHECK(contains(said.err, "tests/cli/command.cpp:"));
  }
}

TEST_CASE("whoever reads the programs is told of a name that cannot be", "[cli]") {
  const child_result said = run_in_child([] {
    add_program("two words", does_nothing);
    try {
      braid::find_program("foo-vs-after");
    } catch (const braid::unfit_scenario& why) {
      _exit(std::string(why.what()).starts_with("'two words' cannot be") ? 7 : 8);
    }
  });
  CHECK(said.code == 7);
}

}  // namespace
