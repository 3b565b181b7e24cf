// braid check: whether a program is deterministic under braid.
//
// Oracle: programs that are by construction, or are not.
#include <unistd.h>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <fstream>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;
using nlohmann::json;

int executions_here = 0;

// What depends on something that is not braid's.
void add_impure_programs() {
  add_program("counts-executions", [](int) {
    braid::atomic<int> a;
    if (executions_here++ > 0) return a.store(1);
    a.load();
  });
  add_program("prints-its-process", [](int) { braid::println(getpid()); });
  add_program("branches-late", [](int) {
    braid::go([] { braid::println("g1"); });
    braid::println("main");
    if (executions_here++ > 0) braid::this_goroutine::yield();
  });
  add_program("depends-on-addresses", [](int) {
    const auto memory = std::make_unique<char[]>(24);
    static std::uintptr_t first = 0;
    const auto here = reinterpret_cast<std::uintptr_t>(memory.get());
    if (first == 0) first = here;
    if (here != first) braid::this_goroutine::yield();
  });
  add_program("crashes", [](int) { std::abort(); });
}

TEST_CASE("the scenarios are deterministic", "[cli]") {
  for (const char* program : {"foo-vs-after", "lock-order", "timeout", "goroutine-leak"}) {
    const child_result said = braid_says({"check", program, "-n", "20", "--timers", "free"});
    CAPTURE(program, said.out, said.err);
    CHECK(said.code == 0);
    CHECK(contains(said.out, "the same each time"));
  }
}

TEST_CASE("what is checked is counted", "[cli]") {
  const json said = only_json(braid_says({"check", "foo-vs-after", "-n", "30", "--json"}));
  CHECK(said["deterministic"] == true);
  CHECK(said["schedules"] > 1);
  // Each of 30 alone, and two of each that is new.
  CHECK(said["executions"] == 30 + 2 * said["schedules"].get<int>());
}

TEST_CASE("state that outlives an execution is found, with its step and place", "[cli]") {
  const child_result said = own_braid_says({"check", "counts-executions"}, add_impure_programs);
  INFO(said.out);
  CHECK(said.code == 17);
  CHECK(contains(said.out, "not deterministic under braid: the trace differs; first at step "));
  CHECK(contains(said.out, "atomic1.load → 0   check_test.cpp:"));
  CHECK(contains(said.out, "atomic1.store 1   check_test.cpp:"));
}

TEST_CASE("output that another process would not print is found", "[cli]") {
  const child_result said = own_braid_says({"check", "prints-its-process"}, add_impure_programs);
  CHECK(said.code == 17);
  CHECK(contains(said.out, "the output differs; first at step 1"));
}

TEST_CASE("an operation too many is found where it is", "[cli]") {
  const json said =
      only_json(own_braid_says({"check", "branches-late", "--json"}, add_impure_programs));
  CHECK(said["deterministic"] == false);
  CHECK(said["differs"]["after_others"]["text"] == "yield");
  CHECK(said["differs"]["token"].get<std::string>().starts_with("0~"));
}

TEST_CASE("a dependence on addresses is found", "[cli]") {
  CHECK(own_braid_says({"check", "depends-on-addresses"}, add_impure_programs).code == 17);
}

TEST_CASE("a report of what is not deterministic says how to look into it", "[cli]") {
  const child_result said = own_braid_says(
      {"explore", "prints-its-process", "--timers", "free", "--no-leak"}, add_impure_programs);
  CHECK(said.code == 17);
  CHECK(
      contains(said.out, "    check    braid check --no-leak --timers free prints-its-process\n"));
  CHECK(!contains(braid_says({"explore", "lock-order"}).out, " check "));
  CHECK(contains(braid_says({"help", "nondeterministic"}).out, "braid check PROGRAM"));
}

TEST_CASE("a program that always crashes alike is deterministic", "[cli]") {
  const child_result said = own_braid_says({"check", "crashes", "-n", "3"}, add_impure_programs);
  INFO(said.out);
  CHECK(said.code == 0);
}

TEST_CASE("check refuses what it does not know", "[cli]") {
  CHECK(braid_says({"check"}).code == 129);
  CHECK(braid_says({"check", "foo-vs-after", "0"}).code == 129);
  CHECK(braid_says({"check", "no-such-program"}).code == 125);
  CHECK(braid_says({"check", "foo-vs-after", "-n", "0"}).code == 129);
}

}  // namespace
