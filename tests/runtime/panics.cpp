// Panics, deferred calls and exits of goroutines (rules P1-P15), each in a child process, which is
// what they end.
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "support/child.hpp"
#include "support/go_programs.hpp"
#include "support/go_text.hpp"
#include "support/pools.hpp"

namespace {

using namespace std::string_literals;
using braid::frame;
using braid::with_defers;
using braid::testing::go_program;
using braid::testing::masked;
using braid::testing::run_program;
using braid::testing::text_of;

// Goroutine 1, or N, runs.
std::string running(const std::string& goroutine) {
  return "\ngoroutine " + goroutine + " [running]:\n";
}

TEST_CASE("panics that replace others are printed after them, as Go does",
          "[runtime][P1][P3][P4][P6][P8][P9][P15]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  for (const go_program& p : braid::testing::programs_that_panic) {
    INFO(p.name);
    const auto child = run_program(workers, p.main);
    CHECK(child.code == 2);
    CHECK(child.out == p.out);
    const bool in_main = p.name.find("of a goroutine") == std::string::npos;
    const std::string begin = p.err + running(in_main ? "1" : "N");
    CHECK(masked(child.err).substr(0, begin.size()) == begin);
  }
}

TEST_CASE("exit in main lets the others run, and ends in Go's words when none is left",
          "[runtime][P10][P11]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  for (const go_program& p : braid::testing::programs_that_exit) {
    INFO(p.name);
    const auto child = run_program(workers, p.main);
    CHECK(child.code == 2);
    CHECK(child.out == p.out);
    CHECK(child.err == p.err);
  }
}

TEST_CASE("if main exits and others wait for ever, that is a deadlock", "[runtime][P11][D1]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const auto child = run_program(workers, [] {
    braid::go([] { braid::select{}; });
    braid::this_goroutine::exit();
  });
  CHECK(child.code == 2);
  const std::string begin =
      "fatal error: all goroutines are asleep - deadlock!\n\n"
      "goroutine N [select (no cases)]:\n";
  CHECK(masked(child.err).substr(0, begin.size()) == begin);
}

TEST_CASE("when main has exited another goroutine can end the program", "[runtime][P11][G8]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const auto child = run_program(workers, [] {
    braid::go([] {
      for (int i = 0; i < 10; ++i) braid::this_goroutine::yield();
      braid::exit(7);
    });
    braid::this_goroutine::exit();
  });
  CHECK(child.code == 7);
  CHECK(child.err.empty());
}

TEST_CASE("exit runs destructors and deferred calls, and leaves the others alone",
          "[runtime][P7][P10]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  std::string order;
  braid::run(
      [&order] {
        braid::wait_group ended;
        ended.add(1);
        braid::go([&] {
          const braid::defer last([&] { ended.done(); });
          with_defers([&](frame& f) {
            f.defer([&] { order += '1'; });
            const braid::defer second([&] { order += '2'; });
            [&] {
              const braid::defer first([&] { order += '3'; });
              braid::this_goroutine::exit();
            }();
          });
          order += "not reached";
        });
        ended.wait();
      },
      {.workers = workers});
  CHECK(order == "321");
}

TEST_CASE("an exit that is caught and not rethrown is told as misuse", "[runtime][P10]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const auto swallow = GENERATE(values<void (*)()>({
      [] {
        try {
          braid::this_goroutine::exit();
        } catch (...) {
        }
      },
      [] {
        try {
          braid::this_goroutine::exit();
        } catch (...) {
          braid::panic("something else");
        }
      },
  }));
  const auto child = run_program(workers, swallow);
  CHECK(child.code == 2);
  const std::string begin =
      "fatal error: this_goroutine::exit() was caught and not rethrown: rethrow it in catch "
      "(...)\n" +
      running("1");
  CHECK(child.err.substr(0, begin.size()) == begin);
  CHECK(child.err.find("panics.cpp:") != std::string::npos);
}

TEST_CASE("an exit that is caught and rethrown is an exit", "[runtime][P10]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const auto child = run_program(workers, [] {
    try {
      braid::this_goroutine::exit();
    } catch (const std::exception&) {
      braid::println("it is no std::exception");
    } catch (...) {
      braid::this_goroutine::yield();
      throw;
    }
  });
  CHECK(child.out.empty());
  CHECK(child.err == braid::testing::no_goroutines);
}

// P7, P8: what a frame does without a panic, and which panics recover() stops.

