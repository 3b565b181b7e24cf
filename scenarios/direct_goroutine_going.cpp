// "Go by Example: Goroutines": a direct call, the same function as a goroutine, an anonymous
// goroutine, and a sleep in main instead of waiting.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

#include "interleavings.hpp"

using namespace std::chrono_literals;

static void f(const char* from) {
  for (int i = 0; i < 3; ++i) braid::println(from, ":", i);
}

static const std::string direct_lines = "direct : 0\ndirect : 1\ndirect : 2\n";
static const std::vector<std::vector<std::string>> goroutine_lines = {
    {"goroutine : 0\n", "goroutine : 1\n", "goroutine : 2\n"}, {"going\n"}};

BRAID_SCENARIO("direct-goroutine-going", "a direct call, a goroutine, an anonymous one, a sleep",
               {.expected = outputs_complete(direct_lines, goroutine_lines, "done\n"),
                .expected_free = outputs_cut_short(direct_lines, goroutine_lines, "done\n")}) {
  f("direct");
  braid::go(f, "goroutine");
  braid::go([](const char* message) { braid::println(message); }, "going");
  braid::sleep_for(1s);
  braid::println("done");
}
