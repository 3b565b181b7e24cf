// How programs end: panics (P1-P3, P13), exits (G8), fatal errors (P12), deadlock (D1). Each in a
// child process, which is what ends.
#include <pthread.h>
#include <braid/braid.hpp>
#include <catch2/catch.hpp>
#include <cstdio>
#include <stdexcept>
#include <string>

#include "support/child.hpp"
#include "support/pools.hpp"

namespace {

using braid::testing::run_in_child;
using braid::testing::run_program;

bool starts_with(const std::string& text, const std::string& head) {
  return text.compare(0, head.size(), head) == 0;
}

TEST_CASE("a panic in any goroutine ends the process with its text and code 2", "[runtime][P1]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const auto child = run_program(workers, [] {
    braid::go([] { braid::panic("it broke"); });
    braid::chan<int>().recv();
  });
  CHECK(child.code == 2);
  CHECK(starts_with(child.err, "panic: it broke\n\n"));
}

TEST_CASE("an exception that leaves main is a panic", "[runtime][P1]") {
  const auto child = run_program(2, [] { throw std::runtime_error("lost"); });
  CHECK(child.code == 2);
  CHECK(starts_with(child.err, "panic: lost\n\n"));
}

TEST_CASE("a newline in a panic's text is followed by a tab", "[runtime][P3]") {
  const auto child = run_program(1, [] { braid::panic("a\nb\nc"); });
  CHECK(child.code == 2);
  CHECK(starts_with(child.err, "panic: a\n\tb\n\tc\n\n"));
}

TEST_CASE("a panic that is caught ends nothing", "[runtime][P8]") {
  const auto child = run_program(2, [] {
    try {
      braid::panic("caught");
    } catch (const braid::panic_error&) {
    }
    braid::println("on");
  });
  CHECK(child.code == 0);
  CHECK(child.out == "on\n");
  CHECK(child.err.empty());
}

// P13. All panic at the same time, with texts too long for a pipe: exactly one is printed, and
// that one completely.
TEST_CASE("of several panics one is printed, completely", "[runtime][P13]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const auto child = run_program(workers, [] {
    auto start = braid::make_chan<int>();
    for (int i = 0; i < 8; ++i) {
      braid::go([start, i]() mutable {
        start.recv();
        braid::panic(std::string(200'000, static_cast<char>('a' + i)));
      });
    }
    braid::this_goroutine::yield();
    start.close();
    braid::chan<int>().recv();
  });
  CHECK(child.code == 2);
  REQUIRE(child.err.size() > 7);
  CHECK(starts_with(child.err, "panic: " + std::string(200'000, child.err[7]) + "\n\n"));
  CHECK(child.err.find("panic:", 1) == std::string::npos);
}

TEST_CASE("exit ends the process at once, with its code", "[runtime][G8]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const int code = GENERATE(0, 7, 255, 256, -1);
  const auto child = run_program(workers, [code] {
    struct at_end {
      ~at_end() { braid::println("unwound"); }
    } guard;
    braid::println("before");
    std::printf("buffered");
    braid::go([code] { braid::exit(code); });
    braid::chan<int>().recv();
  });
  CHECK(child.code == (code & 255));
  CHECK((child.out == "before\nbuffered"));
  CHECK(child.err.empty());
}

TEST_CASE("a fatal error ends the process with code 2", "[runtime][P12]") {
  const auto child = run_program(2, [] { braid::fatal("no way"); });
  CHECK(child.code == 2);
  CHECK(starts_with(child.err, "fatal error: no way\n"));
}

TEST_CASE("a deadlock is found and told", "[runtime][D1]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const int kind = GENERATE(0, 1, 2, 3);
  const auto child = run_program(workers, [kind] {
    auto c = braid::make_chan<int>();
    braid::mutex lock;
    for (int i = 0; i < 10; ++i) braid::go([&] { c.recv(); });
    if (kind == 0) braid::chan<int>().recv();
    if (kind == 1) braid::select{};
    if (kind == 2) {
      lock.lock();
      lock.lock();
    }
    if (kind == 3) {
      braid::sleep_for(std::chrono::milliseconds(2));  // the last timer, then nothing
      braid::wait_group never;
      never.add(1);
      never.wait();
    }
  });
  CHECK(child.code == 2);
  CHECK(starts_with(child.err, "fatal error: all goroutines are asleep - deadlock!\n"));
}

TEST_CASE("goroutines that wait are no deadlock while a timer is armed", "[runtime][D4]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const auto child = run_program(workers, [] {
    auto c = braid::make_chan<int>();
    braid::go([c]() mutable {
      braid::sleep_for(std::chrono::milliseconds(5));
      c.send(1);
    });
    c.recv();
  });
  CHECK(child.code == 0);
  CHECK(child.err.empty());
}

TEST_CASE("each println is one line of its own", "[runtime]") {
  const unsigned workers = GENERATE(1u, 2u, 4u, 8u);
  const auto child = run_program(workers, [] {
    braid::wait_group all;
    all.add(20);
    for (int i = 0; i < 20; ++i) {
      braid::go([&] {
        for (int k = 0; k < 20; ++k) braid::println("abcdefghij", 1, true);
        all.done();
      });
    }
    all.wait();
  });
  std::string expected;
  for (int i = 0; i < 400; ++i) expected += "abcdefghij 1 true\n";
  CHECK(child.out == expected);
}

TEST_CASE("an operation outside of run is refused", "[runtime][G9]") {
  const auto child = run_in_child([] { braid::make_chan<int>(1).send(1); });
  CHECK(child.code == 2);
  CHECK(starts_with(child.err, "fatal error: a braid operation outside of braid::run"));
}

TEST_CASE("a program within a program, or beside it, is a fatal error", "[runtime][P12]") {
  const bool is_within = GENERATE(true, false);
  const auto child = run_in_child([is_within] {
    braid::run([is_within] {
      const auto again = [](void*) -> void* {
        braid::run([] { braid::println("inner"); });
        return nullptr;
      };
      pthread_t thread{};
      if (is_within || pthread_create(&thread, nullptr, again, nullptr) != 0) again(nullptr);
      pthread_join(thread, nullptr);
    });
  });
  CHECK(child.code == 2);
  CHECK(child.out.empty());
  CHECK(starts_with(child.err,
                    "fatal error: braid::run, or a checker's execution, while a program runs "
                    "already\n"));
}

}  // namespace