TEST_CASE(
    "deferred calls run when the body has ended, the last first, with their arguments of then",
    "[runtime][P7]") {
  std::string order;
  braid::run([&order] {
    int value = 1;
    // Outside of the body, which is gone when the calls run.
    const auto append = [&](int v) { order += std::to_string(v); };
    const int result = with_defers([&](frame& f) {
      f.defer(append, value);
      value = 2;
      f.defer(append, value);
      f.defer([](std::unique_ptr<int> owned, std::string& to) { to += std::to_string(*owned); },
              std::make_unique<int>(3), std::ref(order));
      for (int i = 0; i < 2; ++i) {
        if (i == 1) f.defer([&] { f.defer(append, 5); });
      }
      order += "body,";
      return value * 10;
    });
    CHECK(result == 20);
  });
  CHECK(order == "body,5321");
}

TEST_CASE("a null function panics when it would run, and the calls before it run",
          "[runtime][P7]") {
  const auto child = run_program(2, [] {
    with_defers([](frame& f) {
      f.defer([] { braid::println("ran"); });
      f.defer(std::function<void()>());
      braid::println("body");
    });
  });
  CHECK(child.code == 2);
  CHECK(child.out == "body\nran\n");
  const std::string text =
      "panic: runtime error: invalid memory address or nil pointer dereference\n";
  CHECK(child.err.substr(0, text.size()) == text);
}

TEST_CASE("after recover the caller of with_defers goes on, with a value-initialised result",
          "[runtime][P8]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  std::vector<std::string> seen;
  int result = 1;
  int returned = 1;
  braid::run(
      [&] {
        result = with_defers([&](frame& f) {
          f.defer([&] { seen.push_back(text_of(f.recover())); });  // the panic is over
          f.defer([&] { seen.push_back(text_of(f.recover())); });
          braid::panic("first");
          return 2;
        });
        returned = with_defers([&](frame& f) {
          f.defer([&] { f.recover(); });
          f.defer([] { braid::panic("after the return"); });
          return 3;
        });
      },
      {.workers = workers});
  CHECK(seen == std::vector{"first"s, "<nil>"s});
  CHECK(result == 0);
  CHECK(returned == 3);
}

TEST_CASE("recover stops only the panic under which its own frame runs the call", "[runtime][P8]") {
  std::vector<std::string> seen;
  braid::run([&] {
    with_defers([&](frame& f) {
      seen.push_back(text_of(f.recover()));  // not in a deferred call
      f.defer([&] { seen.push_back(text_of(f.recover())); });
      f.defer([&] {
        with_defers([&](frame& inner) {
          inner.defer([&] {
            seen.push_back(text_of(inner.recover()));  // does not panic
            seen.push_back(text_of(f.recover()));      // not its own
          });
        });
      });
      braid::panic("panic1");
    });
    with_defers([&](frame& f) {
      f.defer([&] { seen.push_back(text_of(f.recover())); });
      braid::testing::panics_in_deferred_calls();
    });
  });
  CHECK(seen == std::vector{"<nil>"s, "<nil>"s, "<nil>"s, "panic1"s, "second panic"s});
}

TEST_CASE("recover works through many panics that are raised again", "[runtime][P9]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  constexpr int depth = 100;
  int recovered = 0;
  braid::run(
      [&] {
        struct nest {
          static void go_down(int& count, int to_go) {
            with_defers([&](frame& f) {
              f.defer([&] {
                const auto thrown = f.recover();
                if (thrown == nullptr) return;
                ++count;
                if (to_go < depth) std::rethrow_exception(thrown);
              });
              if (to_go == 0) braid::panic("deep");
              go_down(count, to_go - 1);
            });
          }
        };
        for (int i = 0; i < 3; ++i) nest::go_down(recovered, depth);
      },
      {.workers = workers});
  CHECK(recovered == 3 * (depth + 1));
}

TEST_CASE("deferred calls of a goroutine that is left over run, with operations inert",
          "[runtime][P7][G5]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  int ran = 0;
  braid::run(
      [&] {
        auto waits = braid::make_chan<int>();
        braid::go([&ran, waits]() mutable {
          with_defers([&](frame& f) {
            f.defer([&ran] { ++ran; });
            f.defer([] { braid::panic("nobody's"); });
            f.defer([waits]() mutable { waits.recv(); });
            waits.send(1);
            braid::select{};
          });
          ran += 10;
        });
        waits.recv();
      },
      {.workers = workers});
  CHECK(ran == 1);
}

// P2, P5, P14: what is printed of a value.

struct unknown_thing {};

