// Two goroutines take two locks in opposite order: fine in most schedules, a deadlock in some.
#include <braid/braid.hpp>
#include <braid/scenario.hpp>
#include <mutex>

BRAID_SCENARIO("lock-order", "two goroutines lock a and b in opposite order",
               {.expected = {"", {"", "deadlock"}}}) {
  braid::mutex a;
  braid::mutex b;
  braid::wait_group both;
  both.add(2);
  const auto take = [&both](braid::mutex& first, braid::mutex& second) {
    first.lock();
    second.lock();
    second.unlock();
    first.unlock();
    both.done();
  };
  braid::go([&] { take(a, b); });
  braid::go([&] { take(b, a); });
  both.wait();
}
