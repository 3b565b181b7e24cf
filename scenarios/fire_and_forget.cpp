// A goroutine that nobody waits for: it may do its work, or not.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

BRAID_SCENARIO("fire-and-forget", "work is started, and nobody waits for it",
               {.expected = {"started\n", "started\nworked\n", "worked\nstarted\n"}}) {
  braid::go([] { braid::println("worked"); });
  braid::println("started");
}
