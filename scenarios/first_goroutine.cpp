// The first goroutine of every introduction: main sleeps so that the other one gets to print.
//
// A sleep is no synchronisation. With ordered timers it looks like one; on a machine that stalls
// (--timers free) the line comes late or never.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

using namespace std::chrono_literals;

static const char* const goroutine_line = "This is my first goroutine!\n";
static const char* const main_line = "This is the main function.\n";

BRAID_SCENARIO("first-goroutine", "main sleeps for 2 s instead of waiting",
               {.expected = {std::string(goroutine_line) + main_line},
                .expected_free = {main_line, std::string(goroutine_line) + main_line,
                                  std::string(main_line) + goroutine_line}}) {
  braid::go([] { braid::print(goroutine_line); });
  braid::sleep_for(2s);
  braid::print(main_line);
}
