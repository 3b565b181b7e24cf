// --checkpoint and --resume on the command line: exit codes and messages.
#include <sys/resource.h>
#include <unistd.h>

#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <utility>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;
using nlohmann::json;

json without_seconds(json result) {
  result.erase("seconds");
  return result;
}

TEST_CASE("--resume of a finished search prints the final report", "[cli]") {
  const temporary_file file("");
  const words explore = {"explore", "lock-order", "--json"};
  words with_file = explore;
  with_file.insert(with_file.end(), {"--checkpoint", file.path()});
  words resumed = explore;
  resumed.insert(resumed.end(), {"--resume", file.path()});
  const json alone = without_seconds(only_json(braid_says(explore)));
  CHECK(without_seconds(only_json(braid_says(with_file))) == alone);
  const child_result again = braid_says(resumed);
  CHECK(again.code == 11);
  CHECK(without_seconds(only_json(again)) == alone);
}

bool* has_interrupted = nullptr;

TEST_CASE("an interrupted search is resumed from where it was", "[cli]") {
  const temporary_file file("");
  const auto prepare = [] {
    has_interrupted = shared_flag();
    add_program("interrupts", [](int) {
      const auto n = braid::choose(100) * 100 + braid::choose(100);
      braid::println(n % 7);
      if (n == 4000 && !std::exchange(*has_interrupted, true)) kill(getppid(), SIGINT);
    });
  };
  const words explore = {"explore", "interrupts", "--json", "--strategy", "dfs"};
  words first = explore;
  first.insert(first.end(), {"--checkpoint", file.path()});
  const child_result stopped = own_braid_says(first, prepare);
  CHECK(stopped.code == 130);
  CHECK(only_json(stopped)["why_incomplete"] == "interrupted");
  CHECK(only_json(stopped)["executions"] < 10'000);
  words second = explore;
  second.insert(second.end(), {"--resume", file.path(), "-j", "2"});
  const child_result resumed = own_braid_says(second, [&] {
    prepare();
    *has_interrupted = true;
  });
  CHECK(resumed.code == 0);
  CHECK(only_json(resumed)["complete"] == true);
  CHECK(only_json(resumed)["executions"] == 10'000);
}

TEST_CASE("a checkpoint that cannot be used exits 128 with one line", "[cli]") {
  const temporary_file other("no checkpoint\n");
  for (const auto& [path, why] : std::vector<std::pair<std::string, std::string>>{
           {"/no/such/file", "cannot read '/no/such/file': No such file or directory"},
           {other.path(), "'" + other.path() + "' is no checkpoint of braid"}}) {
    const child_result said = braid_says({"explore", "foo-vs-after", "--resume", path});
    CHECK(said.code == 128);
    CHECK(said.out.empty());
    CHECK(said.err == "braid: " + why + "\n");
  }
}

TEST_CASE("a full disk exits 128, after the report", "[cli]") {
  const temporary_file file("");
  const auto fill_disk = [] {
    add_program("prints", [](int) { braid::println("hello"); });
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit few_bytes{.rlim_cur = 20, .rlim_max = 20};
    setrlimit(RLIMIT_FSIZE, &few_bytes);
  };
  const child_result said =
      own_braid_says({"explore", "prints", "--checkpoint", file.path()}, fill_disk);
  CHECK(said.code == 128);
  CHECK(contains(said.out, "complete  1 class, 1 outcome"));
  CHECK(said.err == "braid: cannot write '" + file.path() + "': File too large\n");
  CHECK(access((file.path() + ".new").c_str(), F_OK) != 0);
}

TEST_CASE("a checkpoint is of one program", "[cli]") {
  const child_result said =
      braid_says({"explore", "foo-vs-after", "timeout", "--checkpoint", "/tmp/never-written"});
  CHECK(said.code == 129);
  CHECK(contains(said.err, "a checkpoint is of one program, and here are 2"));
  CHECK(braid_says({"explore", "foo-vs-after", "--checkpoint", ""}).code == 129);
}

TEST_CASE("-n counts the executions before --resume, which the report says", "[cli]") {
  const std::string strategy = GENERATE("auto", "random", "dfs");
  const temporary_file file("");
  const words explore = {"explore", "many-goroutines:6", "--strategy", strategy};
  const auto with = [&](const words& more) {
    words all = explore;
    all.insert(all.end(), more.begin(), more.end());
    return braid_says(all).out;
  };
  CHECK(contains(with({"-n", "40", "--checkpoint", file.path()}), "   40 runs   "));
  const std::string resumed = with({"-n", "100", "--resume", file.path()});
  CHECK(contains(resumed, "   100 runs, 40 of them before --resume   "));
  const std::string again = with({"-n", "100", "--resume", file.path()});
  CHECK(contains(again, "   100 runs, 100 of them before --resume   "));
}

}  // namespace
