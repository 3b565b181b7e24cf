// braid completion: what a shell offers is what braid takes.
//
// Oracle: the shells themselves, where they are installed; the help.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "cli/command.hpp"
#include "support/patterns.hpp"

namespace {

using namespace braid::testing;

std::string script_for(const std::string& shell) {
  const child_result said = braid_says({"completion", shell});
  CHECK(said.code == 0);
  CHECK(said.err.empty());
  return said.out;
}

// What bash offers for the last of these words.
std::set<std::string> offered(const words& typed, const variables& extra = {}) {
  const temporary_file script(script_for("bash"));
  std::string line = "source " + script.path() + "; COMP_WORDS=(";
  for (const std::string& word : typed) line += "'" + word + "' ";
  line += "); COMP_CWORD=" + std::to_string(typed.size() - 1) +
          "; _braid; printf '%s\\n' \"${COMPREPLY[@]}\"";
  const child_result said = tool_says({"bash", "-c", line}, extra);
  INFO(line);
  CHECK(said.code == 0);
  CHECK(said.err.empty());
  std::set<std::string> all;
  for (const std::string& word : lines_of(said.out)) {
    if (!word.empty()) all.insert(word);
  }
  return all;
}

using names = std::set<std::string>;

TEST_CASE("bash offers the commands, by their beginning", "[cli]") {
  CHECK(offered({BRAID_BINARY, "rep"}) == names{"replay"});
  const names all = offered({BRAID_BINARY, ""});
  for (const char* command : {"list", "explore", "run", "merge", "show", "completion", "help"}) {
    CHECK(all.count(command) == 1);
  }
}

TEST_CASE("bash offers the programs of the binary that is typed", "[cli]") {
  CHECK(offered({BRAID_BINARY, "explore", "lock-o"}) == names{"lock-order"});
  CHECK(offered({BRAID_BINARY, "explore", "foo-vs-after", "wait-g"}) == names{"wait-group"});
  const words listed = lines_of(braid_says({"list", "--names"}).out);
  CHECK(offered({BRAID_BINARY, "replay", ""}) == names(listed.begin(), listed.end()));
}

TEST_CASE("bash offers every option of a command, and no other", "[cli]") {
  for (const char* command : {"explore", "run", "replay", "merge", "show", "list"}) {
    const std::string help = braid_says({"help", command}).out;
    names expected;
    for (const pattern_match& m : all_matches(help, "(?:^|\\n)  (?:-(\\w), |    )(--[a-z-]+)")) {
      expected.insert(m[2]);
      if (!m[1].empty()) expected.insert("-" + m[1]);
    }
    CAPTURE(command);
    CHECK(expected.size() > 5);
    CHECK(offered({BRAID_BINARY, command, "-"}) == expected);
  }
}

TEST_CASE("bash offers the values that an option takes, which braid takes, too", "[cli]") {
  const names strategies = offered({BRAID_BINARY, "explore", "--strategy", ""});
  CHECK(strategies.count("dpor") == 1);
  for (const std::string& strategy : strategies) {
    CAPTURE(strategy);
    CHECK(braid_says({"explore", "wait-group", "--strategy", strategy, "-n", "9"}).code == 0);
  }
  const names verdicts = offered({BRAID_BINARY, "explore", "--forbid", "@"});
  CHECK(verdicts.size() == 13);
  for (const std::string& verdict : verdicts) {
    CHECK(braid_says({"explore", "lock-order", "--forbid", verdict}).code != 129);
  }
  CHECK(offered({BRAID_BINARY, "explore", "--timers", "fr"}) == names{"free"});
  CHECK(offered({BRAID_BINARY, "explore", "--timers", "=", "fr"}) == names{"free"});
  CHECK(offered({BRAID_BINARY, "explore", "--color", "="}) == names{"always", "auto", "never"});
  CHECK(offered({BRAID_BINARY, "show", "--as", "p"}) == names{"perfetto"});
  CHECK(offered({BRAID_BINARY, "explore", "--seed", ""}).empty());
}

TEST_CASE("bash offers files where a file is asked for", "[cli]") {
  for (const words& typed : {words{"explore", "--junit"}, words{"explore", "x", "--checkpoint"},
                             words{"run", "x", "--against"}, words{"show"}, words{"merge"}}) {
    words line = {BRAID_BINARY};
    line.insert(line.end(), typed.begin(), typed.end());
    line.emplace_back("READ");
    CHECK(offered(line) == names{"README.md"});
  }
}

TEST_CASE("the names of programs are for scripts: one a line, nothing else", "[cli]") {
  const child_result said = braid_says({"list", "lock-o*", "--names"});
  CHECK(said.out == "lock-order\n");
  CHECK(said.code == 0);
  CHECK(braid_says({"list", "no such program", "--names"}).out.empty());
}

TEST_CASE("with --json the names are an array, and nothing else", "[cli]") {
  CHECK(braid_says({"list", "lock-o*", "--names", "--json"}).out == "[\"lock-order\"]\n");
  CHECK(braid_says({"list", "no such program", "--names", "--json"}).out == "[]\n");
  CHECK(braid_says({"list", "--names"}, {{"BRAID_JSON", "1"}}).out.starts_with("[\""));
}

TEST_CASE("the names that bash offers do not depend on BRAID_JSON", "[cli]") {
  CHECK(offered({BRAID_BINARY, "explore", "lock-o"}, {{"BRAID_JSON", "1"}}) == names{"lock-order"});
}

TEST_CASE("the script is for the binary as it is called", "[cli]") {
  const std::string script =
      tool_says({"bash", "-c", "exec -a ./my-tests " BRAID_BINARY " completion bash"}).out;
  CHECK(contains(script, "complete -F _my_tests my-tests\n"));
  CHECK(!contains(script, "_braid"));
}

void check_syntax(const words& shell, const std::string& script) {
  if (!has_tool(shell[0])) {
    WARN("no " << shell[0] << " here");
    return;
  }
  const temporary_file file(script);
  words command = shell;
  command.push_back(file.path());
  const child_result said = tool_says(command);
  CHECK(said.code == 0);
  CHECK(said.err.empty());
}

TEST_CASE("the scripts are valid", "[cli]") {
  check_syntax({"bash", "-n"}, script_for("bash"));
  check_syntax({"zsh", "-n"}, script_for("zsh"));
  check_syntax({"fish", "--no-execute"}, script_for("fish"));
}

TEST_CASE("fish offers programs and values", "[cli]") {
  if (!has_tool("fish")) {
    WARN("no fish here");
    return;
  }
  const temporary_file script(script_for("fish"));
  const auto offers = [&](const std::string& typed) {
    const std::string line =
        "source " + script.path() + "; set -x PATH " +
        std::string(BRAID_BINARY).substr(0, std::string(BRAID_BINARY).rfind('/')) +
        " $PATH; complete -C '" + typed + "'";
    names all;
    for (const std::string& offer : lines_of(tool_says({"fish", "-c", line}).out)) {
      all.insert(offer.substr(0, offer.find('\t')));
    }
    return all;
  };
  CHECK(offers("braid explore lock-o") == names{"lock-order"});
  CHECK(offers("braid explore --timers fr") == names{"free"});
  CHECK(offers("braid sho") == names{"show"});
}

TEST_CASE("another shell, or none, is a mistake in usage", "[cli]") {
  for (const words& arguments :
       {words{"completion"}, words{"completion", "csh"}, words{"completion", "bash", "zsh"}}) {
    const child_result said = braid_says(arguments);
    CHECK(said.code == 129);
    CHECK(said.err == "braid: completion needs the name of one shell: bash, zsh or fish\n");
  }
}

}  // namespace
