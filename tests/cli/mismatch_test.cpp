// Outcomes that are forbidden or not allowed: what explore calls a mismatch is one to whoever
// follows its token, or a regression of it.
//
// Oracle: the verdict and exit code of explore.
#include <catch2/catch.hpp>

#include "cli/command.hpp"
#include "support/patterns.hpp"

namespace {

using namespace braid::testing;

const std::string forbidden = "before\\nafter\\n";

words with_rule(words command, const words& rule) {
  command.insert(command.end(), rule.begin(), rule.end());
  return command;
}

const std::vector<words> rules = {{"--forbid", forbidden},
                                  {"--forbid", "before\nafter\n"},
                                  {"--forbid", "@ok"},
                                  {"--allow", "before\\nafter\\nfoo\\n"}};

TEST_CASE("a mismatch that explore saves is one when it is replayed", "[cli][regression]") {
  for (const words& rule : rules) {
    CAPTURE(rule);
    const temporary_file file("");
    const words explore = {"explore", "foo-vs-after", "--save", file.path()};
    CHECK(braid_says(with_rule(explore, rule)).code == 16);
    const child_result said = braid_says({"replay", "foo-vs-after", "@" + file.path()});
    CHECK(said.code == 16);
    CHECK(said.err.empty());
    CHECK(contains(said.out, ", mismatch"));
    CHECK(braid_says({"shrink", "foo-vs-after", "@" + file.path()}).code == 16);
  }
}

TEST_CASE("the command that explore prints of a mismatch exits as explore does", "[cli]") {
  for (const words& rule : rules) {
    CAPTURE(rule);
    const child_result said = braid_says(with_rule({"explore", "foo-vs-after"}, rule));
    const auto commands = all_matches(said.out, "  replay   braid (replay .*)");
    REQUIRE(!commands.empty());
    const std::string line = std::string(BRAID_BINARY) + " " + commands.back()[1];
    CAPTURE(line);
    CHECK(tool_says({"sh", "-c", line}).code == 16);
  }
}

TEST_CASE("replay judges one execution by --forbid and --allow", "[cli]") {
  const words replay = {"replay", "foo-vs-after", "0"};
  const child_result bad = braid_says(with_rule(replay, {"--forbid", forbidden, "--json"}));
  CHECK(bad.code == 16);
  const auto found = only_json(bad)["findings"][0];
  CHECK(found["verdict"] == "mismatch");
  CHECK(found["summary"] == "the forbidden outcome '" + forbidden + "' occurs");
  CHECK(found["token"] == "0~fzvf");
  CHECK(only_json(bad)["options"]["forbid"] == nlohmann::json{forbidden});
  CHECK(braid_says(with_rule(replay, {"--forbid", "foo\\n"})).code == 0);
  CHECK(braid_says(with_rule(replay, {"--allow", forbidden})).code == 0);
  CHECK(braid_says(with_rule(replay, {"--allow", "foo\\n"})).code == 16);
  CHECK(braid_says(replay, {{"BRAID_FORBID", forbidden}}).code == 16);
  CHECK(braid_says({"replay", "lock-order", "5g2", "--forbid", "@deadlock"}).code == 11);
}

TEST_CASE("what is expected of one execution is not judged, and that is said", "[cli]") {
  const child_result said = braid_says({"replay", "foo-vs-after", "0", "--expect", "x", "-q"});
  CHECK(said.code == 0);
  CHECK(contains(said.out, "does not occur here; not judged, as a replay is one execution"));
  const words fits = {"replay", "foo-vs-after", "0", "--expect", forbidden, "-q"};
  CHECK(!contains(braid_says(fits).out, "judged"));
}

TEST_CASE("a mismatch is shrunk and compared with an execution that is none", "[cli][shrink]") {
  const std::string last = "before\\nfoo\\nafter\\n";
  const child_result shrunk =
      braid_says({"shrink", "foo-vs-after", "3g1", "--forbid", last, "--json"});
  CHECK(shrunk.code == 16);
  const auto found = only_json(shrunk)["findings"][0];
  CHECK(found["deciding_step"] == 3);
  const std::string good = found["good"]["token"];
  CHECK(braid_says({"replay", "foo-vs-after", good, "--forbid", last}).code == 0);
  const child_result compared = braid_says({"diff", "foo-vs-after", "3g1", "--forbid", last});
  CHECK(compared.code == 0);
  CHECK(contains(compared.out, "bad  3g1~"));
  CHECK(contains(compared.out, "good  0~"));
}

TEST_CASE("a mismatch that needs no deviation loses those that it has", "[cli][shrink]") {
  const child_result said = braid_says({"shrink", "lock-order", "4g2", "--forbid", "", "-q"});
  CHECK(said.code == 16);
  CHECK(said.out.starts_with("0~"));
  const words given = {"shrink", "foo-vs-after", "3g1", "--forbid", "@ok", "--json"};
  CHECK(only_json(braid_says(given))["findings"][0]["verdict"] == "mismatch");
}

TEST_CASE("step ends as an execution that it comes to is judged", "[cli]") {
  const words step = {"step", "foo-vs-after", "--forbid", forbidden};
  CHECK(braid_hears("c\n", step).code == 16);
  CHECK(braid_hears("2\nc\n", {"step", "foo-vs-after", "3g1", "--forbid", forbidden}).code == 0);
}

braid::testing::child_result replayed(const std::string& regression, const words& more = {}) {
  const temporary_file file(regression);
  return braid_says(with_rule({"replay", "foo-vs-after", "@" + file.path(), "-q"}, more));
}

TEST_CASE("a regression is judged by its own rules, unless others are given", "[cli][regression]") {
  const std::string head = "braid regression 1\nprogram foo-vs-after\nverdict mismatch\n";
  CHECK(replayed(head + "with forbid foo\\n\n\n").code == 0);
  CHECK(replayed(head + "with allow foo\\n\n\n").code == 16);
  CHECK(replayed(head + "with allow foo\\n\n\n", {"--allow", forbidden}).code == 0);
  CHECK(replayed(head + "with forbid foo\\n\n\n", {"--forbid", forbidden}).code == 16);
  const child_result none = replayed(head + "\n");
  CHECK(none.code == 128);
  CHECK(none.out.empty());
  CHECK(contains(none.err, "give --forbid or --allow"));
  CHECK(lines_of(none.err).size() == 1);
  CHECK(replayed(head + "\n", {"--forbid", forbidden}).code == 16);
  for (const char* line : {"with forbid \\q", "with colour red", "with max-steps 0"}) {
    const child_result bad = replayed(head + line + "\n\n");
    CAPTURE(line, bad.err);
    CHECK(bad.code == 128);
    CHECK(lines_of(bad.err).size() == 1);
  }
}

TEST_CASE("a regression of another verdict holds no rules", "[cli][regression]") {
  const temporary_file file("");
  const words explore = {"explore", "lock-order", "--forbid", "@deadlock", "--save", file.path()};
  CHECK(braid_says(explore).code == 11);
  CHECK(!contains(content_of(file.path()), "with "));
}

}  // namespace
