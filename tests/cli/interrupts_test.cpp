// Ctrl-C at any time: what is known is printed and written, and what is left out is named.
//
// Oracle: the contract of exit code 130. Programs send the signal themselves, from the process that
// executes them, so nothing depends on time.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <csignal>

#include "cli/command.hpp"
#include "support/patterns.hpp"

namespace {

using namespace braid::testing;
using nlohmann::json;

// Counts executions in all processes, and at one of them sends the signal to the command line.
struct shared_count {
  std::atomic<int> executions = 0;
  int signals_at = 0;  // 0: never
  int signal = SIGINT;
};
shared_count* counted = nullptr;

void make_shared_count(int signals_at, int signal = SIGINT) {
  void* shared = mmap(nullptr, sizeof(shared_count), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) std::abort();
  counted = new (shared) shared_count{.signals_at = signals_at, .signal = signal};
}

void count_execution() {
  if (++counted->executions == counted->signals_at) kill(getppid(), counted->signal);
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
    words command = {"explore",    "foo-vs-after", "endless", "lock-order", "wait-group",
                     "--strategy", "dfs",          "--junit", junit.path()};
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
  const child_result said = own_braid_says(
      {"explore", "fails", "--strategy", "dfs", "--no-shrink", "--junit", junit.path()}, [] {
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

// The reports in a page.
json reports_in(const std::string& page) {
  const std::string head = "id=\"data-reports\">";
  const std::size_t from = page.find(head) + head.size();
  const std::string data = page.substr(from, page.find("</script>", from) - from);
  REQUIRE(json::accept(data));
  return json::parse(data);
}

std::size_t with_events(const json& report) {
  const json& all = report["outcomes"];
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [](const json& o) { return o.contains("events"); }));
}

void add_numbers() {
  add_program("numbers", [](int) {
    count_execution();
    braid::println(braid::choose(50));
  });
}

// Executes what the search does and then `more`, in which the signal comes.
child_result stopped_in_page(int signal, const std::string& path) {
  const words explore = {"explore", "numbers", "wait-group", "--strategy", "dfs", "-q"};
  make_shared_count(0);
  own_braid_says({"explore", "numbers", "--strategy", "dfs", "-q"}, add_numbers);
  const int of_search = counted->executions;
  make_shared_count(of_search + 5, signal);
  words with_page = explore;
  with_page.insert(with_page.end(), {"--html", path});
  const child_result said = own_braid_says(with_page, add_numbers);
  CHECK(counted->executions >= of_search + 5);
  return said;
}

TEST_CASE("an interrupt while the page is made leaves the table, the page and 130", "[cli]") {
  const temporary_file page("");
  const child_result said = stopped_in_page(SIGTERM, page.path());
  CHECK(said.code == 130);
  CHECK(contains(said.out, "numbers  complete  50 outcomes"));
  CHECK(said.err == "braid: interrupted: not explored: wait-group\n");
  const json reports = reports_in(content_of(page.path()));
  REQUIRE(reports.size() == 1);
  CHECK(reports[0]["outcomes"].size() == 50);
  CHECK(with_events(reports[0]) > 0);
}

TEST_CASE("the table is printed before the page is made", "[cli]") {
  const temporary_file page("");
  const child_result said = stopped_in_page(SIGKILL, page.path());
  CHECK(said.signal == SIGKILL);
  CHECK(contains(said.out, "numbers  complete  50 outcomes"));
  CHECK(content_of(page.path()).empty());
}

TEST_CASE("an interrupted search of many outcomes has a page, with the steps of some", "[cli]") {
  const temporary_file page("");
  const words command = {"explore", "wide", "--strategy", "dfs", "-q", "--html", page.path()};
  const child_result said = own_braid_says(command, [] {
    make_shared_count(3000);
    add_program("wide", [](int) {
      count_execution();
      for (int i = 0; i < 10; ++i) braid::println(braid::choose(100));
    });
  });
  CHECK(said.code == 130);
  CHECK(contains(said.out, "not complete: interrupted"));
  const json report = reports_in(content_of(page.path())).at(0);
  CHECK(report["outcomes"].size() >= 2000);
  CHECK(with_events(report) <= 101);
}

TEST_CASE("a page has the steps of a hundred outcomes, the bad ones first", "[cli]") {
  const temporary_file page("");
  const words command = {"explore",     "some-bad", "--strategy", "dfs",
                         "--no-shrink", "-q",       "--html",     page.path()};
  const child_result said = own_braid_says(command, [] {
    add_program("some-bad", [](int) {
      const auto n = braid::choose(300);
      braid::println(n);
      if (n > 250) braid::panic("more than 250");
    });
  });
  CHECK(said.code == 10);
  const json report = reports_in(content_of(page.path())).at(0);
  CHECK(report["outcomes"].size() == 300);
  CHECK(with_events(report) == 100);
  for (const json& o : report["outcomes"]) {
    if (o["verdict"] == "panic") CHECK(o.contains("events"));
  }
  CHECK(contains(content_of(page.path()), "have no steps on this page: "));
}

TEST_CASE("a crash or a hang between the others costs a page no steps", "[cli]") {
  const temporary_file page("");
  const words command = {"explore", "stops",        "--strategy", "dfs",    "--no-shrink",
                         "-q",      "--hang-after", "300ms",      "--html", page.path()};
  const child_result said = own_braid_says(command, [] {
    std::signal(SIGSEGV, SIG_DFL);  // not Catch's handler
    add_program("stops", [](int) {
      const auto n = braid::choose(7);
      braid::println(n);
      if (n == 2) std::raise(SIGSEGV);
      for (volatile bool goes_on = n == 4; goes_on;) continue;
    });
  });
  CHECK(said.code == 18);
  const json report = reports_in(content_of(page.path())).at(0);
  CHECK(report["outcomes"].size() == 7);
  CHECK(with_events(report) == 7);
}

}  // namespace
