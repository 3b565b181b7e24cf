// A debugger: replay --break stops it, and scripts/braid-gdb.py shows it the goroutines.
//
// Oracle: what the replay prints of the same schedule. Where there is no gdb nothing is tested.
#include <unistd.h>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/command.hpp"
#include "trace/describe.hpp"

namespace {

using namespace braid::testing;

// gdb over a program, with commands.
child_result gdb_says(const words& commands, const words& program) {
  std::string line =
      "exec gdb -nx -batch -ex 'set pagination off' -ex 'set confirm off' "
      "-ex 'set debuginfod enabled off' -x scripts/braid-gdb.py";
  for (const std::string& c : commands) line += " -ex '" + c + "'";
  line += " --args";
  for (const std::string& word : program) line += " " + word;
  return run_in_child([&] {
    if (chdir(BRAID_SOURCE_DIR) != 0) std::abort();
    execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
    std::abort();
  });
}

bool has_gdb() {
  static const bool has = [] {
    const child_result said = gdb_says({"run"}, {BRAID_BINARY, "list"});
    return said.code == 0 && contains(said.out, "exited normally");
  }();
  if (!has) WARN("no gdb that can run a program here: not tested");
  return has;
}

std::string deadlock_of_lock_order() {
  return only_json(braid_says({"explore", "lock-order", "--json"}))["findings"][0]["token"];
}

// What stands between `NAME = (` and `).split`, without the quotes.
std::string words_of_script(const std::string& name) {
  std::ifstream in(BRAID_SOURCE_DIR "/scripts/braid-gdb.py");
  std::ostringstream content;
  content << in.rdbuf();
  std::string text = content.str();
  text.erase(0, text.find(name + " = (") + name.size() + 4);
  text.resize(text.find(").split"));
  std::string found;
  bool is_quoted = false;
  for (const char c : text) {
    if (c == '"') {
      is_quoted = !is_quoted;
    } else if (is_quoted) {
      found += c;
    }
  }
  return found;
}

TEST_CASE("the script has braid's own words for operations and waits", "[cli]") {
  std::string operations;
  for (std::size_t k = 0; k < braid::op_kind_count; ++k) {
    operations += (k == 0 ? "" : ",") + std::string(name_of(static_cast<braid::op_kind>(k)));
  }
  CHECK(words_of_script("OPERATIONS") == operations);
  std::string reasons;
  for (std::size_t r = 0; r <= static_cast<std::size_t>(braid::wait_reason::other); ++r) {
    reasons += (r == 0 ? "" : ",") + std::string(text_of(static_cast<braid::wait_reason>(r)));
  }
  CHECK(words_of_script("REASONS") == reasons);
}

TEST_CASE("without a debugger --break says how, and changes nothing", "[cli]") {
  const std::string token = deadlock_of_lock_order();
  const child_result plain = braid_says({"replay", "lock-order", token});
  const child_result said = braid_says({"replay", "lock-order", token, "--break"});
  CHECK(said.code == plain.code);
  CHECK(said.out == plain.out);
  CHECK(lines_of(said.err) ==
        words{"braid: no debugger is attached, so nothing stops: gdb --args braid replay "
              "lock-order " +
              token + " --break"});
}

TEST_CASE("--break stops in the goroutine that does the last step", "[cli][gdb]") {
  if (!has_gdb()) return;
  const std::string token = deadlock_of_lock_order();
  const child_result said =
      gdb_says({"run", "bt", "continue"}, {BRAID_BINARY, "replay", "lock-order", token, "--break"});
  INFO(said.out << said.err);
  CHECK(contains(said.out + said.err, "stops before step 5, mutex2.lock  lock_order.cpp:"));
  CHECK(contains(said.out, "SIGTRAP"));
  CHECK(contains(said.out, "in braid::mutex::lock"));
  CHECK(contains(said.out, "exited with code 013"));  // octal: 11, a deadlock
}

TEST_CASE("the goroutines of an execution are listed with their stacks", "[cli][gdb]") {
  if (!has_gdb()) return;
  const child_result said =
      gdb_says({"run", "info goroutines", "goroutine main bt", "goroutine all bt"},
               {BRAID_BINARY, "replay", "lock-order", deadlock_of_lock_order(), "--break"});
  INFO(said.out << said.err);
  CHECK(contains(said.out, "goroutine 1 main [before wait]  lock_order.cpp:"));
  CHECK(contains(said.out, "created by goroutine 1 at lock_order.cpp:"));
  CHECK(contains(said.out, "in braid::wait_group::wait"));
  CHECK(contains(said.out, "[running on thread 1]"));
  CHECK(!contains(said.err, "Error"));
}

TEST_CASE("a program for the debugger: two goroutines wait for ever", "[.debuggee]") {
  if (std::getenv("BRAID_TESTS_DEBUGGEE") == nullptr) return;  // ~[tag] picks hidden tests, too
  braid::run([] {
    auto never = braid::make_chan<int>();
    braid::go({.name = "sender"}, [never]() mutable { never.send(1); });
    braid::wait_group all;
    all.add(1);
    all.wait();
  });
}

TEST_CASE("parked goroutines of production are listed with their stacks", "[cli][gdb]") {
  if (!has_gdb()) return;
  const child_result said =
      gdb_says({"set environment BRAID_TESTS_DEBUGGEE 1", "catch syscall exit_group", "run",
                "info goroutines", "goroutine all bt", "goroutine 9999 bt"},
               {std::filesystem::read_symlink("/proc/self/exe"), "[.debuggee]"});
  INFO(said.out << said.err);
  CHECK(contains(said.out, "goroutine 1 [sync.WaitGroup.Wait]  debugger_test.cpp:"));
  CHECK(contains(said.out, " sender [chan send]  debugger_test.cpp:"));
  CHECK(contains(said.out, "created by goroutine 1 at debugger_test.cpp:"));
  CHECK(contains(said.out, "#0 "));
  CHECK(contains(said.out, "braid::goroutine::switch_to"));
  CHECK(contains(said.out, "stack_switch::enter"));
  CHECK(contains(said.err, "no goroutine is called"));
}

}  // namespace
