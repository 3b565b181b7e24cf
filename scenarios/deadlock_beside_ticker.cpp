// Two goroutines deadlock while main goes on for ever: Go's runtime sees no deadlock, for main is
// woken by its ticker again and again. So does every server that has a heartbeat.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>

using namespace std::chrono_literals;

BRAID_SCENARIO("deadlock-beside-ticker",
               "two lock orders that meet, while a ticker keeps main busy",
               {.expected = {{"", "steps"}, {"", "deadlock"}}, .exhaustible = false}) {
  braid::mutex users;
  braid::mutex orders;
  braid::named(users, "users");
  braid::named(orders, "orders");
  const auto take = [](braid::mutex& first, braid::mutex& second) {
    first.lock();
    second.lock();
    second.unlock();
    first.unlock();
  };
  braid::go({.name = "billing"}, [&] { take(users, orders); });
  braid::go({.name = "shipping"}, [&] { take(orders, users); });
  braid::ticker heartbeat(1s);
  for ([[maybe_unused]] const braid::time_point now : heartbeat.c) {
  }
}
