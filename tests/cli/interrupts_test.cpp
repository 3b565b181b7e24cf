// Ctrl-C at any time: what is known is printed and written, and what is left out is named.
//
// Oracle: the contract of exit code 130. Programs send the signal themselves, from the process that
// executes them, so nothing depends on time.
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <csignal>

#include "cli/command.hpp"
#include "support/patterns.hpp"

namespace {

using namespace braid::testing;

// Counts executions in all processes, and at one of them sends the signal to the command line.
struct shared_count {
  std::atomic<int> executions = 0;
  int signals_at = 0;  // 0: never
};
shared_count* counted = nullptr;

void make_shared_count(int signals_at) {
  void* shared = mmap(nullptr, sizeof(shared_count), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) std::abort();
  counted = new (shared) shared_count{.signals_at = signals_at};
}

void count_execution() {
  if (++counted->executions == counted->signals_at) kill(getppid(), SIGINT);
}

// Has more outcomes than it has time for.
void add_endless() {
  make_shared_count(5000);
  add_program("endless", [](int) {
    for (int i = 0; i < 20; ++i) braid::choose(100);
    braid::println("so far");
    count_execution();
  });
}

void check_junit(const std::string& path) {
  const child_result checked =
      tool_says({"python3", BRAID_SOURCE_DIR "/tests/cli/junit_rules.py", path});
  INFO(content_of(path));
  CHECK(checked.out.empty());
  CHECK(checked.code == 0);
}

TEST_CASE("programs that an interrupt leaves out are named, and skipped in JUnit", "[cli]") {
  for (const bool as_json : {false, true}) {
    const temporary_file junit("");
    words command = {"explore", "foo-vs-after", "endless", "lock-order", "wait-group",
                     "--strategy", "dfs", "--junit", junit.path()};
    if (as_json) command.emplace_back("--json");
    const child_result said = own_braid_says(command, add_endless);
    CAPTURE(said.out, said.err);
    CHECK(said.code == 130);
    CHECK(said.err == "braid: interrupted: not explored: lock-order, wait-group\n");
    if (as_json) CHECK(json_lines(said).size() == 2);
    CHECK(!contains(said.out, "lock-order"));
    check_junit(junit.path());
    const std::string xml = content_of(junit.path());
    CHECK(contains(xml, "tests=\"4\" failures=\"0\" errors=\"0\" skipped=\"3\""));
    CHECK(contains(xml, "<skipped message=\"not complete: interrupted"));
    const pattern_match left =
        first_match(xml, "name=\"lock-order\"[^>]*>\\s*<skipped message=\"not explored: ");
    CHECK(!left.empty());
  }
}

TEST_CASE("an interrupted program with a finding is a failure, not skipped", "[cli]") {
  const temporary_file junit("");
  const child_result said = own_braid_says({"explore", "fails", "--strategy", "dfs", "--no-shrink",
                                            "--junit", junit.path()},
                                           [] {
                                             make_shared_count(5000);
                                             add_program("fails", [](int) {
                                               for (int i = 0; i < 20; ++i) braid::choose(100);
                                               count_execution();
                                               braid::panic("always");
                                             });
                                           });
  CHECK(said.code == 130);
  CHECK(said.err.empty());
  check_junit(junit.path());
  CHECK(contains(content_of(junit.path()), "failures=\"1\" errors=\"0\" skipped=\"0\""));
}

}  // namespace
