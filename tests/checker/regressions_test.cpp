// Regressions: schedules by names, which survive edits of the program.
//
// Oracle: the token with which they were recorded. In the same program the two must come to the
// same; in an edited one the verdict must stay.
#include <braid/braid.hpp>
#include <braid/regression.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "support/deciding_programs.hpp"
#include "support/exploring.hpp"

namespace {

using braid::program;
using braid::regression;
using braid::report;
using braid::testing::deciding_programs;

TEST_CASE("a regression does by names what its token does by steps", "[regression]") {
  const auto timers = GENERATE(braid::timer_mode::ordered, braid::timer_mode::free);
  for (const program& p : deciding_programs()) {
    const report r = braid::explore(p, {.strategy = "dfs", .runs_max = 200, .timers = timers});
    for (const braid::reported_outcome& o : r.outcomes) {
      const regression by = braid::record(p, o.token);
      INFO(p.name << " " << o.token << "\n" << text_of(by));
      const braid::followed_regression came = braid::follow(p, by);
      CHECK(came.left_out.empty());
      CHECK(came.applied == by.decisions.size());
      CHECK(came.result.outcome.outcomes.at(0).token == o.token);
    }
  }
}

TEST_CASE("a sampled run is recorded by its schedule", "[regression]") {
  const program p = braid::find_program("direct-goroutine-going");
  const report r = braid::explore(p, {.strategy = "random", .seed = 3, .runs_max = 20});
  for (const braid::reported_outcome& o : r.outcomes) {
    const braid::followed_regression came = braid::follow(p, braid::record(p, o.token));
    CHECK(came.left_out.empty());
    CHECK(came.result.outcome.outcomes.at(0).output == o.output);
  }
}

regression with_everything() {
  return {.program = "a program: with, signs",
          .what = braid::verdict::deadlock,
          .cause = "all goroutines wait",
          .input = "0123abc",
          .shown = "({1, 2})",
          .token = "4g2~q7ab",
          .seed = 77,
          .options = {.steps_max = 99, .check_races = false, .forbid = {"a\\n", ""}},
          .decisions = {"main.2 before main.1 lock main/mutex2 #1",
                        "timer main.1 before main.2 send main/chan1 #3",
                        "main.1 select #2 takes 1 of 3"}};
}

TEST_CASE("what is written to a file is read from it", "[regression]") {
  const regression r = with_everything();
  const regression again = braid::parse_regression("# a comment\n\n" + text_of(r));
  CHECK(text_of(again) == text_of(r));
  CHECK(again.what == braid::verdict::deadlock);
  CHECK(again.decisions == r.decisions);
  CHECK(again.options.steps_max == 99);
  CHECK(!again.options.check_races);
  CHECK(again.options.forbid == r.options.forbid);
  CHECK(braid::is_regression(text_of(r)));
  CHECK_FALSE(braid::is_regression("4g2~q7ab\n"));
}

TEST_CASE("a regression in one word has no blanks, and says what the file says", "[regression]") {
  const regression r = with_everything();
  const std::string word = word_of(r);
  CHECK(word.find_first_of(" \t\n'\"") == std::string::npos);
  CHECK(braid::is_regression_word(word));
  const regression again = braid::parse_word(word, r.program);
  CHECK(again.input == r.input);
  CHECK(again.seed == r.seed);
  CHECK(again.decisions == r.decisions);
  CHECK_THROWS_AS(braid::parse_word(word, "another program"), braid::wrong_program);
  const regression by_default{.program = "p"};
  CHECK(braid::parse_word(word_of(by_default), "p").decisions.empty());
}

TEST_CASE("a file that is no regression is refused with the reason", "[regression]") {
  const auto [text, reason] = GENERATE(table<std::string, std::string>({
      {"", "empty"},
      {"4g2~q7ab\n", "must begin with"},
      {"braid regression 2\nprogram p\n", "must begin with"},
      {"braid regression 1\n", "names no program"},
      {"braid regression 1\nprogram p\nverdict bad\n", "no verdict 'bad'"},
      {"braid regression 1\nprogram p\nseed x\n", "no seed"},
      {"braid regression 1\nprogram p\ncolour red\n", "means nothing"},
      {"braid regression 1\nprogram p\n\nmain.1 does it\n", "is no decision"},
      {"braid regression 1\nprogram p\n\nmain.1 select #1 takes 3 of 3\n", "is no decision"},
  }));
  INFO(text);
  try {
    braid::parse_regression(text);
    FAIL("it was taken");
  } catch (const braid::unusable_file& why) {
    CHECK_THAT(why.what(), Catch::Contains(reason));
  }
}

// Two transfers lock in opposite order. An edit adds what has nothing to do with it: prints, a
// mutex, a channel, and a goroutine that comes last.
program transfers(bool is_edited) {
  return {"transfers", [is_edited] {
            if (is_edited) braid::println("begin");
            braid::mutex a;
            braid::mutex b;
            auto log = braid::make_chan<int>(8);
            braid::wait_group both;
            both.add(2);
            const auto transfer = [&](braid::mutex& from, braid::mutex& to) {
              if (is_edited) log.send(1);
              from.lock();
              if (is_edited) log.send(2);
              to.lock();
              to.unlock();
              from.unlock();
              both.done();
            };
            braid::go([&] { transfer(a, b); });
            braid::go([&] { transfer(b, a); });
            if (is_edited) braid::go([log]() mutable { log.send(3); });
            both.wait();
          }};
}

TEST_CASE("a regression survives edits elsewhere in the program, where its token does not",
          "[regression]") {
  const report r = braid::explore(transfers(false), {.strategy = "dfs"});
  const std::string token = r.first(braid::verdict::deadlock).token;
  const regression by = braid::record(transfers(false), token);
  const braid::followed_regression came = braid::follow(transfers(true), by);
  CHECK(came.left_out.empty());
  CHECK(came.result.outcome.has(braid::verdict::deadlock));
  CHECK_FALSE(braid::replay(transfers(true), token).outcome.has(braid::verdict::deadlock));
}

TEST_CASE("what does not fit is left out and said, and the rest is followed", "[regression]") {
  const report r = braid::explore(transfers(false), {.strategy = "dfs"});
  regression by = braid::record(transfers(false), r.first(braid::verdict::deadlock).token);
  by.decisions.insert(by.decisions.begin(), "main.7 before main.1 lock main/mutex9 #1");
  const braid::followed_regression came = braid::follow(transfers(false), by);
  CHECK(came.left_out ==
        std::vector<std::string>{
            "'main.7 before main.1 lock main/mutex9 #1': it does not come to that"});
  CHECK_FALSE(came.is_lost());
  CHECK(came.result.outcome.has(braid::verdict::deadlock));
}

TEST_CASE("a regression of which nothing fits is lost", "[regression]") {
  const regression by{.program = "transfers",
                      .decisions = {"main.7 before main.8 send main/chan3 #1"}};
  CHECK(braid::follow(transfers(false), by).is_lost());
}

// A bug that was fixed: who is named is there, and does something else.
TEST_CASE("a regression whose names live on, but not what they did, is not lost", "[regression]") {
  const regression by{.program = "transfers",
                      .decisions = {"main.2 before main.1 close main/chan1 #1"}};
  const braid::followed_regression came = braid::follow(transfers(false), by);
  CHECK(came.left_out.size() == 1);
  CHECK(came.unknown == 0);
  CHECK_FALSE(came.is_lost());
}

TEST_CASE("an actor that cannot go on is named", "[regression]") {
  const regression by{.program = "transfers",
                      .decisions = {"main.9 before main.1 lock main/mutex1 #1"}};
  const braid::followed_regression came = braid::follow(transfers(false), by);
  REQUIRE(came.left_out.size() == 1);
  CHECK_THAT(came.left_out[0], Catch::EndsWith("main.9 cannot go on there"));
}

TEST_CASE("the decisions of a crash are recorded and followed in a process of their own",
          "[regression]") {
  const program p{"crashes", [] {
                    braid::atomic<int> ready;
                    braid::go([&] { ready.store(1); });
                    if (ready.load() == 1) std::abort();
                  }};
  const braid::explore_options apart{.strategy = "dfs", .isolate = true, .supervise = true};
  const report r = braid::explore(p, apart);
  const regression by = braid::record(p, r.first(braid::verdict::crash).token, apart);
  CHECK(by.decisions.size() == 1);
  CHECK(braid::follow(p, by, apart).result.outcome.has(braid::verdict::crash));
}

}  // namespace
