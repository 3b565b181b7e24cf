// The same shape as direct-goroutine-going, as another introduction has it: numbers and "async".
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

#include "interleavings.hpp"

using namespace std::chrono_literals;

static void print_nums(const char* name) {
  for (int i = 0; i < 3; ++i) braid::println(name, i);
}

static const std::string direct_lines = "direct 0\ndirect 1\ndirect 2\n";
static const std::vector<std::vector<std::string>> goroutine_lines = {
    {"goroutine 0\n", "goroutine 1\n", "goroutine 2\n"}, {"async\n"}};

BRAID_SCENARIO("print-nums", "numbers from a call, from a goroutine, and one line \"async\"",
               {.expected = outputs_complete(direct_lines, goroutine_lines, "done\n"),
                .expected_free = outputs_cut_short(direct_lines, goroutine_lines, "done\n")}) {
  print_nums("direct");
  braid::go(print_nums, "goroutine");
  braid::go([] { braid::println("async"); });
  braid::sleep_for(1s);
  braid::println("done");
}
