// Checkpoints: a search that is killed at any moment and resumed reports the same as one that was
// left alone, and a file that is not what it should be is refused.
//
// Oracle: the report of the search without a file.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <braid/braid.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "support/build.hpp"
#include "support/exploring.hpp"

namespace {

using braid::explore_options;
using braid::program;
using braid::timer_mode;

std::string text_of(const braid::report& r) {
  return braid::testing::text_of(r) + "estimate " +
         (r.estimate ? std::to_string(*r.estimate) : "none") + '\n';
}

// A folder that is removed again.
class temporary_folder {
 public:
  temporary_folder() : path_("/tmp/braid-test-XXXXXX") {
    REQUIRE(mkdtemp(path_.data()) != nullptr);
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream content;
  content << in.rdbuf();
  return content.str();
}

void write_file(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

// Changes whenever the file is replaced, which happens only when the search has come further.
std::pair<ino_t, std::int64_t> state_of(const std::string& path) {
  struct stat there {};
  if (stat(path.c_str(), &there) != 0) return {};
  return {there.st_ino, there.st_mtim.tv_nsec};
}

// Explores in a child, which kills itself when its file has changed `changes_max` times. False: it
// was killed; else its report is in `result`.
bool explore_until_killed(const program& p, explore_options options, const std::string& result,
                          int changes_max) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    alarm(60);
    auto state = state_of(options.checkpoint);
    int changes = 0;
    options.interrupted = [&] {
      const auto now = state_of(options.checkpoint);
      changes += now != std::exchange(state, now);
      return changes == changes_max && raise(SIGKILL) == 0;
    };
    write_file(result, text_of(braid::explore(p, options)));
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK((WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0));
  return !WIFSIGNALED(status);
}

struct search_case {
  std::string program;
  std::string strategy;
  std::optional<std::uint64_t> runs_max;
};

TEST_CASE("a search that is killed again and again comes to the same", "[checker][volume]") {
  const search_case c = GENERATE(values<search_case>({{"loop-variable", "dfs", {}},
                                                      {"loop-variable", "dfs", 3000},
                                                      {"loop-variable", "random", 3000},
                                                      {"dpor/fib_bench:5", "auto", 4000},
                                                      {"concurrent-processing", "dpor", 3000}}));
  const bool supervise = GENERATE(true, false);
  // A sanitizer makes forks slow.
  const int changes_max = braid::testing::has_asan ? GENERATE(3) : GENERATE(2, 3);
  const temporary_folder folder;
  const program p = braid::find_program(c.program);
  explore_options options{.strategy = c.strategy, .runs_max = c.runs_max};
  options.timers = timer_mode::free;
  options.supervise = supervise;
  options.workers = 2;
  const std::string alone = text_of(braid::explore(p, options));

  options.checkpoint = folder.file("checkpoint");
  options.checkpoint_interval = {};
  int kills = 0;
  while (!explore_until_killed(p, options, folder.file("result"), changes_max)) {
    options.resume = options.checkpoint;
    REQUIRE(++kills < 1000);
  }
  INFO(c.strategy << " killed " << kills << " times");
  CHECK(kills > 0);
  CHECK(content_of(folder.file("result")) == alone);
}

TEST_CASE("a search that is interrupted and resumed comes to the same", "[checker][volume]") {
  const bool supervise = GENERATE(true, false);
  const temporary_folder folder;
  const program p = braid::find_program("loop-variable");
  explore_options options{.strategy = "dfs", .timers = timer_mode::free, .supervise = supervise};
  const std::string alone = text_of(braid::explore(p, options));
  options.checkpoint = folder.file("checkpoint");
  int asked = 0;
  options.interrupted = [&] { return ++asked > 4; };
  const braid::report stopped = braid::explore(p, options);
  CHECK(stopped.was_interrupted);
  CHECK(stopped.executions > 0);
  options.interrupted = {};
  options.resume = options.checkpoint;
  CHECK(text_of(braid::explore(p, options)) == alone);
}

TEST_CASE("a checkpoint is not written again if nothing is new", "[checker]") {
  const bool supervise = GENERATE(true, false);
  const temporary_folder folder;
  explore_options options{.strategy = "dfs", .supervise = supervise};
  options.checkpoint = folder.file("checkpoint");
  options.checkpoint_interval = {};
  auto last_look = state_of(options.checkpoint);
  options.progress = [&](const braid::report&) { last_look = state_of(options.checkpoint); };
  CHECK(braid::explore(braid::find_program("loop-variable"), options).complete);
  CHECK(state_of(options.checkpoint) == last_look);
}

TEST_CASE("a finished search that is resumed reports the same without running", "[checker]") {
  const temporary_folder folder;
  int executions = 0;
  const program p{"counts", [&] {
                    ++executions;
                    braid::println(braid::choose(100) % 3);
                  }};
  explore_options options{.strategy = "dfs"};
  options.checkpoint = folder.file("checkpoint");
  const std::string first = text_of(braid::explore(p, options));
  options.resume = options.checkpoint;
  executions = 0;
  CHECK(text_of(braid::explore(p, options)) == first);
  CHECK(executions == 4);  // the identity, and three schedules that are followed again
}

TEST_CASE("a search that had ended with its budget goes on with a larger one", "[checker]") {
  const std::string strategy = GENERATE("dfs", "random");
  const temporary_folder folder;
  const program p = braid::find_program("loop-variable");
  explore_options options{.strategy = strategy, .runs_max = 300};
  options.checkpoint = folder.file("checkpoint");
  CHECK(braid::explore(p, options).executions == 300);
  options.resume = options.checkpoint;
  options.runs_max = 800;
  const braid::report more = braid::explore(p, options);
  CHECK(more.executions == 800);
  options.checkpoint = options.resume = "";
  if (strategy == "random") CHECK(text_of(more) == text_of(braid::explore(p, options)));
}

// Files that cannot be gone on from.

explore_options small_search(const std::string& file) {
  explore_options options{.strategy = "dfs"};
  options.checkpoint = file;
  return options;
}

std::string refusal_of(const program& p, const explore_options& options) {
  try {
    braid::explore(p, options);
  } catch (const braid::unusable_file& why) {
    return why.what();
  }
  return "";
}

TEST_CASE("a checkpoint that is cut off or changed anywhere is refused", "[checker]") {
  const temporary_folder folder;
  const program p = braid::find_program("lock-order");
  explore_options options = small_search(folder.file("checkpoint"));
  braid::explore(p, options);
  options.resume = options.checkpoint;
  const std::string whole = content_of(options.resume);
  REQUIRE(whole.size() > 300);
  CHECK(refusal_of(p, options).empty());
  for (std::size_t at = 0; at < whole.size(); at += 37) {
    INFO("at " << at);
    write_file(options.resume, whole.substr(0, at));
    CHECK(refusal_of(p, options) != "");
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    write_file(options.resume, flipped);
    CHECK(refusal_of(p, options) != "");
  }
  write_file(options.resume, whole + "x");
  CHECK(refusal_of(p, options) != "");
  write_file(options.resume, whole);
  CHECK(refusal_of(p, options).empty());
}

TEST_CASE("a checkpoint of another search is refused, and says which", "[checker]") {
  const temporary_folder folder;
  const program p = braid::find_program("lock-order");
  const explore_options made = small_search(folder.file("checkpoint"));
  braid::explore(p, made);
  const auto refusal = [&](void (*change)(explore_options&)) {
    explore_options options = made;
    options.resume = options.checkpoint;
    change(options);
    return refusal_of(p, options);
  };
  const std::string start = "'" + made.checkpoint + "' is of a search with --";
  CHECK(refusal([](auto& o) { o.strategy = "random"; }) == start + "strategy dfs, not random");
  CHECK(refusal([](auto& o) { o.seed = 2; }) == start + "seed 1, not 2");
  CHECK(refusal([](auto& o) { o.timers = timer_mode::free; }) ==
        start + "timers ordered, not free");
  CHECK(refusal([](auto& o) { o.steps_max = 7; }) == start + "max-steps 20000, not 7");
  CHECK(refusal([](auto& o) { o.check_leaks = false; }) == start + "no-leak false, not true");
  CHECK(refusal([](auto& o) { o.check_deadlocks = false; }) ==
        start + "no-deadlock false, not true");
  CHECK(refusal([](auto& o) { o.preemptions_max = 2; }) == start + "preemptions none, not 2");
  CHECK(refusal([](auto& o) { o.delays_max = 2; }) == start + "delays none, not 2");
  CHECK(refusal([](auto& o) { o.workers = 3; }).empty());
  CHECK(refusal([](auto& o) { o.runs_max = 3; }).empty());

  explore_options options = made;
  options.resume = options.checkpoint;
  CHECK(refusal_of(braid::find_program("timeout"), options) ==
        "'" + made.checkpoint + "' is of the program lock-order, not timeout");
  const program changed{"lock-order", [] { braid::println("something else"); }};
  CHECK(refusal_of(changed, options).find("of another version of the program lock-order") !=
        std::string::npos);
}

// Without an end, but for the interruption.
braid::report interrupted_search(const program& p, explore_options options, int patience) {
  int asked = 0;
  options.checkpoint_interval = {};
  options.interrupted = [&] { return ++asked > patience; };
  return braid::explore(p, options);
}

TEST_CASE("a resumed search does what is left of a smaller budget, and no more", "[checker]") {
  const search_case c = GENERATE(values<search_case>({{"loop-variable", "random", {}},
                                                      {"loop-variable", "dfs", {}},
                                                      {"loop-variable", "portfolio", {}},
                                                      {"dpor/fib_bench:6", "dpor", {}}}));
  const temporary_folder folder;
  const program p = braid::find_program(c.program);
  for (const int patience : {1, 2, 5, 12}) {
    explore_options options{.strategy = c.strategy};
    options.timers = timer_mode::free;
    options.checkpoint = folder.file("checkpoint");
    const braid::report before = interrupted_search(p, options, patience);
    REQUIRE(before.was_interrupted);
    const std::uint64_t done = before.executions + before.blocked;
    for (const std::uint64_t runs_max :
         {std::uint64_t{1}, done / 2, done, done + 1, done + 7, 2 * done}) {
      INFO(c.strategy << ' ' << patience << ": " << done << " done of " << runs_max);
      explore_options resumed = options;
      resumed.checkpoint = folder.file("resumed");
      resumed.resume = options.checkpoint;
      resumed.runs_max = runs_max;
      const braid::report r = braid::explore(p, resumed);
      CHECK(r.executions + r.blocked == std::max(done, runs_max));
      CHECK(r.resumed == done);
      CHECK_FALSE(r.complete);
      CHECK_FALSE(r.was_interrupted);
    }
  }
}

TEST_CASE("samples that were drawn are kept when there is no budget for more", "[checker]") {
  const temporary_folder folder;
  const program p = braid::find_program("dpor/fib_bench:5");
  explore_options options{.runs_max = 1000};
  options.checkpoint = folder.file("checkpoint");
  REQUIRE(braid::explore(p, options).sampled == 500);
  options.resume = options.checkpoint;
  for (const std::uint64_t runs_max : {10, 300, 800, 1200}) {
    INFO(runs_max);
    explore_options resumed = options;
    resumed.checkpoint = folder.file("resumed");
    resumed.runs_max = runs_max;
    const braid::report r = braid::explore(p, resumed);
    CHECK(r.sampled == std::max<std::uint64_t>(500, std::max<std::uint64_t>(runs_max, 500) - 500));
    CHECK_FALSE(r.complete);
  }
}

TEST_CASE("a place where no file can be is refused before the search", "[checker]") {
  const temporary_folder folder;
  int executions = 0;
  const program p{"counts", [&] { ++executions; }};
  for (const std::string& place :
       {folder.file("no/such/folder"), folder.file(""), std::string("/dev/null")}) {
    executions = 0;
    CHECK(refusal_of(p, small_search(place)).find("cannot write '" + place + "'") == 0);
    CHECK(executions == 1);  // the identity
  }
  explore_options missing{.strategy = "dfs"};
  missing.resume = folder.file("missing");
  CHECK(refusal_of(p, missing) ==
        "cannot read '" + missing.resume + "': No such file or directory");
  missing.resume = folder.file("");
  CHECK(refusal_of(p, missing).find("cannot read '") == 0);
  missing.resume = "/dev/zero";
  CHECK(refusal_of(p, missing) == "cannot read '/dev/zero': it is no regular file");
}

TEST_CASE("no file is lost to a new checkpoint", "[checker]") {
  const temporary_folder folder;
  const program p = braid::find_program("lock-order");
  const explore_options made = small_search(folder.file("checkpoint"));
  braid::explore(p, made);
  const std::string first = content_of(made.checkpoint);
  explore_options other = made;
  other.seed = 2;
  braid::explore(p, other);
  CHECK(content_of(made.checkpoint) != first);
  CHECK(content_of(made.checkpoint + ".old") == first);

  write_file(folder.file("essay"), "not to be lost");
  CHECK(refusal_of(p, small_search(folder.file("essay"))) ==
        "'" + folder.file("essay") + "' is there already, and is no checkpoint of braid");
  CHECK(content_of(folder.file("essay")) == "not to be lost");
}

}  // namespace