TEST_CASE("a panic's value is printed as Go prints it", "[runtime][P2][P3]") {
  struct example {
    void (*thrower)();
    std::string text;
  };
  const auto [thrower, text] = GENERATE(values<example>({
      {[] { throw "characters"; }, "characters"},
      {[] { throw std::string("a\nb\n"); }, "a\n\tb\n\t"},
      {[] { throw std::runtime_error("a\nb"); }, "a\n\tb"},
      {[] { throw std::string_view("view"); }, "view"},
      {[] { throw true; }, "true"},
      {[] { throw -93; }, "-93"},
      {[] { throw 93u; }, "93"},
      {[] { throw static_cast<short>(-9); }, "-9"},
      {[] { throw 1234567890123L; }, "1234567890123"},
      {[] { throw ~0ULL; }, "18446744073709551615"},
      {[] { throw -93.7; }, "-93.7"},
      {[] { throw 0.5f; }, "0.5"},
      {[] { throw braid::error("x: y"); }, "x: y"},
      {[] { throw unknown_thing{}; }, "((anonymous namespace)::unknown_thing)"},
      {[] { throw static_cast<const char*>(nullptr); }, ""},
  }));
  const auto child = run_program(2, thrower);
  CHECK(child.code == 2);
  const std::string begin = "panic: " + text + "\n" + running("1");
  CHECK(child.err.substr(0, begin.size()) == begin);
}

TEST_CASE("errors that the runtime raises itself are runtime panics", "[runtime][P5]") {
  const auto error = GENERATE(values<void (*)()>({
      [] {
        auto c = braid::make_chan<int>(1);
        c.close();
        c.send(1);
      },
      [] {
        auto c = braid::make_chan<int>(1);
        c.close();
        c.close();
      },
      [] { braid::chan<int>().close(); },
      [] { braid::make_chan<int>(-1); },
      [] { braid::wait_group().done(); },
      [] { with_defers([](frame& f) { f.defer(std::function<void()>()); }); },
  }));
  bool caught = false;
  braid::run([&] {
    try {
      error();
    } catch (const braid::runtime_panic& e) {
      caught = !std::string(e.what()).empty();
    }
  });
  CHECK(caught);
}

[[gnu::noinline]] void throw_unknown_thing() { throw unknown_thing{}; }

class panics_when_asked : public std::exception {
 public:
  const char* what() const noexcept override { braid::panic("from what()"); }
};
class throws_when_asked : public std::exception {
 public:
  const char* what() const noexcept override {
    throw_unknown_thing();
    return "";
  }
};

TEST_CASE("a panic while a panic's value is printed is fatal, and no endless loop",
          "[runtime][P14]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const auto child = run_program(workers, [] { throw panics_when_asked(); });
  CHECK(child.code == 2);
  const std::string text = "fatal error: panic while printing panic value: from what()\n";
  CHECK(child.err.substr(0, text.size()) == text);
  const auto other = run_program(workers, [] { throw throws_when_asked(); });
  CHECK(other.code == 2);
  CHECK(other.err.find("panic value: type (anonymous namespace)::unknown_thing\n") !=
        std::string::npos);
}

TEST_CASE("deferred calls cannot help against a fatal error", "[runtime][P12]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const auto error = GENERATE(values<void (*)()>({
      [] { braid::mutex().unlock(); },
      [] { braid::go(std::function<void()>()); },
      [] { braid::go(static_cast<void (*)()>(nullptr)); },
  }));
  const auto child = run_program(workers, [error] {
    const braid::defer says([] { braid::println("unwound"); });
    with_defers([error](frame& f) {
      f.defer([&f] {
        f.recover();
        braid::println("recovered");
      });
      try {
        error();
      } catch (...) {
        braid::println("caught");
      }
    });
  });
  CHECK(child.code == 2);
  CHECK(child.out.empty());
  CHECK(child.err.rfind("fatal error: ", 0) == 0);
}

TEST_CASE("go of a null function is fatal, in the caller", "[runtime][G2]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  const auto child = run_program(workers, [] {
    void (*none)() = nullptr;
    braid::go(none);
  });
  CHECK(child.code == 2);
  const std::string begin = "fatal error: go of nil func value\n" + running("1");
  CHECK(child.err.substr(0, begin.size()) == begin);
}

TEST_CASE("what is done before go is seen by the goroutine", "[runtime][G3]") {
  const unsigned workers = GENERATE(1u, 2u, 8u);
  std::vector<int> seen(100);
  braid::run(
      [&] {
        braid::wait_group all;
        all.add(100);
        int plain = 0;
        for (int& s : seen) {
          plain = plain + 1;
          braid::wait_group one;
          one.add(1);
          braid::go([&] {
            s = plain;
            one.done();
            all.done();
          });
          one.wait();
        }
        all.wait();
      },
      {.workers = workers});
  for (std::size_t i = 0; i < seen.size(); ++i) CHECK(seen[i] == static_cast<int>(i) + 1);
}

}  // namespace
