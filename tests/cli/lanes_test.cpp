// How the lanes fold: at most as wide as asked, whole words, loops and stretches as one row.
//
// Oracle: the rules, and the text of the same execution where nothing is folded.
#include <braid/braid.hpp>
#include <catch2/catch.hpp>

#include "cli/command.hpp"

namespace {

using namespace braid::testing;

void add_loops() {
  add_program("yields", [](int) {
    braid::println("before");
    for (int i = 0; i < 51; ++i) braid::println("again");
    braid::println("after");
  });
  add_program("polls", [](int) {
    braid::mutex lock;
    for (int i = 0; i < 20; ++i) {
      lock.lock();
      lock.unlock();
    }
  });
  add_program("ping-pong", [](int) {
    auto ping = braid::make_chan<int>();
    auto pong = braid::make_chan<int>();
    braid::go([=]() mutable {
      for (const int v : ping) pong.send(v);
    });
    for (int i = 0; i < 30; ++i) {
      ping.send(7);
      pong.recv();
    }
  });
  add_program("few", [](int) {
    for (int i = 0; i < 3; ++i) braid::println("again");
  });
  add_program("readers", [](int) {
    braid::shared_mutex lock;
    braid::wait_group all;
    for (int i = 0; i < 4; ++i) {
      all.add(1);
      braid::go([&] {
        lock.lock_shared();
        lock.unlock_shared();
        lock.lock();
        lock.unlock();
        all.done();
      });
    }
    all.wait();
  });
}

child_result replayed(const std::string& program, words options = {}) {
  words all = {"replay", program, "0"};
  all.insert(all.end(), options.begin(), options.end());
  return own_braid_says(all, add_loops);
}

TEST_CASE("a repeated event is one row with its count", "[cli]") {
  const std::string text = replayed("yields").out;
  INFO(text);
  CHECK(contains(text, "     2  print \"again\\n\"  ↻ x51 to step 52\n    53  print"));
  CHECK(contains(replayed("yields", {"--ascii"}).out, "print \"again\\n\"  loop x51 to step 52\n"));
  CHECK(!contains(replayed("yields", {"-v"}).out, "↻"));
}

TEST_CASE("a loop is its first round and a count", "[cli]") {
  const std::string text = replayed("polls").out;
  INFO(text);
  CHECK(contains(text, "     1  mutex1.lock\n     2  mutex1.unlock\n        ↻ x20 to step 40\n"));
}

TEST_CASE("a loop of several goroutines is one, too", "[cli]") {
  const std::string text = replayed("ping-pong").out;
  INFO(text);
  CHECK(contains(text, "↻ x"));
  CHECK(contains(text, " rows\n"));
  CHECK(lines_of(text).size() < 40);
}

TEST_CASE("what repeats three times only is not folded", "[cli]") {
  CHECK(!contains(replayed("few").out, "↻"));
}

TEST_CASE("no line is wider than asked, and no word is broken", "[cli]") {
  for (const char* program : {"readers", "ping-pong", "polls", "yields"}) {
    for (const std::size_t width : {100U, 80U, 60U}) {
      const child_result said = replayed(program, {"--width", std::to_string(width)});
      CAPTURE(program, width, said.out);
      for (const std::string& line : lines_of(said.out)) {
        const bool is_command = contains(line, "replay   ");  // to be pasted
        CHECK((is_command || code_points(line) <= width));
      }
      for (const char* whole : {"rwmutex1.lock", "wait_group1."}) {
        const std::string all = replayed(program).out;
        if (contains(all, whole)) CHECK(contains(said.out, whole));
      }
    }
  }
}

TEST_CASE("what others do after main has returned is set apart", "[cli][lanes]") {
  const std::string note = "the program has ended; the rest runs on unseen";
  const auto after = braid_says({"replay", "foo-vs-after", "0"});
  const std::size_t at = after.out.find(note);
  REQUIRE(at != std::string::npos);
  CHECK(after.out.find("return") < at);
  CHECK(after.out.find("foo", at) != std::string::npos);
  const auto before = braid_says({"replay", "foo-vs-after", "3g1"});
  CHECK(before.code == 0);
  CHECK(before.out.find(note) == std::string::npos);
}

}  // namespace
