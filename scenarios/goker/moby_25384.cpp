// moby 25384: waiting within the loop that starts what is waited for.
//
// The daemon initialises its plugins in goroutines, counts them beforehand, and waits for all: but
// the wait is in the loop, after the first goroutine was started. It needs the second one, which
// would be started after the wait. So the daemon's goroutine waits in every schedule, and as main
// does not, only a look at what is left over tells. With one plugin all goes well.
//
// Fixed by moving the wait behind the loop.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

namespace {

void initialise_plugins(bool is_fixed) {
  constexpr int plugins = 2;
  braid::wait_group group;
  group.add(plugins);
  for (int i = 0; i < plugins; ++i) {
    braid::go({.name = "plugin"}, [&] { group.done(); });
    if (!is_fixed) group.wait();
  }
  if (is_fixed) group.wait();
}

}  // namespace

BRAID_SCENARIO("goker/moby_25384", "a wait for two, of whom one is started after it",
               {.expected = {{"", "leak"}}, .exhaustible = false}) {
  braid::go({.name = "daemon"}, [] { initialise_plugins(false); });
}
BRAID_SCENARIO("goker/moby_25384-fixed", "a wait for two, behind the loop that starts them",
               {.expected = {""}, .exhaustible = false}) {
  braid::go({.name = "daemon"}, [] { initialise_plugins(true); });
}
