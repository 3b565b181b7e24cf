// braid replay: every token that is printed leads to its outcome again, and the lanes tell of it.
//
// Oracle: what `explore` printed for the token.
#include <braid/braid.hpp>
#include <catch2/catch.hpp>

#include "cli/command.hpp"
#include "support/patterns.hpp"

namespace {

using namespace braid::testing;
using nlohmann::json;

void check_tokens(const std::string& program, const words& options) {
  words explore = {"explore", program, "--json"};
  explore.insert(explore.end(), options.begin(), options.end());
  const json result = only_json(braid_says(explore));
  CHECK(!result["outcomes"].empty());
  for (const json& o : result["outcomes"]) {
    const std::string token = o["token"];
    CAPTURE(program, token);
    const child_result said = braid_says({"replay", program, token, "--json"});
    CHECK(said.err.empty());
    const json again = only_json(said);
    REQUIRE(again["outcomes"].size() == 1);
    CHECK(again["outcomes"][0]["output"] == o["output"]);
    CHECK(again["outcomes"][0]["verdicts"] == o["verdicts"]);
    CHECK(again["outcomes"][0]["token"] == token);
    CHECK((said.code == 0) == (o["verdict"] == "ok"));
  }
}

TEST_CASE("every token replays to its outcome and prints itself again", "[cli]") {
  for (const char* program :
       {"args-in-caller", "channel-sync", "first-goroutine", "foo-vs-after", "goroutine-leak",
        "lock-order", "loop-variable", "print-nums", "send-on-closed", "timeout", "wait-group"}) {
    check_tokens(program, {});
    check_tokens(program, {"--timers", "free"});
  }
}

TEST_CASE("tokens of samples replay, long ones by their run", "[cli]") {
  check_tokens("print-nums", {"--strategy", "random", "-n", "40", "--timers", "free"});
  for (const char* strategy : {"random", "urw", "surw", "pct:2", "pos", "portfolio"}) {
    check_tokens("many-goroutines:40", {"--strategy", strategy, "-n", "8"});
  }
  check_tokens("many-goroutines:40", {"--strategy", "urw", "--preemptions", "50", "-n", "8"});
  const json result = only_json(braid_says({"explore", "many-goroutines:40", "--strategy", "random",
                                            "--json", "-n", "2", "--timers", "free"}));
  CHECK(result["outcomes"][0]["token"].get<std::string>().starts_with("rrandom-s1-k"));
}

TEST_CASE("the tokens of the table are those of the JSON", "[cli]") {
  const std::string table = braid_says({"explore", "foo-vs-after"}).out;
  const json result = only_json(braid_says({"explore", "foo-vs-after", "--json"}));
  for (const json& o : result["outcomes"]) {
    const std::string token = o["token"];
    CHECK(contains(table, "   " + token + "\n"));
  }
}

TEST_CASE("the replay line of a finding can be pasted", "[cli]") {
  const std::string text = braid_says({"explore", "goroutine-leak", "--max-steps", "50"}).out;
  const pattern_match line =
      first_match(text, "  replay   braid replay --max-steps 50 (\\S+) (\\S+)\n");
  REQUIRE(line.size() == 3);
  CHECK(braid_says({"replay", line[1], line[2]}).code == 13);
}

TEST_CASE("a token is read from the first line of a file that is no comment", "[cli]") {
  const temporary_file file("# a leak\n\n  6t  \nnonsense\n");
  const child_result said = braid_says({"replay", "timeout", "@" + file.path()});
  CHECK(said.code == 13);
  CHECK(contains(said.out, "\"timeout\\n\", leak g1"));
}

TEST_CASE("a run is named by its bounds, too", "[cli]") {
  const auto token = [](const words& bounds) {
    words all = {"replay", "print-nums", "--strategy", "pos", "--run", "3", "--json"};
    all.insert(all.end(), bounds.begin(), bounds.end());
    return only_json(braid_says(all))["outcomes"][0]["token"].get<std::string>();
  };
  CHECK(token({}).starts_with("rpos-s1-k3-ordered-m20000~"));
  const std::string preemptions = token({"--preemptions", "0"});
  const std::string delays = token({"--delays", "0"});
  CHECK(preemptions.starts_with("rpos-s1-k3-p0-ordered-m20000~"));
  CHECK(delays.starts_with("rpos-s1-k3-d0-ordered-m20000~"));
  // Without a delay there is only the default schedule.
  const json first = only_json(braid_says({"replay", "print-nums", "0", "--json"}));
  const auto check_of = [](const std::string& text) { return text.substr(text.find('~')); };
  CHECK(check_of(delays) == check_of(first["outcomes"][0]["token"]));
  CHECK(check_of(delays) != check_of(token({})));
}

TEST_CASE("a run is named by strategy, seed and number", "[cli]") {
  const json first = only_json(braid_says(
      {"replay", "foo-vs-after", "--strategy", "random", "--seed", "5", "--run", "3", "--json"}));
  const std::string token = first["outcomes"][0]["token"];
  CHECK(token.starts_with("rrandom-s5-k3-ordered-m20000~"));
  const json again = only_json(braid_says({"replay", "foo-vs-after", token, "--json"}));
  CHECK(again["outcomes"] == first["outcomes"]);
}

TEST_CASE("--lenient leaves out what cannot be applied, and says so", "[cli]") {
  const child_result said = braid_says({"replay", "foo-vs-after", "3g7.4g1", "--lenient"});
  CHECK(said.code == 0);
  CHECK(lines_of(said.err) == words{"braid: left out: step 3 wants g7, but there is no g7"});
  CHECK(contains(said.out, "\"before\\nafter\\nfoo\\n\""));
}

TEST_CASE("another trace than the token's is one line, the code is the verdict's", "[cli]") {
  const json leak = only_json(braid_says({"explore", "goroutine-leak", "--json"}));
  std::string token = leak["outcomes"][0]["token"];
  token.back() = token.back() == '0' ? '1' : '0';
  const child_result said = braid_says({"replay", "goroutine-leak", token});
  CHECK(said.code == 13);
  CHECK(lines_of(said.err).size() == 1);
  CHECK(contains(said.err, "the trace is not the one of this token"));
  CHECK(said.err.ends_with("if the program is the same, see: braid check goroutine-leak\n"));
}

void start_idle(int) { braid::this_goroutine::yield(); }

// Twenty prints in a row, goroutines that never come to act, and one lane that does.
void add_wide_programs() {
  add_program("prints", [](int) {
    for (int i = 0; i < 20; ++i) braid::println(i);
  });
  add_program("idle", [](int) {
    for (int i = 0; i < 3; ++i) braid::go(start_idle, i);
    braid::exit(0);
  });
  add_program("seven", [](int) {
    braid::wait_group all;
    for (int i = 0; i < 7; ++i) {
      all.add(1);
      braid::go([&all] { all.done(); });
    }
    all.wait();
  });
}

TEST_CASE("a long stretch of one goroutine is one row, unless -v", "[cli]") {
  const child_result folded = own_braid_says({"replay", "prints", "0"}, add_wide_programs);
  CHECK(contains(folded.out, "     1  … 20 events to step 20: print x20\n    21  return\n"));
  const child_result whole = own_braid_says({"replay", "prints", "0", "-v"}, add_wide_programs);
  CHECK(contains(whole.out, "    20  print \"19\\n\"\n"));
}

TEST_CASE("goroutines without an event are counted, not drawn", "[cli]") {
  const child_result said = own_braid_says({"replay", "idle", "0"}, add_wide_programs);
  INFO(said.out);
  CHECK(contains(said.out, "  step  main  (+3 idle)\n"));
  CHECK(!contains(said.out, "started"));
}

TEST_CASE("more than six lanes are one column with names", "[cli]") {
  const child_result said = own_braid_says({"replay", "seven", "0"}, add_wide_programs);
  CHECK(contains(said.out, "  step  goroutine\n"));
  CHECK(contains(said.out, "     2  main        go g1\n"));
}

}  // namespace
