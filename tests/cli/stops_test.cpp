// Executions that stop within a goroutine's own code: crashes, stack overflows, hangs.
//
// Oracle: which goroutine runs there is plain from the program, which is written so that another
// one has acted last.
#include <algorithm>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <sstream>

#include "cli/command.hpp"
#include "support/build.hpp"

namespace {

using namespace braid::testing;
using nlohmann::json;

[[noreturn]] void compute_for_ever() {
  for (volatile bool goes_on = true; goes_on;) continue;
  std::abort();
}

[[gnu::noinline]] int recurse(volatile int* depth) {
  volatile int here = *depth + 1;
  return here < 0 ? 0 : recurse(&here) + here;
}

void add_stops() {
  std::signal(SIGSEGV, SIG_DFL);  // not Catch's handler
  add_program("crashes-at-first", [](int) {
    braid::mutex m;
    m.lock();
    braid::go([] { std::raise(SIGSEGV); });
    m.unlock();
  });
  // main's send wakes it, and is the last step.
  add_program("crashes-when-woken", [](int) {
    auto c = braid::make_chan<int>();
    braid::go({.name = "receiver"}, [c]() mutable {
      c.recv();
      std::raise(SIGSEGV);
    });
    braid::this_goroutine::yield();
    c.send(1);
  });
  add_program("crashes-when-left", [](int) {
    struct bomb {
      ~bomb() { std::raise(SIGSEGV); }
    };
    auto never = braid::make_chan<int>();
    braid::go([never]() mutable {
      const bomb held;
      never.recv();
    });
    never.recv();
  });
  add_program("overflows", [](int) {
    braid::wait_group all;
    all.go([] {
      braid::var<int> depth;
      depth.write(1);
      volatile int here = 0;
      recurse(&here);
    });
    all.wait();
  });
  add_program("hangs", [](int) {
    braid::wait_group all;
    all.go([] {
      braid::var<int> v;
      v.write(1);
      compute_for_ever();
    });
    all.wait();
  });
  add_program("hangs-after-return", [](int) {
    braid::go([] {
      braid::var<int> v;
      v.write(1);
      v.write(2);
      compute_for_ever();
    });
  });
}

child_result stopped(const words& arguments) { return own_braid_says(arguments, add_stops); }

// In one line, as if no line had been folded.
std::string in_one_line(const child_result& said) {
  std::istringstream in(said.out);
  std::string text;
  for (std::string word; in >> word;) text += word + " ";
  return text;
}

TEST_CASE("a crash is told of the goroutine that ran, not of the one that acted last", "[cli]") {
  const std::string first = in_one_line(stopped({"explore", "crashes-at-first"}));
  CHECK(contains(first, "in g1 before its first operation created at stops_test.cpp:"));
  CHECK(contains(first, "g1: killed by signal 11 (Segmentation fault) after step 2"));
  const child_result woken = stopped({"explore", "crashes-when-woken", "--json", "--trace"});
  const json found = only_json(woken)["findings"][0];
  CHECK(found["goroutines"][0]["name"] == "g1");
  CHECK(found["goroutines"][0]["operation"] == "chan1.recv");
  CHECK(found.value("stopped_in", "") == "g1");
}

TEST_CASE("a crash in a goroutine that is unwound at the end is its own", "[cli]") {
  const json result = only_json(stopped({"explore", "crashes-when-left", "--json"}));
  const auto crash = std::find_if(result["findings"].begin(), result["findings"].end(),
                                  [](const json& f) { return f["verdict"] == "crash"; });
  REQUIRE(crash != result["findings"].end());
  CHECK((*crash)["goroutines"][0]["name"] == "g1");
}

TEST_CASE("a stack overflow is told as such", "[cli]") {
  if (has_asan || has_tsan) return;  // which tell of it themselves
  const child_result said = stopped({"explore", "overflows"});
  CHECK(said.code == 18);
  CHECK(contains(said.out, "\"\", crash: stack overflow "));
  CHECK(
      contains(in_one_line(said), "crash stack overflow in g1 after var1.write 1 stops_test.cpp:"));
  const json result = only_json(stopped({"explore", "overflows", "--json"}));
  CHECK(result["outcomes"][0]["signal"] == SIGSEGV);
  CHECK(result["outcomes"][0].value("errors", "") == "fatal error: stack overflow\n");
  CHECK(result["findings"][0]["summary"] == "stack overflow");
}

TEST_CASE("a hang is told with the goroutine that runs and its last operation", "[cli]") {
  const child_result said = stopped({"explore", "hangs", "--hang-after", "300ms"});
  CHECK(said.code == 0);
  CHECK(contains(said.out, "cut: hangs in g1 after var1.write 1, stops_test.cpp:"));
  CHECK(contains(said.out, "  step  main "));
  CHECK(contains(in_one_line(said),
                 "that did not come back to braid, one of them in g1 after "
                 "var1.write 1, stops_test.cpp:"));
  const json result = only_json(stopped({"explore", "hangs", "--hang-after", "300ms", "--json"}));
  const std::string where = result["outcomes"][0].value("hung", "");
  CHECK(where.starts_with("g1 after var1.write 1, stops_test.cpp:"));
}

TEST_CASE("a hang after main's return ends, too, and is named", "[cli]") {
  const child_result said = stopped({"explore", "hangs-after-return", "--hang-after", "300ms"});
  CHECK(said.signal == 0);
  CHECK(contains(in_one_line(said), "in g1 after var1.write 2, stops_test.cpp:"));
}

// The default schedule crashes at once; two others come to a good end.
TEST_CASE("what a crash hides from dpor is looked for", "[cli]") {
  const child_result said = own_braid_says({"explore", "crashes-if-first", "--json"}, [] {
    std::signal(SIGSEGV, SIG_DFL);
    add_program("crashes-if-first", [](int) {
      braid::atomic<int> turn = 0;
      braid::go([&] { turn = 1; });
      braid::this_goroutine::yield();
      if (turn == 0) std::raise(SIGSEGV);
      braid::println("well");
    });
  });
  const json outcomes = only_json(said)["outcomes"];
  CHECK(std::any_of(outcomes.begin(), outcomes.end(),
                    [](const json& o) { return o["output"] == "well\n"; }));
}

}  // namespace
