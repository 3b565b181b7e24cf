// braid replay PROGRAM @FILE with a regression: it is followed by names, leniently.
#include <braid/braid.hpp>
#include <braid/regression.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <memory>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;

braid::regression recorded() {
  const braid::program p = braid::find_program("lock-order");
  const braid::report r = braid::explore(p, {.strategy = "dfs"});
  return braid::record(p, r.first(braid::verdict::deadlock).token);
}

child_result replayed(const braid::regression& r, const std::string& program = "lock-order") {
  const temporary_file file(text_of(r));
  return braid_says({"replay", program, "@" + file.path()});
}

TEST_CASE("a regression file replays with the verdict's exit code", "[cli][regression]") {
  const child_result said = replayed(recorded());
  CHECK(said.code == 11);
  CHECK(said.err.empty());
  CHECK(contains(said.out, "deadlock"));
}

TEST_CASE("the committed regressions still have their verdicts", "[cli][regression]") {
  const child_result said =
      braid_says({"replay", "lock-order", "@tests/regressions/lock-order.braid"});
  CHECK(said.code == 11);
  CHECK(said.err.empty());
}

TEST_CASE("a regression in one word replays, too", "[cli][regression]") {
  const child_result said = braid_says({"replay", "lock-order", word_of(recorded())});
  CHECK(said.code == 11);
  CHECK(braid_says({"replay", "timeout", word_of(recorded())}).code == 125);
  CHECK(braid_says({"replay", "lock-order", "main.1:before"}).code == 129);
}

TEST_CASE("a decision that does not fit is one line on stderr, and the rest is followed",
          "[cli][regression]") {
  braid::regression r = recorded();
  r.decisions.emplace_back("main.8 before main.9 lock main/mutex1 #1");
  const child_result said = replayed(r);
  CHECK(said.code == 11);
  CHECK(said.err ==
        "braid: left out: 'main.8 before main.9 lock main/mutex1 #1': it does not come to that\n");
}

TEST_CASE("a regression that cannot be followed at all exits 125 with the reason",
          "[cli][regression]") {
  braid::regression lost = recorded();
  lost.decisions = {"main.8 before main.9 lock main/mutex1 #1"};
  const child_result said = replayed(lost);
  CHECK(said.code == 125);
  CHECK(contains(said.err, "nothing of the regression fits"));
  CHECK(replayed(recorded(), "timeout").code == 125);
  CHECK(replayed(recorded(), "no-such-program").code == 125);
  braid::regression of_property = recorded();
  of_property.input = "00";
  CHECK(replayed(of_property).code == 125);
}

TEST_CASE("a file that begins as a regression and is none exits 128", "[cli][regression]") {
  const temporary_file file("braid regression 1\nprogram lock-order\n\nnonsense\n");
  const child_result said = braid_says({"replay", "lock-order", "@" + file.path()});
  CHECK(said.code == 128);
  CHECK(contains(said.err, "'nonsense' is no decision"));
  CHECK(lines_of(said.err).size() == 1);
}

TEST_CASE("--save writes the failure that replay follows by names", "[cli][regression]") {
  const temporary_file file("from before\n");
  const child_result said = braid_says({"explore", "lock-order", "--save", file.path()});
  CHECK(said.code == 11);
  CHECK(said.err.empty());
  const braid::regression kept = braid::parse_regression(content_of(file.path()));
  CHECK(kept.program == "lock-order");
  CHECK(kept.what == braid::verdict::deadlock);
  CHECK(contains(said.out, kept.cause));
  CHECK(kept.decisions == recorded().decisions);
  const child_result again = braid_says({"replay", "lock-order", "@" + file.path()});
  CHECK(again.code == 11);
  CHECK(again.err.empty());
}

TEST_CASE("a regression that was cut short is refused", "[cli][regression]") {
  const temporary_file file("");
  REQUIRE(braid_says({"explore", "lock-order", "--save", file.path()}).code == 11);
  const std::string whole = content_of(file.path());
  std::ofstream(file.path()) << whole.substr(0, whole.find("\n\n"));
  const child_result said = braid_says({"replay", "lock-order", "@" + file.path()});
  CHECK(said.code == 128);
  CHECK(contains(said.err, "it ends before its decisions"));
}

TEST_CASE("what --save keeps of a crash is followed, too", "[cli][regression]") {
  const temporary_file file("");
  const auto prepare = [] {
    add_program("crashes", [](int) {
      const auto ready = std::make_shared<braid::atomic<int>>();
      braid::go([ready] { ready->store(1); });
      if (ready->load() == 1) std::raise(SIGSEGV);
    });
  };
  CHECK(own_braid_says({"explore", "crashes", "--save", file.path()}, prepare).code == 18);
  CHECK(own_braid_says({"replay", "crashes", "@" + file.path()}, prepare).code == 18);
}

TEST_CASE("without a failure --save leaves the file and says so", "[cli][regression]") {
  const temporary_file file("from before\n");
  const child_result said = braid_says({"explore", "foo-vs-after", "--save", file.path()});
  CHECK(said.code == 0);
  CHECK(said.err == "braid: no schedule fails, so nothing is written to '" + file.path() + "'\n");
  CHECK(content_of(file.path()) == "from before\n");
}

TEST_CASE("shrink, diff and step take a regression as replay does", "[cli][regression]") {
  const temporary_file file(text_of(recorded()));
  const std::string word = "@" + file.path();
  const child_result shrunk = braid_says({"shrink", "lock-order", word, "-q"});
  CHECK(shrunk.code == 11);
  CHECK(shrunk.out == braid_says({"shrink", "lock-order", "5g2", "-q"}).out);
  CHECK(braid_says({"diff", "lock-order", word}).out ==
        braid_says({"diff", "lock-order", "5g2"}).out);
  CHECK(contains(braid_says({"diff", "lock-order", "5g2", word}).out, "are the same"));
  const child_result stepped = braid_hears("q\n", {"step", "lock-order", word});
  CHECK(stepped.code == 11);
  CHECK(stepped.out == braid_hears("q\n", {"step", "lock-order", "5g2"}).out);
  CHECK(braid_says({"shrink", "lock-order", word_of(recorded()), "-q"}).out == shrunk.out);
}

TEST_CASE("what cannot be followed is refused alike by all that follow", "[cli][regression]") {
  const temporary_file regression(text_of(recorded()));
  const temporary_file token("# a comment\n5g2\n");
  const temporary_file nothing("# a comment\n");
  for (const std::string command : {"replay", "shrink", "diff", "step"}) {
    CAPTURE(command);
    const auto code = [&](const std::string& program, const std::string& word) {
      const child_result said = braid_says({command, program, word});
      CHECK(lines_of(said.err).size() <= 1);
      return said.code;
    };
    CHECK(code("timeout", "@" + regression.path()) == 125);
    CHECK(code("lock-order", "@" + nothing.path()) == 128);
    CHECK(code("lock-order", "@/nowhere/at/all") == 128);
    CHECK(code("lock-order", "@" + token.path()) == (command == "diff" ? 0 : 11));
  }
}

TEST_CASE("a regression is of one program", "[cli][regression]") {
  const child_result said =
      braid_says({"explore", "foo-vs-after", "timeout", "--save", "/tmp/never-written"});
  CHECK(said.code == 129);
  CHECK(contains(said.err, "a regression is of one program, and here are 2"));
}

}  // namespace
