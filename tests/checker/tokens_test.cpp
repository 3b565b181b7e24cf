// Tokens: what is reported can be done again, on the text alone.
//
// Oracle: the report itself. Each token must give the output, the errors, the verdicts and the
// trace with which it was reported. The round trip of text and schedule is in
// properties/tokens.cpp.
#include <algorithm>
#include <braid/braid.hpp>
#include <string>
#include <vector>

#include "support/deciding_programs.hpp"
#include "support/exploring.hpp"
#include "trace/run_token.hpp"
#include "trace/schedule.hpp"

namespace {

using braid::explore_options;
using braid::program;
using braid::replay_result;
using braid::report;
using braid::reported_outcome;
using braid::timer_mode;
using braid::testing::deciding_programs;

void check_replays(const program& p, const reported_outcome& o, const explore_options& options) {
  INFO(p.name << " " << o.token);
  const replay_result again = braid::replay(p, o.token, options);
  CHECK(again.unfit.empty());
  CHECK(again.same_trace);
  REQUIRE(again.outcome.outcomes.size() == 1);
  const reported_outcome& found = again.outcome.outcomes[0];
  CHECK(found.output == o.output);
  CHECK(found.errors == o.errors);
  CHECK(found.verdicts == o.verdicts);
  CHECK(found.exit_code == o.exit_code);
  CHECK(found.steps == o.steps);
  CHECK(found.token == o.token);
}

TEST_CASE("every token that is reported replays, whatever the timers are said to do", "[checker]") {
  const std::string strategy = GENERATE("dfs", "random");
  const auto explored = GENERATE(timer_mode::ordered, timer_mode::free);
  const auto replayed = GENERATE(timer_mode::ordered, timer_mode::free);
  for (const program& p : deciding_programs()) {
    const report r = braid::explore(p, {.strategy = strategy, .runs_max = 500, .timers = explored});
    CHECK(r.findings.size() == static_cast<std::size_t>(std::count_if(
                                   r.outcomes.begin(), r.outcomes.end(),
                                   [](const auto& o) { return is_finding(o.lowest); })));
    for (const reported_outcome& o : r.outcomes) check_replays(p, o, {.timers = replayed});
  }
}

// An outcome keeps the schedule with the fewest deviations, so the default one is `0`.
TEST_CASE("the default schedule has the token 0", "[checker]") {
  const program p = braid::find_program("foo-vs-after");
  const replay_result standard = braid::replay(p, "0");
  CHECK(standard.outcome.outcomes.at(0).output == "before\nafter\n");
  CHECK(standard.outcome.outcomes.at(0).token.substr(0, 2) == "0~");
}

TEST_CASE("a token without its check is followed", "[checker]") {
  const program p = braid::find_program("foo-vs-after");
  const report r = braid::explore(p, {.strategy = "dfs"});
  for (const reported_outcome& o : r.outcomes) {
    const replay_result again = braid::replay(p, o.token.substr(0, o.token.find('~')));
    CHECK(again.outcome.outcomes.at(0).token == o.token);
  }
}

TEST_CASE("a replay tells what happened", "[checker]") {
  const replay_result told = braid::replay(braid::find_program("foo-vs-after"), "0");
  std::vector<std::string> texts;
  for (const braid::happening& row : told.told.rows) texts.push_back(row.text);
  CHECK(texts == std::vector<std::string>{"print \"before\\n\"", "go", "print \"after\\n\"",
                                          "return", "print \"foo\\n\""});
}

TEST_CASE("a token that was edited says that its trace is another one", "[checker]") {
  const program p = braid::find_program("foo-vs-after");
  const std::string token = braid::replay(p, "0").outcome.outcomes.at(0).token;
  const replay_result other = braid::replay(p, "3g1" + token.substr(1));
  CHECK(other.unfit.empty());
  CHECK_FALSE(other.same_trace);
  CHECK(other.outcome.outcomes.at(0).output != braid::replay(p, token).outcome.outcomes[0].output);
}

TEST_CASE("what is no token is refused", "[checker]") {
  const std::string text =
      GENERATE("", "~", "x", "00", "1", "g", "g1", "1g", "0g1", "1x2", "1g1x", "1g1.", ".1g1",
               "1g1..2g1", "2g1.1g1", "1G1", " 1g1", "1g1 ", "-1g1", "+1g1", "1g-1", "0x1g1", "1t0",
               "1tt", "1c", "1v", "s", "sx", "s1x", "1g99999999999", "99999999999g1", "1g1~",
               "1g1~abc", "1g1~abcde", "1g1~abci", "1g1~ABCD", "1g1~abcd~abcd", "0.1g1", "1g1.0",
               "r", "rdfs", "rrandom-s1-k2", "rrandom-s1-k2-odd-m5", "rrandom-s-1-k2-free-m5",
               "rrandom-s1-k2-free-m5~abc", "rrandom-s99999999999999999999-k2-free-m5",
               "rrandom-s1-k2-free-m99999999999", "rnothing-s1-k2-free-m5");
  INFO(text);
  CHECK_THROWS_AS(braid::replay(braid::find_program("foo-vs-after"), text), braid::malformed_token);
}

TEST_CASE("a token of another program is refused", "[checker]") {
  const program p = braid::find_program("foo-vs-after");
  const std::string kind = GENERATE("0~", "rrandom-s1-k2-free-m50~");
  int refused = 0;
  for (const braid::scenario& s : braid::scenarios()) {
    const std::string check = braid::check_of(s.name(), 0);
    if (check[0] == braid::check_of(p.name, 0)[0]) continue;  // 1 in 32
    CHECK_THROWS_AS(braid::replay(p, kind + check), braid::wrong_program);
    ++refused;
  }
  CHECK(refused > 10);
}

TEST_CASE("a token that cannot be followed says which step is in the way", "[checker]") {
  const auto [token, step] = GENERATE(table<std::string, std::string>({
      {"3g7", "step 3 "},      // there is no g7
      {"1g1", "step 1 "},      // not yet
      {"3t", "step 3 "},       // no timer
      {"2v1", "step 2 "},      // a go, no choice
      {"3c1", "step 3 "},      // a print, no select
      {"99g1", "step 99 "},    // it has fewer steps
      {"1g1.3g1", "step 1 "},  // the first of two
      {"3g1.4g1", "step 4 "},  // it has returned
  }));
  INFO(token);
  const replay_result r = braid::replay(braid::find_program("foo-vs-after"), token);
  CHECK(r.unfit.substr(0, step.size()) == step);
  CHECK(r.outcome.outcomes.size() == 1);  // it went on as by default
}

// Run tokens: long samples are known by their number.

program long_program() {
  return {"long", [] {
            braid::wait_group all;
            all.add(3);
            for (int i = 0; i < 3; ++i) {
              braid::go([&, i] {
                for (int k = 0; k < 20; ++k) braid::this_goroutine::yield();
                braid::print(i);
                all.done();
              });
            }
            all.wait();
            braid::print(braid::random() % 10);
          }};
}

TEST_CASE("a long sample prints as its run number, which replays", "[checker]") {
  const auto timers = GENERATE(timer_mode::ordered, timer_mode::free);
  const explore_options options{.strategy = "random", .seed = 7, .runs_max = 40, .timers = timers};
  const report r = braid::explore(long_program(), options);
  CHECK(r.outcomes.size() > 10);
  for (const reported_outcome& o : r.outcomes) {
    CHECK(o.token.substr(0, 10) == "rrandom-s7");
    check_replays(long_program(), o, {});
  }
}

TEST_CASE("dfs reports schedules, however long they are", "[checker]") {
  const report r = braid::explore(long_program(), {.strategy = "dfs", .runs_max = 1000});
  for (const reported_outcome& o : r.outcomes) {
    CHECK(o.token[0] != 'r');
    check_replays(long_program(), o, {});
  }
}

TEST_CASE("a run token gives the run that the strategy did under that number", "[checker]") {
  const program p = braid::find_program("direct-goroutine-going");
  const report r = braid::explore(p, {.strategy = "random", .seed = 3, .runs_max = 30});
  for (const reported_outcome& o : r.outcomes) {
    const std::string token = braid::text_of(
        braid::run_token{.strategy = "random", .seed = 3, .run = o.run, .steps_max = 20000});
    CHECK(braid::replay(p, token).outcome.outcomes.at(0).output == o.output);
  }
}

TEST_CASE("the k-th run of dfs is its k-th execution", "[checker]") {
  const program p = braid::find_program("foo-vs-after");
  const std::vector<std::string> outputs = {"before\nafter\n", "before\nafter\nfoo\n",
                                            "before\nfoo\nafter\n"};
  for (std::uint64_t k = 0; k < outputs.size(); ++k) {
    const std::string token =
        braid::text_of(braid::run_token{.strategy = "dfs", .run = k, .steps_max = 20000});
    CHECK(braid::replay(p, token).outcome.outcomes.at(0).output == outputs[k]);
  }
}

}  // namespace
