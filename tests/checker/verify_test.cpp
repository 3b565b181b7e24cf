// Exploring inside of a test: verify(), outcomes(), expect().
//
// A silent framework stands where Catch would, so that checks can fail without failing these tests.
#include <sys/ioctl.h>
#include <unistd.h>
#include <array>
#include <braid/braid.hpp>
#include <braid/run.hpp>
#include <braid/testing/expect.hpp>
#include <braid/testing/outcomes.hpp>
#include <braid/testing/verify.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <future>
#include <iterator>
#include <sstream>

#include "support/checking.hpp"
#include "support/child.hpp"

namespace {

using namespace braid::testing;
using braid::outcome_set;
using braid::verification;

// Without folders and variables of whoever runs the tests.
struct nothing_around {
  silent_framework framework;
  variable_scope regressions{"BRAID_REGRESSIONS", ""};
  variable_scope reproduce{"BRAID_REPRODUCE", std::nullopt};
  variable_scope complete{"BRAID_REQUIRE_COMPLETE", std::nullopt};
  variable_scope ci{"CI", std::nullopt};
};

void prints_in_any_order() {
  braid::go([] { braid::println("foo"); });
  braid::println("after");
}

void locks_in_opposite_orders() {
  braid::mutex a;
  braid::mutex b;
  braid::wait_group both;
  both.add(2);
  const auto transfer = [&](braid::mutex& from, braid::mutex& to) {
    from.lock();
    to.lock();
    to.unlock();
    from.unlock();
    both.done();
  };
  braid::go([&] { transfer(a, b); });
  braid::go([&] { transfer(b, a); });
  both.wait();
}

// Too many orders for any budget here.
void many_orders() {
  braid::atomic<int> n;
  braid::wait_group all;
  all.add(4);
  for (int i = 0; i < 4; ++i) {
    braid::go([&] {
      for (int k = 0; k < 6; ++k) n += 1;
      all.done();
    });
  }
  all.wait();
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("a program without a bug passes, and the search is complete", "[verify]") {
  nothing_around around;
  const verification v = braid::verify(prints_in_any_order);
  CHECK(v.ok());
  CHECK(v.facts().complete);
  CHECK(around.framework.passes == 1);
  CHECK(around.framework.failures.empty());
}

TEST_CASE("a failure is told to the framework with all that is needed to understand and repeat it",
          "[verify]") {
  nothing_around around;
  const verification v = braid::verify(locks_in_opposite_orders, {.name = "opposite locks"});
  CHECK_FALSE(v.ok());
  CHECK(v.facts().what == braid::verdict::deadlock);
  CHECK(v.facts().preemptions == 1);
  REQUIRE(around.framework.failures.size() == 1);
  const braid::test_failure& told = around.framework.failures[0];
  CHECK(told.headline.size() < 70);
  CHECK(has(told.headline, "deadlock after"));
  CHECK(has(told.text, "opposite locks"));
  CHECK(has(told.text, "mutex1"));                                        // lanes
  CHECK(has(told.text, "BRAID_REPRODUCE='" + v.facts().word + "' "));     // the command
  CHECK(has(told.text, ".replay_first = {\"" + v.facts().word + "\"}"));  // the line to commit
  CHECK(told.at.line() > 0);
  CHECK(has(told.at.file(), "verify_test.cpp"));
}

TEST_CASE("the printed token is followed alone, the printed word first", "[verify]") {
  nothing_around around;
  const auto explored = [](const braid::verify_options& more) {
    braid::verify_options options = more;
    options.name = "opposite locks";
    return braid::verify(locks_in_opposite_orders, options).facts();
  };
  const auto found = explored({});
  {
    const variable_scope token("BRAID_REPRODUCE", found.token);
    CHECK(explored({}).executions == 1);
    CHECK(explored({}).what == braid::verdict::deadlock);
  }
  {
    const variable_scope word("BRAID_REPRODUCE", found.word);
    CHECK(explored({}).executions == 1);
    CHECK(braid::verify(prints_in_any_order, {.name = "another"}).facts().executions > 1);
  }
  {
    const variable_scope stale("BRAID_REPRODUCE", "900g7");
    CHECK_THROWS_AS(explored({}), braid::malformed_token);
  }
  CHECK(explored({.replay_first = {found.token}}).executions == 1);
  CHECK_THROWS_AS(explored({.replay_first = {"no token"}}), braid::malformed_token);
  CHECK(around.framework.notes.empty());
  CHECK(explored({.replay_first = {"main.1:before:main:go:#1~0000"}}).executions > 1);
  REQUIRE(around.framework.notes.size() == 1);
  CHECK(has(around.framework.notes[0], "replay_first: "));
  const auto again = explored({.replay_first = {found.word}});
  CHECK(again.executions == 1);
  CHECK(has(again.text, "replay_first, which failed before"));
}

TEST_CASE("a budget that is used up is a pass that says so, unless completeness is required",
          "[verify]") {
  nothing_around around;
  const braid::verify_options few{.runs_max = 20};
  CHECK(braid::verify(many_orders, few).ok());
  REQUIRE(around.framework.notes.size() == 1);
  CHECK(has(around.framework.notes[0], "incomplete"));
  const variable_scope strict("BRAID_REQUIRE_COMPLETE", "1");
  CHECK_FALSE(braid::verify(many_orders, few).ok());
  CHECK(has(around.framework.failures.at(0).headline, "incomplete: "));
  CHECK(braid::verify(prints_in_any_order, few).ok());
}

TEST_CASE("the steps of all executions are a budget, too", "[verify]") {
  nothing_around around;
  const verification v = braid::verify(many_orders, {.steps_max = 1000});
  CHECK(v.ok());
  CHECK_FALSE(v.facts().complete);
  CHECK(v.facts().executions < 100);
}

TEST_CASE("outcomes are compared as a set, and the difference is printed with tokens", "[verify]") {
  nothing_around around;
  CHECK(braid::outcomes(prints_in_any_order) ==
        outcome_set{"after\n", "after\nfoo\n", "foo\nafter\n"});
  const auto found = braid::outcomes(prints_in_any_order);
  CHECK_FALSE(found == outcome_set{"after\n", "foo\n", {"foo\nafter\n", "deadlock"}});
  std::ostringstream printed;
  printed << found;
  CHECK(has(printed.str(), "missing     \"foo\\n\"\n"));
  CHECK(has(printed.str(), "missing     {\"foo\\nafter\\n\", \"deadlock\"}\n"));
  CHECK(has(printed.str(), "unexpected  \"after\\nfoo\\n\"   replay "));
  CHECK(has(printed.str(), "of 3 outcomes"));
  const std::string shown = around.framework.shown_if_failed.at(0);
  const std::string token = shown.substr(shown.rfind("BRAID_REPRODUCE=") + 16);
  const variable_scope reproduce("BRAID_REPRODUCE", token.substr(0, token.find(' ')));
  const auto again = braid::outcomes(prints_in_any_order);
  CHECK(again.found().executions == 1);
  CHECK_FALSE(again == outcome_set{"another\n"});
  CHECK(has(around.framework.shown_if_failed.at(1), "  step  main "));
  CHECK(again == outcome_set{"after\n", "after\nfoo\n", "foo\nafter\n"});
  std::ostringstream expected;
  expected << outcome_set{"a", {"b", "leak"}};
  CHECK(expected.str() == R"({"a", {"b", "leak"}})");
}

TEST_CASE("an expectation that fails in a goroutine is a finding, whoever catches what it throws",
          "[verify]") {
  nothing_around around;
  const verification v = braid::verify([] {
    braid::atomic<int> n;
    braid::wait_group other;
    other.add(1);
    braid::go([&] {
      try {
        braid::expect(n.load() == 0, "main was not first");
      } catch (...) {
      }
      other.done();
    });
    n.store(1);
    other.wait();
  });
  CHECK(v.facts().what == braid::verdict::panic);
  CHECK(has(v.text(), "expect failed: main was not first"));
  CHECK(has(v.text(), "verify_test.cpp:"));
}

TEST_CASE("an expectation that fails in production is kept for the test's own thread", "[verify]") {
  braid::failed_expectations();
  braid::run([] {
    braid::wait_group all;
    all.add(3);
    for (int i = 0; i < 3; ++i) {
      braid::go([&, i] {
        braid::expect(i == 1, "it is the second");
        all.done();
      });
    }
    all.wait();
  });
  const auto failed = braid::failed_expectations();
  REQUIRE(failed.size() == 2);
  CHECK(failed[0].text == "it is the second");
  CHECK(has(failed[0].at.file(), "verify_test.cpp"));
  CHECK(braid::failed_expectations().empty());
}

TEST_CASE("expectations that nobody asks for are printed at exit, and the process ends with 1",
          "[verify]") {
  const child_result unseen = run_in_child([] {
    braid::failed_expectations();
    braid::run([] { braid::expect(false, "nobody looks"); });
    std::exit(0);
  });
  CHECK(unseen.code == 1);
  CHECK(has(unseen.err, "expect failed: nobody looks  "));
}

TEST_CASE("two explorations at once in a process are refused", "[verify]") {
  nothing_around around;
  const auto refused_by = [](auto&& call) {
    try {
      call();
    } catch (const std::logic_error& why) {
      return std::string(why.what());
    }
    return std::string();
  };
  std::string from_goroutine;
  std::string from_thread;
  braid::verify([&] {
    from_goroutine = refused_by([] { braid::verify(prints_in_any_order); });
    from_thread = refused_by(
        [] { std::async(std::launch::async, [] { braid::verify(prints_in_any_order); }).get(); });
  });
  CHECK(has(from_goroutine, "from within a goroutine"));
  CHECK(has(from_thread, "they follow one another"));
  CHECK(braid::verify(prints_in_any_order).ok());
}

void crashes_when_second() {
  braid::atomic<int> ready;
  braid::go([&] { ready.store(1); });
  if (ready.load() == 1) std::raise(SIGSEGV);
}

TEST_CASE("a program that crashes the process leaves its name and schedule on stderr", "[verify]") {
  const child_result died = run_in_child([] {
    nothing_around around;
    std::signal(SIGSEGV, SIG_DFL);  // Catch's handler is not what is tested
    braid::verify(crashes_when_second, {.name = "fragile"});
  });
  CHECK(died.signal == SIGSEGV);
  CHECK(has(died.err, "braid: fragile crashes with signal 11 after step "));
  CHECK(has(died.err, ", while main ran; BRAID_REPRODUCE=2g1 follows it"));
}

TEST_CASE("a program that hangs is told with its schedule, and waited for", "[verify]") {
  const child_result came = run_in_child([] {
    nothing_around around;
    std::array<int, 2> told{};
    REQUIRE(pipe(told.data()) == 0);
    const int own_stderr = dup(STDERR_FILENO);
    dup2(told[1], STDERR_FILENO);
    braid::verify(
        [&] {
          braid::go([&] {
            for (int bytes = 0; bytes == 0;) ioctl(told[0], FIONREAD, &bytes);
          });
          braid::this_goroutine::yield();
        },
        {.name = "stuck", .search = {.hang_after = std::chrono::milliseconds(100)}});
    dup2(own_stderr, STDERR_FILENO);
    std::array<char, 1000> line{};
    if (read(told[0], line.data(), line.size() - 1) > 0) std::fputs(line.data(), stderr);
  });
  CHECK(came.code == 0);
  CHECK(has(came.err, "braid: stuck hangs after step "));
  CHECK(has(came.err, ", while g1 ran; BRAID_REPRODUCE="));
}

TEST_CASE("isolated, a crash is a finding with a schedule", "[verify]") {
  nothing_around around;
  const auto handler = std::signal(SIGSEGV, SIG_DFL);  // of Catch or a sanitizer
  const verification v = braid::verify(crashes_when_second, {.isolate = true});
  std::signal(SIGSEGV, handler);
  CHECK(v.facts().what == braid::verdict::crash);
  CHECK(has(v.text(), "killed by signal 11"));
  CHECK_FALSE(v.facts().token.empty());
}

TEST_CASE("a failure is kept as a regression outside of CI, and tried first from then on",
          "[verify]") {
  nothing_around around;
  const temporary_folder folder;
  const variable_scope here("BRAID_REGRESSIONS", folder.path());
  const braid::verify_options options{.name = "Opposite locks!"};
  {
    const variable_scope ci("CI", "true");
    CHECK_FALSE(braid::verify(locks_in_opposite_orders, options).ok());
    CHECK(folder.files().empty());
  }
  const verification found = braid::verify(locks_in_opposite_orders, options);
  CHECK(found.facts().kept_in == folder.path() + "/opposite-locks-1.braid");
  CHECK(has(found.text(), found.facts().kept_in));
  CHECK(folder.files() == std::vector<std::string>{found.facts().kept_in});

  const verification again = braid::verify(locks_in_opposite_orders, options);
  CHECK(again.facts().executions == 1);
  CHECK(has(again.text(), "opposite-locks-1.braid, which failed before"));
  CHECK(folder.files().size() == 1);
  CHECK(braid::verify(prints_in_any_order, options).ok());  // it is fixed
  CHECK(has(around.framework.notes.at(0), "opposite-locks-1.braid does not fit any more"));
}

TEST_CASE("a regression file that cannot be read is named, and the others are tried", "[verify]") {
  nothing_around around;
  const temporary_folder folder;
  const variable_scope here("BRAID_REGRESSIONS", folder.path());
  const braid::verify_options options{.name = "opposite locks"};
  CHECK_FALSE(braid::verify(locks_in_opposite_orders, options).ok());
  std::ofstream(folder.path() + "/bad.braid") << "braid regression 9\n";
  CHECK(braid::verify(locks_in_opposite_orders, options).facts().executions == 1);
  CHECK(has(around.framework.notes.at(0), "bad.braid: no regression can be read"));
}

TEST_CASE("without a framework a failure that nobody looks at ends the process", "[verify]") {
  const auto verify_alone = [](bool looks) {
    return run_in_child([looks] {
      const variable_scope none("BRAID_REGRESSIONS", "");
      braid::use_test_framework(nullptr);
      const verification v = braid::verify(locks_in_opposite_orders, {.name = "alone"});
      if (looks && v.ok()) std::_Exit(9);
    });
  };
  CHECK(verify_alone(true).code == 0);
  const child_result unseen = verify_alone(false);
  CHECK(unseen.code == braid::exit_code_of(braid::verdict::deadlock));
  CHECK(has(unseen.err, "deadlock"));
}

}  // namespace
