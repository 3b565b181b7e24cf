// A goroutine that speaks, and a main that does not wait for it, or sleeps instead of waiting.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <string>

using namespace std::chrono_literals;

static void speak(const std::string& words) { braid::println(words); }

BRAID_SCENARIO("speak-no-wait", "main returns at once", {.expected = {"", "Hello World\n"}}) {
  braid::go(speak, "Hello World");
}

BRAID_SCENARIO("speak-sleep", "main sleeps for 1 s before it returns",
               {.expected = {"Hello World\n"}, .expected_free = {"", "Hello World\n"}}) {
  braid::go(speak, "Hello World");
  braid::sleep_for(1s);
}
