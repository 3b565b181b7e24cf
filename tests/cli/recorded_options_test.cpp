// What executions depend on is in results and regressions: who reads them needs no options.
//
// Oracle: explore, with the options.
#include <braid/braid.hpp>
#include <catch2/catch.hpp>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;
using nlohmann::json;

const std::string program = "dpor/trylock:2";
const std::string failed = "1,\\n";  // where a try_lock fails though the lock is free

TEST_CASE("a result says with which options its tokens are followed", "[cli]") {
  const auto options_in = [](const words& more) {
    words command = {"explore", "foo-vs-after", "--json"};
    command.insert(command.end(), more.begin(), more.end());
    return only_json(braid_says(command)).value("options", json());
  };
  CHECK(options_in({}).is_null());
  CHECK(options_in({"--no-leak", "--no-deadlock", "--no-race", "--max-steps", "50"}) ==
        json{{"no_leak", true}, {"no_deadlock", true}, {"no_race", true}, {"max_steps", 50}});
  CHECK(
      options_in({"--spurious-try-lock", "--spurious-wakeups", "--warn-foreign-unlock"}) ==
      json{{"spurious_try_lock", true}, {"spurious_wakeups", true}, {"warn_foreign_unlock", true}});
  CHECK(options_in({"--forbid", "x", "--forbid", "y ", "--allow", "@ok"}) ==
        json{{"forbid", {"x", "y\\x20"}}, {"allow", {"@ok"}}});
}

TEST_CASE("show follows the tokens of a result with its options", "[cli]") {
  const temporary_file result(
      braid_says({"explore", program, "--spurious-try-lock", "--forbid", failed, "--json"}).out);
  const child_result said = braid_says({"show", result.path()});
  CHECK(said.code == 0);
  CHECK(contains(said.err, "1 token was replayed"));
  CHECK(lines_of(said.err).size() == 1);
  const std::string command = "braid replay --spurious-try-lock --forbid '1,\\n' " + program;
  CHECK(contains(said.out, "mutex1.try_lock → false"));
  CHECK(contains(said.out, "replay   " + command));
  const std::string again = braid_says({"show", result.path(), "--as", "json"}).out;
  CHECK(json::parse(again)["options"] == json::parse(content_of(result.path()))["options"]);
}

TEST_CASE("shards keep the options of their search, and so does their sum", "[cli]") {
  const auto shard = [](const std::string& part) {
    return braid_says({"explore", program, "--spurious-try-lock", "--json", "--shard", part}).out;
  };
  const temporary_file one(shard("0/2"));
  const temporary_file two(shard("1/2"));
  const child_result sum = braid_says({"merge", one.path(), two.path(), "--json"});
  CHECK(only_json(sum)["options"] == json{{"spurious_try_lock", true}});
}

TEST_CASE("options that cannot be are 128, and named", "[cli]") {
  json result = json::parse(braid_says({"explore", "foo-vs-after", "--json"}).out);
  for (const json& options :
       {json{{"max_steps", 0}}, json{{"max_steps", -1}}, json{{"no_leak", 1}},
        json{{"no_leak", false}}, json{{"no_such", true}}, json{{"no_leak", nullptr}}}) {
    result["options"] = options;
    const temporary_file file(result.dump());
    const child_result said = braid_says({"show", file.path()});
    CAPTURE(options, said.err);
    CHECK(said.code == 128);
    CHECK(contains(said.err, "options." + options.begin().key() + " is "));
    CHECK(lines_of(said.err).size() == 1);
  }
}

TEST_CASE("a regression is followed with the options that it was found with", "[cli]") {
  const temporary_file file("");
  const words explore = {"explore", program,    "--spurious-try-lock", "--forbid", failed,
                         "--save",  file.path()};
  CHECK(braid_says(explore).code == 16);
  CHECK(contains(content_of(file.path()), "\nwith spurious-try-lock\n"));
  const child_result said = braid_says({"replay", program, "@" + file.path(), "-q"});
  CHECK(said.code == 16);
  CHECK(said.err.empty());
}

// A goroutine that waits with `if` where there should be `while`.
void waits_once(int) {
  braid::mutex lock;
  braid::cond changed;
  braid::wait_group all;
  bool is_done = false;
  all.go([&] {
    lock.lock();
    is_done = true;
    lock.unlock();
    changed.notify_all();
  });
  lock.lock();
  if (!is_done) changed.wait(lock);
  braid::print(is_done);
  lock.unlock();
  all.wait();
}

TEST_CASE("a token of what is spurious says so where it does not fit", "[cli]") {
  const auto refused = [](const std::string& of, const std::string& option,
                          const std::string& output) {
    const auto prepare = [] { add_program("waits-once", waits_once); };
    const json found = json::parse(own_braid_says({"explore", of, option, "--json"}, prepare).out);
    std::string token;
    for (const json& o : found["outcomes"]) {
      if (o["output"] == output) token = o["token"];
    }
    CAPTURE(of, token);
    CHECK(own_braid_says({"replay", of, token, option, "-q"}, prepare).code == 0);
    const child_result said = own_braid_says({"replay", of, token, "-q"}, prepare);
    CHECK(said.code == 125);
    CHECK(contains(said.err, "the token may be of a search with " + option));
    CHECK(lines_of(said.err).size() == 1);
  };
  refused(program, "--spurious-try-lock", "1,\n");
  refused("waits-once", "--spurious-wakeups", "false");
}

}  // namespace
